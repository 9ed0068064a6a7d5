"""Deleting: what goes with a row, and why a row may not go."""

from collections.abc import Iterable, Sequence

from django.contrib.admin.utils import NestedObjects
from django.db import router
from django.db.models import Model

from events.models import Event, Session

NAMED = 5  # of those that need a row; the rest are counted


def why_not(row: Model) -> str:
    """Return the sentence that says what still needs this row, or "" if it may be deleted."""
    collector = NestedObjects(using=router.db_for_write(type(row)))
    collector.collect([row])
    needing = sorted({f"“{each}”" for each in collector.protected})
    if not needing:
        return ""
    more = f" and {len(needing) - NAMED} more" if len(needing) > NAMED else ""
    what = row._meta.verbose_name
    return (
        f"“{row}” cannot be deleted, because these still need it: {', '.join(needing[:NAMED])}{more}."
        f" Give them another {what} first, or none."
    )


def with_all_below(rows: Iterable[Model]) -> Sequence[Model]:
    """Return the rows to delete with what goes with an event, children first, so that every listener is told."""
    found: list[Model] = []
    for row in rows:
        if isinstance(row, Event):
            found += [*Session.objects.filter(event=row), *row.series.all()]
        found.append(row)
    return found
