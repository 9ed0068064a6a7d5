"""schema.org Event as JSON-LD: https://schema.org/Event, for an event, its sessions, or one session. Pure.

It says what the page says and nothing more, so that search engines and readers are told the same; only who asks not to
be found is left out. How: https://developers.google.com/search/docs/appearance/structured-data/event.
"""

import json
from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe

from events.models import Event, Person, Session, Status
from events.tickets_shown import PlacesWord, TicketShown
from events.wording import british_time, markdown
from events.wording.credits import Credit

Data = dict[str, object]
ORG = "https://schema.org"
CONTEXT = {"@context": ORG}
# https://schema.org/ItemAvailability
AVAILABILITY = {
    PlacesWord.AVAILABLE: f"{ORG}/InStock",
    PlacesWord.FEW: f"{ORG}/LimitedAvailability",
    PlacesWord.FULL: f"{ORG}/SoldOut",
}
LONGEST_DESCRIPTION = 2000  # letters


def event(
    shown: Event,
    address: str,
    *,
    parts: Iterable[Data] = (),
    performers: Iterable[Data] = (),
    offers: Iterable[Data] = (),
) -> Data:
    """Return an event. `address` is absolute; `parts` are the sessions that the page shows, by `part`."""
    words = {"description": shown.summary, "performer": list(performers), "offers": list(offers)}
    return CONTEXT | _event(shown, address) | _state(shown) | _given(words | {"subEvent": list(parts)})


def session(
    shown: Session,
    address: str,
    within: Event,
    event_address: str,
    *,
    past: bool,
    performers: Iterable[Data] = (),
    offers: Iterable[Data] = (),
) -> Data:
    """Return a session of the event that it is `within`; both addresses are absolute, `past` says that it is over."""
    words = {"description": markdown.plain(shown.abstract, LONGEST_DESCRIPTION), "offers": list(offers)}
    whole = {"organizer": _organiser(within), "superEvent": _event(within, event_address)}
    return CONTEXT | part(shown, address, within, past=past, performers=performers) | whole | _given(words)


def part(shown: Session, address: str, within: Event, *, past: bool, performers: Iterable[Data] = ()) -> Data:
    """Return a session as a part of its event's data; `past` says that the event is over."""
    is_off = Status.CANCELLED in (shown.status, within.status)
    return {
        "@type": "Event",
        "name": shown.heading_after if past else shown.heading,
        "url": address,
        "startDate": british_time.iso(shown.starts, within.zone),
        "endDate": british_time.iso(shown.ends, within.zone),
        "eventStatus": _status(is_off),
    } | _given({"eventAttendanceMode": _mode(within), "location": _room(shown, within), "performer": list(performers)})


def performers_of(credits: Iterable[Credit]) -> list[Data]:
    """Return who is named in a session, each once; without people who ask not to be found, or are gone."""
    named = [each for each in credits if not each.is_gone and (each.person is None or each.person.searchable)]
    once = dict.fromkeys((each.name, each.is_person) for each in named)
    return [_named("Person" if is_person else "Organization", name) for name, is_person in once]


def performers_among(people: Iterable[Person]) -> list[Data]:
    """Return these people, without those who ask not to be found."""
    return [_named("Person", each.name) for each in people if each.searchable]


def offer(shown: TicketShown, address: str, zone: british_time.Zone) -> Data:
    """Return a ticket (https://schema.org/Offer) and the absolute address where it is to be had."""
    return {
        **_named("Offer", shown.name), "url": address,
        "price": f"{shown.pence // 100}.{shown.pence % 100:02}", "priceCurrency": "GBP",
    } | _given({
        "availability": shown.places and AVAILABILITY[shown.places],
        "validFrom": shown.opens and british_time.iso(shown.opens, zone),
        "validThrough": shown.until and british_time.iso(shown.until, zone),
    })  # fmt: skip


def places(word: PlacesWord, address: str) -> Data:
    """Return the offer of a place at a workshop: it has no price of its own, because the event's ticket pays for it."""
    return {"@type": "Offer", "url": address, "availability": AVAILABILITY[word]}


def _event(shown: Event, address: str) -> Data:
    """Return what is told of an event by whatever page."""
    return {
        "@type": "Event",
        "name": shown.title,
        "url": address,
        "startDate": british_time.iso(shown.starts, shown.zone),
        "endDate": british_time.iso(shown.ends, shown.zone),
    } | _given({"location": _place(shown)})


def _state(shown: Event) -> Data:
    told = {"eventStatus": _status(shown.status == Status.CANCELLED), "organizer": _organiser(shown)}
    return told | _given({"eventAttendanceMode": _mode(shown)})


def _status(is_off: bool) -> str:
    return f"{ORG}/EventCancelled" if is_off else f"{ORG}/EventScheduled"


def _mode(shown: Event) -> str:
    """Return that one comes to a place; nothing where none is known, for then nobody knows how it will be held."""
    return f"{ORG}/OfflineEventAttendanceMode" if shown.venue_id else ""


def _organiser(shown: Event) -> Data:
    return _named("Organization", shown.organiser)


def _place(shown: Event) -> Data:
    return _named("Place", shown.venue.name) | _address(shown) if shown.venue else {}


def _room(shown: Session, within: Event) -> Data:
    """Return the room, at the event's address unless it is one of another house."""
    if not shown.room:
        return {}
    return _named("Place", shown.room.name) | (_address(within) if shown.room.venue_id == within.venue_id else {})


def _address(shown: Event) -> Data:
    return _given({"address": ", ".join(shown.venue.address_lines)})


def _named(kind: str, name: str) -> Data:
    return {"@type": kind, "name": name}


def _given(data: Data) -> Data:
    """Return what there is of it."""
    return {name: value for name, value in data.items() if value}


def as_script(data: Data) -> SafeString:
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
