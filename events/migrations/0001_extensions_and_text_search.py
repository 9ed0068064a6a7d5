"""What PostgreSQL has to bring before the programme's tables: two of its own extensions, and how to search.

Both extensions are trusted ones: the database's owner may create them, no superuser is needed.
"""

from django.contrib.postgres.operations import BtreeGistExtension, UnaccentExtension
from django.db import migrations

# english + unaccent for texts; names keep every word, for "Will" and the Vietnamese "An" and "Do" are stop words.
CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION clinks (COPY = english);
ALTER TEXT SEARCH CONFIGURATION clinks
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION clinks_names (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION clinks_names
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;

-- All that is said of a session, its people and organisations together, is searched as one text.
CREATE AGGREGATE tsvector_together (tsvector) (SFUNC = tsvector_concat, STYPE = tsvector, INITCOND = '');
"""

WITHOUT = """
DROP AGGREGATE tsvector_together (tsvector);
DROP TEXT SEARCH CONFIGURATION clinks_names;
DROP TEXT SEARCH CONFIGURATION clinks;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATIONS, WITHOUT),
    ]
