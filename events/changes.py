"""The one way to save a change to the programme.

Admin, loader, and whatever comes later give `apply()` every row that they save or delete together. It
locks the events concerned, asks the rules and the listeners about the change as it will be, writes it,
lets PostgreSQL check it, and tells the listeners. Either all of it is saved or none, and a refusal is a
list of sentences. Other apps subscribe a listener; this app never imports them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model, ProtectedError, Q, RestrictedError

from events import former_slugs, limits, rules
from events.models import Appearance, Event, Room, Series, Session, Venue
from events.models.clash_reasons import SAY_WHY
from events.problems import Problem, Refused
from events.storing import on_disk
from events.tidying import tidy
from events.wording.credits import joined

Rows = Sequence[Model | None]


class Listener(Protocol):
    """What wants to know of changes. Both methods run inside the transaction.

    `before[i]` and `after[i]` are the same row as stored and as it will be; None where it is made
    or deleted.
    """

    def check(self, before: Rows, after: Rows) -> list[Problem]:
        """Return why the change must not be, in words; nothing is written yet."""

    def after(self, before: Rows, after: Rows) -> None:
        """Act on the change, which is written but not yet committed."""


_listeners: list[Listener] = []


def subscribe(listener: Listener) -> None:
    """Let a listener know of every change from now on. Call it in an AppConfig's `ready()`."""
    _listeners.append(listener)


def unsubscribe(listener: Listener) -> None:
    """Stop telling a listener."""
    _listeners.remove(listener)


def apply(saves: Sequence[Model] = (), deletes: Sequence[Model] = ()) -> None:
    """Save and delete these rows of the programme as one change.

    Takes instances with their new values; unsaved ones may refer to each other (a session before
    its event has a primary key), given parents first. Raises Refused, with nothing written, if the
    change breaks a rule, a listener objects, or somebody else's change came first.
    """
    with _in_words(saves, deletes), transaction.atomic():
        before, after, found = _looked_at(saves, deletes)
        if found:
            raise Refused(found)
        _write(saves, deletes, before)
        _let_postgresql_check()
        for listener in _listeners:
            listener.after(before, after)


def objections(deletes: Sequence[Model]) -> list[Problem]:
    """Return why these rows of the programme could not be deleted now, in words, and delete nothing. Raises Refused."""
    with _in_words((), deletes), transaction.atomic():
        _, _, found = _looked_at((), deletes)
        transaction.set_rollback(True)  # no lock outlives the question
    return found


def _looked_at(saves: Sequence[Model], deletes: Sequence[Model]) -> tuple[Rows, Rows, list[Problem]]:
    """Lock the events, and return the rows as stored, as they will be, and why that cannot be."""
    _lock_events(saves, deletes)
    tidy(saves)
    before = [_stored(row) for row in [*saves, *deletes]]
    after: Rows = [*saves, *(None for _ in deletes)]
    found = limits.problems(saves) or rules.problems(saves, deletes)
    found += [problem for listener in _listeners for problem in listener.check(before, after)]
    return before, after, found


def _write(saves: Sequence[Model], deletes: Sequence[Model], before: Rows) -> None:
    for row in deletes:
        _delete(row)
    for row, was in zip(saves, before, strict=False):
        if isinstance(row, Event) and isinstance(was, Event):
            _widen(row, was)
    last = [row for row in saves if isinstance(row, Event) and row.pk]
    for row in [*(row for row in saves if row not in last), *last]:
        _take_keys(row)
        row.save()
    former_slugs.remember(zip(before, saves, strict=False))


def _delete(row: Model) -> None:
    """Delete a row with what belongs to it. Raises Refused if something that stays needs it.

    Only rows of the programme are named: what other apps hold may be about attendees.
    """
    former_slugs.forget(row)
    try:
        row.delete()
    except (ProtectedError, RestrictedError) as error:
        ours = {each for each in error.args[1] if each._meta.app_label == row._meta.app_label}
        names = sorted(f"“{each}”" for each in ours) or ["something outside of the programme"]
        others = [f"{len(names) - 3} more"] if len(names) > 3 else []
        raise Refused([Problem(f"{row} is still needed by {joined(names[:3] + others)}.", row)]) from error


def _take_keys(row: Model) -> None:
    """Let a row know the keys of parents that were saved after they were assigned to it."""
    for field in row._meta.concrete_fields:
        if field.is_relation and field.is_cached(row) and (parent := getattr(row, field.name)) is not None:
            setattr(row, field.name, parent)


def _widen(event: Event, was: Event) -> None:
    """Give a stored event its old and new hours together, so that its sessions can move before it does.

    A CHECK holds each session inside its event at every moment; the event's own new hours are saved
    after its sessions.
    """
    if event.starts and was.starts:
        Event.objects.filter(pk=event.pk).update(starts=min(event.starts, was.starts), ends=max(event.ends, was.ends))


def _lock_events(saves: Sequence[Model], deletes: Sequence[Model]) -> None:
    """Lock every event concerned, in the order of their keys, so that changes to one event take turns.

    The lock lets rows that merely refer to the event come in meanwhile; only the write itself waits for them.
    """
    rows = [*saves, *deletes]
    keys = {row.pk for row in rows if isinstance(row, Event)}
    keys |= {row.event.pk for row in rows if isinstance(row, Session | Series)}
    keys |= {row.session.event.pk for row in rows if isinstance(row, Appearance)}
    keys |= _events_at([row for row in rows if isinstance(row, Venue | Room) and row.pk])
    if stored := keys - {None}:
        list(Event.objects.select_for_update(no_key=True).filter(pk__in=stored).order_by("pk").values_list("pk"))


def _events_at(places: Sequence[Model]) -> set[int]:
    """Return the keys of the events in these venues and rooms: what is said of a place revises what is there."""
    if not places:
        return set()
    venues, rooms = ([row.pk for row in places if isinstance(row, kind)] for kind in (Venue, Room))
    there = Q(venue__in=venues) | Q(sessions__room__in=rooms) | Q(sessions__room__venue__in=venues)
    return set(Event.objects.filter(there).values_list("pk", flat=True))


def _stored(row: Model) -> Model | None:
    return type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None


def _let_postgresql_check() -> None:
    """Have the deferred constraints checked here and not at the commit, where nobody could answer in words.

    The commit itself waits for the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{on_disk.WAITS}; SELECT events_check_what_is_deferred()")


@contextmanager
def _in_words(saves: Sequence[Model], deletes: Sequence[Model]) -> Iterator[None]:
    """Turn what only PostgreSQL could find (somebody else saved meanwhile) into the rules' own sentences."""
    new = [row for row in saves if row.pk is None]
    try:
        yield
    except (IntegrityError, OperationalError) as error:
        for row in new:
            row.pk = None
            row._state.adding = True
        if isinstance(error, OperationalError) and _sqlstate(error) not in ("40P01", "55P03"):
            raise
        found = [] if connection.in_atomic_block and connection.needs_rollback else rules.problems(saves, deletes)
        raise Refused(found or [Problem(_meanwhile(error))]) from error


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _meanwhile(error: Exception) -> str:
    """The sentence for a refusal by PostgreSQL that no rule explains."""
    if isinstance(error, OperationalError):
        return "Somebody else was saving at the same moment. Nothing is lost: please save again."
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return _SENTENCES.get(name, _UNEXPLAINED)


_UNEXPLAINED = "This does not fit the rest of the programme. Please check it and save again."
_SENTENCES = {
    "session_room_used_once_at_a_time": "The room has another session at that time, saved a moment ago.",
    "appearance_person_in_one_session_at_a_time": "Somebody here is in another session then, saved a moment ago.",
    "session_within_its_event": "A session has to lie within the hours of its event.",
    "session_ends_after_start": "A session has to end after it starts.",
    "session_workshop_has_a_series": "A workshop belongs to a series: choose one.",
    "session_slug_once_in_an_event": "Another session of this event has that address.",
    "session_code_once_in_a_series": "Another workshop of this series has that code.",
    "event_ends_after_start": "The event has to end after it starts.",
    "session_clash_reason_says_why": SAY_WHY,
    "appearance_clash_reason_says_why": SAY_WHY,
    "appearance_of_one_person_or_organisation": "Choose a person or an organisation: one of the two.",
}  # fmt: skip
