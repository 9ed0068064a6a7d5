"""Deleting: what goes with a row, and why a row may not go."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.models import AbstractUser
from django.db import router
from django.db.models import Model
from django.utils.text import capfirst

from events import changes
from events.models import Event, Series, Session

NAMED = 5  # of those that need a row; the rest are counted
WHAT_TO_DO = {
    Series: "Put them into another series, or delete them, before it goes.",
    None: "Give them another {} first, or none.",
}


def why_not(row: Model) -> str:
    """Return the sentence that says what of the programme still needs this row, or "" if nothing does.

    What other apps have against it they say themselves: see `reasons`. The rows of attendees are named to nobody here.
    """
    collector = _collected([row])
    needing = sorted({f"“{each}”" for each in collector.protected if each._meta.app_label == row._meta.app_label})
    if not needing:
        return ""
    more = f" and {len(needing) - NAMED} more" if len(needing) > NAMED else ""
    then = WHAT_TO_DO.get(type(row), WHAT_TO_DO[None]).format(row._meta.verbose_name)
    return f"“{row}” cannot be deleted, because these still need it: {', '.join(needing[:NAMED])}{more}. {then}"


def reasons(rows: Iterable[Model]) -> list[str]:
    """Return every sentence that says why these rows cannot be deleted together; empty if they can be."""
    rows = list(rows)
    objections = [problem.message for problem in changes.objections(with_all_below(rows))]
    return [*filter(None, map(why_not, rows)), *objections]


def with_all_below(rows: Iterable[Model]) -> Sequence[Model]:
    """Return the rows to delete with what goes with an event, children first, so that every listener is told."""
    found: list[Model] = []
    for row in rows:
        if isinstance(row, Event):
            found += [*Session.objects.filter(event=row), *row.series.all()]
        found.append(row)
    return found


def what_goes(rows: Sequence[Model], user: AbstractUser) -> tuple[list[Any], dict[str, int], set[str]]:
    """Return what is deleted with these rows as nested names, how many of what, and what this person may not delete.

    Named is what people edit, which is what has a history; what the site keeps beside it goes without a word.
    """
    collector = _collected(rows)
    nested = collector.nested(lambda row: f"{capfirst(row._meta.verbose_name)}: {row}" if _is_edited(type(row)) else "")
    known = {model._meta: rows for model, rows in collector.model_objs.items() if _is_edited(model)}
    numbers = {str(options.verbose_name_plural): len(rows) for options, rows in known.items()}
    lacking = {
        str(options.verbose_name)
        for options in known
        if not user.has_perm(f"{options.app_label}.delete_{options.model_name}")
    }
    return _named(nested), numbers, lacking


def _collected(rows: Sequence[Model]) -> NestedObjects:
    collector = NestedObjects(using=router.db_for_write(type(rows[0])) if rows else "default")
    collector.collect(rows)
    return collector


def _is_edited(model: type[Model]) -> bool:
    return hasattr(model, "history")


def _name(row: Model) -> str:
    return f"{capfirst(row._meta.verbose_name)}: {row}" if _is_edited(type(row)) else ""


def _named(nested: list[Any]) -> list[Any]:
    """Return the names without those that are empty, and without the lists that have nothing in them."""
    found = [_named(each) if isinstance(each, list) else each for each in nested]
    return [each for each in found if each]
