"""What of a row is searched, as documents that PostgreSQL makes of its own columns.

Words stand in them as they are written and as they are typed: “O’Driscoll-Achebe” is found by “odriscoll” too. The
configurations are made by migrations: `clinks` stems English, `clinks_names` keeps every word, and `clinks_whole` every
word but the stop words, so that the beginning of one can be looked for: “sustainab” begins no stem.
"""

from django.contrib.postgres.search import CombinedSearchVector, SearchVector
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import NullIf

APOSTROPHES = "'’‘ʼʻ`´"
HYPHENS = "-‐‑"


def names_document(name: str) -> CombinedSearchVector:
    """Return the document of a name, in the field of that name."""
    other = NullIf(_typed(name), F(name), output_field=TextField())
    return SearchVector(name, weight="A", config="clinks_names") + SearchVector(
        other, weight="A", config="clinks_names"
    )


def texts_document(title: str, *others: str) -> CombinedSearchVector:
    """Return the document of a title and other texts, in fields of these names."""
    stems = SearchVector(title, weight="A", config="clinks") + SearchVector(*others, weight="B", config="clinks")
    return stems + SearchVector(*(_typed(each) for each in (title, *others)), weight="D", config="clinks_whole")


def _typed(field: str) -> Func:
    """The text without apostrophes, and with spaces for hyphens."""
    signs = Value(HYPHENS + APOSTROPHES), Value(" " * len(HYPHENS))
    return Func(F(field), *signs, function="translate", output_field=TextField())
