"""How many places are left, as numbers and in words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from events.models import Event, Session, Status
from events.showing import Showing
from events.storing.asking import Question, Rows, ask
from events.tickets_shown import PlacesWord
from registrations.models import Places

FEW = 5


@dataclass(frozen=True, slots=True)
class Availability:
    """The places of a workshop, a ticket type or an event. `capacity` None is no limit."""

    capacity: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """How many places are left; None is no limit."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)

    @property
    def is_full(self) -> bool:
        """Whether nothing is left."""
        return self.left == 0

    @property
    def are_few(self) -> bool:
        """Whether there are some left, but only five or fewer, or a tenth if that is more."""
        return bool(self.left) and self.left <= max(FEW, self.capacity // 10)

    @property
    def word(self) -> PlacesWord:
        """The same as a word for programs."""
        if self.is_full:
            return PlacesWord.FULL
        return PlacesWord.FEW if self.are_few else PlacesWord.AVAILABLE

    @property
    def words(self) -> str:
        """“Places available”, “Last few places” (five or fewer, or a tenth if that is more), or “Full – …”."""
        if self.is_full:
            return "Full – join the waiting list"
        if self.are_few:
            return "Last few places"
        return "Places available"


def of_sessions(sessions: Iterable[Session]) -> dict[int, Availability]:
    """Return the availability of each of these sessions that is a workshop, by key. One query for all."""
    found = Places.objects.filter(session__in=[session.pk for session in sessions])
    return {key: Availability(capacity, taken) for key, capacity, taken in _numbers(found, "session_id")}


def of_event(event: Event) -> Availability:
    """Return the availability of the event as a whole. One query."""
    row = Places.objects.of_events().filter(event=event).first()
    return Availability(row.capacity, row.taken) if row else Availability(0, 0)


def of_ticket_types(event: Event) -> dict[int, Availability]:
    """Return the availability of each of the event's ticket types, by key. One query."""
    found = Places.objects.filter(event=event, ticket_type__isnull=False)
    return {key: Availability(capacity, taken) for key, capacity, taken in _numbers(found, "ticket_type_id")}


@dataclass(frozen=True, slots=True)
class Everything:
    """The availability of an event, and of each of its ticket types and workshops by key."""

    event: Availability
    ticket_types: dict[int, Availability]
    workshops: dict[int, Availability]


_ROWS = "SELECT ticket_type_id, session_id, capacity, taken FROM registrations_places WHERE event_id ="


def of_everything(event: Event) -> Everything:
    """Return the availability of the event and of all its ticket types and workshops. One short query."""
    return ask(Question(f"{_ROWS} %s", [event.pk], _everything))


def question(slug: str) -> Question[Everything]:
    """Return the same as a question, by the event's address, to be asked along with others and noted as `places`."""
    return Question(f"{_ROWS} (SELECT id FROM events_event WHERE slug = %s)", [slug], _everything)


def shown(showing: Showing) -> Everything:
    """Return the same of the event that a page shows, asked for once however often the page needs it."""
    if "places" not in showing.noted:
        showing.noted["places"] = of_everything(showing.event)
    return showing.noted["places"]


def _everything(rows: Rows) -> Everything:
    whole, ticket_types, workshops = Availability(0, 0), {}, {}
    for ticket_type, session, capacity, taken in rows:
        found = Availability(capacity, taken)
        if session is not None:
            workshops[session] = found
        elif ticket_type is not None:
            ticket_types[ticket_type] = found
        else:
            whole = found
    return Everything(whole, ticket_types, workshops)


def can_be_had(session: Session, now: datetime.datetime) -> bool:
    """Whether a workshop's places can be had at all: announced, published, not begun."""
    return session.is_announced and session.status == Status.PUBLISHED and session.starts > now


def is_told(event: Event, session: Session, now: datetime.datetime) -> bool:
    """Whether a public page says how many places a workshop has: it can be booked, here and now."""
    opened = event.booking_opens is None or event.booking_opens <= now
    closed = event.booking_closes is not None and event.booking_closes <= now
    bookable = event.status == Status.PUBLISHED and not event.outside_url and opened and not closed
    return bookable and can_be_had(session, now)


def _numbers(found: QuerySet[Places], key: str) -> Iterable[tuple[int, int | None, int]]:
    return found.values_list(key, "capacity", "taken")
