"""schema.org Event with its sub-events as JSON-LD: https://schema.org/Event. Pure.

It says what the page says and nothing more, so that search engines and readers are told the same.
"""

import json
from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe

from events import british_time
from events.models import Event, Session, Status

STATUS = {Status.CANCELLED: "https://schema.org/EventCancelled"}
SCHEDULED = "https://schema.org/EventScheduled"


def event(shown: Event, address: str, sessions: Iterable[tuple[Session, str]] = ()) -> dict[str, object]:
    """Return the event as schema.org knows it.

    `address` is absolute; `sessions` are those that the page shows, each with its absolute address.
    """
    data = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": shown.title,
        "url": address,
        "startDate": british_time.iso(shown.starts, shown.zone),
        "endDate": british_time.iso(shown.ends, shown.zone),
        "eventStatus": STATUS.get(shown.status, SCHEDULED),
        "organizer": {"@type": "Organization", "name": shown.organiser},
    }
    if shown.summary:
        data["description"] = shown.summary
    if shown.venue:
        data["location"] = _place(shown)
    inner = [_session(session, at, shown) for session, at in sessions]
    return data | ({"subEvent": inner} if inner else {})


def _session(session: Session, address: str, shown: Event) -> dict[str, object]:
    data = {
        "@type": "Event",
        "name": session.heading,
        "url": address,
        "startDate": british_time.iso(session.starts, shown.zone),
        "endDate": british_time.iso(session.ends, shown.zone),
        "eventStatus": STATUS.get(session.status, SCHEDULED),
    }
    if session.room:
        data["location"] = {"@type": "Place", "name": session.room.name, "address": _address(shown)}
    return data


def _place(shown: Event) -> dict[str, object]:
    return {"@type": "Place", "name": shown.venue.name, "address": _address(shown)}


def _address(shown: Event) -> str:
    return ", ".join(shown.venue.address_lines) if shown.venue else ""


def as_script(data: dict[str, object]) -> SafeString:
    """Return the data as text that may stand inside a script element: no < > & can end or open anything."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter, written in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(letter, written)
    return mark_safe(text)
