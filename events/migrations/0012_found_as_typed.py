"""Names are found without their apostrophes, words by their beginning; and a clash is lifted only by words.

The columns that are searched are made anew from the texts that are there. Code from before finds by them what it found.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import NullIf

# Whole words, not stemmed, without stop words: what a name, or the beginning of a word, is looked for by.
CONFIGURATION = """
CREATE TEXT SEARCH DICTIONARY clinks_whole (TEMPLATE = pg_catalog.simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION clinks_whole (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION clinks_whole
    ALTER MAPPING FOR asciihword, hword_asciipart, asciiword WITH clinks_whole;
ALTER TEXT SEARCH CONFIGURATION clinks_whole
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, clinks_whole;
"""
WITHOUT_CONFIGURATION = """
DROP TEXT SEARCH CONFIGURATION clinks_whole;
DROP TEXT SEARCH DICTIONARY clinks_whole;
"""

# Forms take the spaces off; what came in past them and says nothing is said to say nothing, and goes on lifting its clash.
REASONS = """
UPDATE events_session SET clash_reason = left('No reason is on record. ' || clash_reason, 200)
    WHERE clash_reason <> '' AND clash_reason !~ '[[:alpha:]]';
UPDATE events_appearance SET clash_reason = left('No reason is on record. ' || clash_reason, 200)
    WHERE clash_reason <> '' AND clash_reason !~ '[[:alpha:]]';
-- A table with triggers still to run cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


def typed(field):
    """Its text without apostrophes, and with spaces for hyphens."""
    return Func(F(field), Value("-‐‑'’‘ʼʻ`´"), Value("   "), function="translate", output_field=models.TextField())


def names(field):
    """The document of a name as it is written, and as it is typed."""
    other = NullIf(typed(field), F(field), output_field=models.TextField())
    written = SearchVector(field, weight="A", config="clinks_names")
    return written + SearchVector(other, weight="A", config="clinks_names")


def texts(title, *others):
    """The document of texts by their stems, and by their whole words."""
    return (
        SearchVector(title, weight="A", config="clinks")
        + SearchVector(*others, weight="B", config="clinks")
        + SearchVector(*(typed(each) for each in (title, *others)), weight="D", config="clinks_whole")
    )


def generated(expression):
    """A field that PostgreSQL writes."""
    return models.GeneratedField(db_persist=True, expression=expression, output_field=SearchVectorField())


def made_anew(model, expression):
    """PostgreSQL does not alter how a column is made; it makes another."""
    return [
        migrations.RemoveField(model_name=model, name="search"),
        migrations.AddField(model_name=model, name="search", field=generated(expression)),
    ]


def says_why(name):
    """The constraint that a reason is none, or words."""
    return models.CheckConstraint(
        condition=Q(clash_reason="") | Q(clash_reason__regex="[[:alpha:]]"), name=name,
        violation_error_message="Say why in words, or leave the reason empty.",
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0010_revisions_of_places")]
    operations = [
        migrations.RunSQL(CONFIGURATION, WITHOUT_CONFIGURATION),
        migrations.RemoveIndex(model_name="session", name="session_search"),
        *made_anew("session", texts("title", "label", "abstract", "content_note")),
        *made_anew("person", names("name")),
        *made_anew("organisation", names("name")),
        migrations.AddIndex(model_name="session", index=GinIndex(fields=["search"], name="session_search")),
        migrations.RunSQL(REASONS, migrations.RunSQL.noop),
        migrations.AddConstraint(model_name="session", constraint=says_why("session_clash_reason_says_why")),
        migrations.AddConstraint(model_name="appearance", constraint=says_why("appearance_clash_reason_says_why")),
    ]
