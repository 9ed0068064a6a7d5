"""What a message about the programme says, as it is when it is written: was, and is now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from events.models import Event, Kind, Session, Status
from registrations.models import Message, RegistrationStatus
from registrations.programme_changes import when_and_where
from registrations.programme_changes.when_and_where import WhenWhere

EVENT = "event"  # among the keys of sessions: the event's own hours and venue


@dataclass(frozen=True, slots=True)
class News:
    """One thing that changed: the session, None for the event as a whole, and what was and is, in words."""

    session: Session | None
    words: str


@dataclass(frozen=True, slots=True)
class Present:
    """How something is now; `session` is None for the event as a whole."""

    session: Session | None
    when: WhenWhere


def present(event: Event, keys: Collection[str]) -> dict[str, Present]:
    """Return how these are now, in the order of the day; what is gone or no longer shown is left out. One query."""
    wanted = [int(key) for key in keys if key != EVENT]
    found = {EVENT: Present(None, when_and_where.of_event(event))} if EVENT in keys else {}
    shown = Session.objects.filter(pk__in=wanted, event=event).exclude(status=Status.DRAFT) if wanted else ()
    for each in shown.select_related("series", "room__venue").in_order() if wanted else ():
        rooms = {each.room_id: each.room} if each.room else {}
        found[str(each.pk)] = Present(each, when_and_where.of_session(each, event, rooms))
    return found


def differing(was: Mapping[str, Any], now: Mapping[str, Present]) -> list[str]:
    """Return the keys of what is not as it was, in the order of the day."""
    return [key for key, each in now.items() if key in was and WhenWhere.read(was[key]) != each.when]


def of(message: Message) -> list[News]:
    """Return what is to be said to this attendee; nothing if all is as it was, or concerns them no longer.

    `message.facts` say what they have and wait for at this moment.
    """
    event, was = message.registration.event, message.facts["was"]
    if event.status != Status.PUBLISHED:
        return []
    now = present(event, was)
    return [
        News(now[key].session, when_and_where.sentence(WhenWhere.read(was[key]), now[key].when, event.zone))
        for key in differing(was, now)
        if _concerns(message, now[key].session)
    ]


def _concerns(message: Message, session: Session | None) -> bool:
    if session is not None and session.kind == Kind.WORKSHOP:
        return session.pk in {each["session"] for each in message.facts["workshops"]}
    return message.facts["status"] == RegistrationStatus.CONFIRMED
