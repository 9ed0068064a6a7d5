"""Deleting: what goes with a row, and why a row may not go."""

from collections.abc import Iterable, Sequence

from django.contrib.admin.utils import NestedObjects
from django.db import router
from django.db.models import Model
from django.utils.text import capfirst

from events.models import Appearance, Event, Organisation, Person, Room, Series, Session, Venue

_KNOWN = (Event, Series, Session, Appearance, Person, Organisation, Venue, Room)  # to staff, by these names
NAMED = 5  # of those that need a row; the rest are counted


def is_of_the_programme(row: Model) -> bool:
    """Whether a row is one that staff of the programme know. What others keep of it, they refuse to lose in words."""
    return row._meta.app_label == Event._meta.app_label


def why_not(row: Model) -> str:
    """Return the sentence that says what of the programme still needs this row, or "" if nothing does."""
    collector = NestedObjects(using=router.db_for_write(type(row)))
    collector.collect([row])
    needing = sorted({f"“{each}”" for each in collector.protected if is_of_the_programme(each)})
    if not needing:
        return ""
    more = f" and {len(needing) - NAMED} more" if len(needing) > NAMED else ""
    what = row._meta.verbose_name
    instead = "." if isinstance(row, Series) else ", or none."  # a workshop cannot be without one
    return (
        f"“{row}” cannot be deleted, because these still need it: {', '.join(needing[:NAMED])}{more}."
        f" Give them another {what} first{instead}"
    )


def shown(to_delete: list, counts: dict, perms_needed: set, protected: list) -> tuple[list, dict, set, list]:
    """Return what Django found to go with some rows, less what the site keeps beside them: nobody edits or knows that.

    Takes and returns what `ModelAdmin.get_deleted_objects` does. Of what others keep, a refusal was said before.
    """
    one = {str(each._meta.verbose_name) for each in _KNOWN}
    several = {str(each._meta.verbose_name_plural) for each in _KNOWN}
    return (
        _only(to_delete, {capfirst(word) for word in one}),
        {name: number for name, number in counts.items() if str(name) in several},
        {name for name in perms_needed if str(name) in one},
        protected,
    )


def _only(lines: list, words: set[str]) -> list:
    """Keep the lines that begin with one of these words, and what is below them."""
    found: list = []
    keeps = True
    for line in lines:
        if isinstance(line, list):
            if keeps and (below := _only(line, words)):
                found.append(below)
            continue
        keeps = str(line).partition(":")[0] in words
        if keeps:
            found.append(line)
    return found


def with_all_below(rows: Iterable[Model]) -> Sequence[Model]:
    """Return the rows to delete with what goes with an event, children first, so that every listener is told."""
    found: list[Model] = []
    for row in rows:
        if isinstance(row, Event):
            found += [*Session.objects.filter(event=row), *row.series.all()]
        found.append(row)
    return found
