"""Who is told that a time or a room has changed, or that a session will not take place: one message for several edits.

The first edit queues a message that waits; a further one adds what was to it, as long as nobody has begun to send it.
What it says is put together when it is written: `news`.
"""

import datetime
from collections import defaultdict
from typing import Any

from django.db.models import Q

from events.models import Event, Kind, Room, Session, Status
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import (
    Message,
    MessageKind,
    MessageState,
    Registration,
    RegistrationStatus,
    WorkshopChoice,
)  # fmt: skip
from registrations.programme_changes import news, when_and_where
from registrations.programme_changes.change import Change
from registrations.programme_changes.news import EVENT

Was = dict[str, dict[str, Any]]  # by the key of a session as text, as JSON has it, or EVENT

WAIT, SHORT_WAIT = datetime.timedelta(hours=1), datetime.timedelta(minutes=10)
SOON = datetime.timedelta(days=2)
AT_ONCE = 500  # messages in one statement
_STILL_TO_TELL = Q(state=MessageState.QUEUED, attempts=0) | Q(state=MessageState.TO_RING)


def events_with_news(change: Change) -> set[int]:
    """Return the keys of the events of which somebody may have to be told. Asks the database nothing."""
    of_events = {row.pk for was, row in change.events if was and row and _moved_event(was, row)}
    return of_events | {row.event_id for was, row in change.sessions if was and row and _moved(was, row)}


def follow(change: Change, event: Event, now: datetime.datetime) -> None:
    """Tell those concerned what changed of this event. Call it under the lock; so many queries for one as for all.

    Of drafts, and of what is over, nobody is told.
    """
    found = concerned(change, event, now)
    told = _add(event, found, now) if found else set()
    letters = [
        Letter(MessageKind.PROGRAMME_CHANGED, each, _facts(was), wait=wait(change, event, now))
        for each, was in found
        if each.pk not in told
    ]
    outbox.queue(letters, now)


def concerned(change: Change, event: Event, now: datetime.datetime) -> list[tuple[Registration, Was]]:
    """Return who is to be told of what this change moves in an event, with what was; also before it is written."""
    before = _before(change, event)
    if (before.status, event.status) != (Status.PUBLISHED, Status.PUBLISHED) or event.is_past(now):
        return []
    return _concerned(event, *_what_was(change, before, event))


def moved(change: Change, event: Event) -> list[Event | Session]:
    """Return what this change moves in an event, as it was."""
    events = [was for was, row in change.events if was and row and row.pk == event.pk and _moved_event(was, row)]
    sessions = ((was, row) for was, row in change.sessions if was and row and row.event_id == event.pk)
    return [*events, *(was for was, row in sessions if _moved(was, row))]


def wait(change: Change, event: Event, now: datetime.datetime) -> datetime.timedelta:
    """Return for how long further edits are waited for before anybody is told."""
    return SHORT_WAIT if min(_before(change, event).starts, event.starts) - now <= SOON else WAIT


def _before(change: Change, event: Event) -> Event:
    return next((was for was, row in change.events if was and row and row.pk == event.pk), event)


def _moved(was: Session, row: Session) -> bool:
    """Whether attendees see another time or room; a workshop that is cancelled is told by a message of its own."""
    states = {was.status, row.status}
    if Status.DRAFT in states or states == {Status.CANCELLED} or was.event_id != row.event_id:
        return False
    if row.kind == Kind.WORKSHOP and Status.CANCELLED in states:
        return False
    return any(getattr(was, name) != getattr(row, name) for name in ("starts", "ends", "room_id", "status"))


def _moved_event(was: Event, row: Event) -> bool:
    has_dates = was.starts and row.starts  # a listing need not
    return bool(has_dates) and any(getattr(was, name) != getattr(row, name) for name in ("starts", "ends", "venue_id"))


def _what_was(change: Change, before: Event, event: Event) -> tuple[Was, Was]:
    """Return what was of the sessions for everybody and of the event itself, and of workshops."""
    moved = [
        (was, row) for was, row in change.sessions if was and row and row.event_id == event.pk and _moved(was, row)
    ]  # fmt: skip
    rooms = Room.objects.select_related("venue").in_bulk({was.room_id for was, _ in moved} - {None})
    everybody, workshops = {}, {}
    for was, row in moved:
        kept = workshops if row.kind == Kind.WORKSHOP else everybody
        kept[str(row.pk)] = when_and_where.of_session(was, before, rooms).stored()
    if _moved_event(before, event):
        everybody[EVENT] = when_and_where.of_event(before).stored()
    return everybody, workshops


def _concerned(event: Event, everybody: Was, workshops: Was) -> list[tuple[Registration, Was]]:
    """Return who is to be told, each with what was: who has a place of all, who has or awaits a workshop also of it.

    Whoever waits for a place at the event is told of the event itself: they may be given one on the new day.
    """
    of_event = {EVENT: everybody[EVENT]} if EVENT in everybody else {}
    claimed: dict[int, Was] = defaultdict(dict)
    claims = WorkshopChoice.objects.live().filter(session__in=[int(key) for key in workshops])
    for registration, session in claims.values_list("registration", "session") if workshops else ():
        claimed[registration][str(session)] = workshops[str(session)]
    whom = Q(pk__in=claimed)
    if everybody:
        whom |= Q(status=RegistrationStatus.CONFIRMED)
    if of_event:
        whom |= Q(status=RegistrationStatus.WAITING)
    found = Registration.objects.live().filter(whom, event=event) if everybody or claimed else ()
    return [(each, (everybody if each.is_confirmed else of_event) | claimed.get(each.pk, {})) for each in found]


def _add(event: Event, concerned: list[tuple[Registration, Was]], now: datetime.datetime) -> set[int]:
    """Add to the messages that still wait; one that has nothing to say any more goes. Return whose there were."""
    by_key = {registration.pk: (registration, was) for registration, was in concerned}
    waiting = [
        each
        for each in Message.objects.select_for_update()
        .filter(_STILL_TO_TELL, kind=MessageKind.PROGRAMME_CHANGED, registration__in=by_key)
        .order_by("pk")
        if each.recipient == by_key[each.registration_id][0].email
    ]
    for each in waiting:
        # What was before the first edit stays.
        each.facts |= _facts(by_key[each.registration_id][1] | each.facts["was"])
        each.created_at = now
    Message.objects.bulk_update(waiting, ["facts", "created_at"], batch_size=AT_ONCE)
    present = news.present(event, {key for each in waiting for key in each.facts["was"]})
    needless = [each.pk for each in waiting if not news.differing(each.facts["was"], present)]
    Message.objects.filter(pk__in=needless).delete()
    return {each.registration_id for each in waiting}


def _facts(was: Was) -> dict[str, Any]:
    return {"was": was, "changed": sorted(int(key) for key in was if key != EVENT)}
