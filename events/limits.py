"""How long a text and how far away a date may be, whoever writes it.

Forms check their own fields; this holds for every path. Beyond it PostgreSQL could not index a text for the
search, and Python could not read a date back, which would break every page that lists the event.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import CharField, DateField, Field, Model, TextField

from events.problems import Problem

LONGEST_TEXT = 20_000  # characters: some ten printed pages
YEARS = range(1900, 2201)


def problems(rows: Sequence[Model]) -> list[Problem]:
    """Return what in these rows is too long or too far away; empty if nothing is."""
    return [problem for row in rows for field in _own_fields(row) for problem in _faults(row, field)]


def _own_fields(row: Model) -> Iterable[Field]:
    return (field for field in row._meta.concrete_fields if field.editable)


def _faults(row: Model, field: Field) -> Iterator[Problem]:
    value = getattr(row, field.attname)
    name = f"{field.verbose_name[:1].upper()}{field.verbose_name[1:]}"
    if value and isinstance(field, CharField | TextField):
        longest = field.max_length or LONGEST_TEXT
        if len(value) > longest:
            yield Problem(f"{name}: at most {longest:,} characters, and this has {len(value):,}.", row, field.name)
    if value and isinstance(field, DateField) and value.year not in YEARS:
        yield Problem(f"{name}: the year has to be between {YEARS[0]} and {YEARS[-1]}.", row, field.name)
