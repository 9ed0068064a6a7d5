"""Small builders of bookings, all through the public functions. The event is that of `tests.builders`, on DAY."""

import datetime
import itertools
import uuid
from types import SimpleNamespace

from events import changes
from events.models import Event, Kind, Series, Session
from events.slugs import slug_from
from registrations import booking
from registrations.answering.answers import Answers, Wish
from registrations.models import Registration, TicketType
from registrations.tickets import prices, ticket_types
from tests.builders import new_event, new_session

NOW = datetime.datetime(2027, 5, 1, 9, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
_numbers = itertools.count(1)


def make_ticket_type(event, name="Ticket", price=0, **values):
    """Save a ticket type as staff do."""
    ticket_type = TicketType(event=event, name=name, price=price, **values)
    ticket_types.save(ticket_type, NOW)
    return ticket_type


def make_day(event_capacity=None, hours=(11, 13), places=(None, None), ticket_capacity=None, **values):
    """Save an event with a series at each of these hours, workshops A and B in each, and a free ticket.

    They are `day.a1`, `day.b1` (series 1), `day.a2`, `day.b2`; `places` are those of A and of B.
    """
    event = values.pop("event", None)
    rows = {}
    if event is None:
        event = rows["new"] = new_event(capacity=event_capacity, **values)
    for number, hour in enumerate(hours, 1):
        series = rows[f"series{number}"] = Series(event=event, number=number)
        for code, capacity in zip("AB", places, strict=True):
            rows[f"{code.lower()}{number}"] = new_session(
                event, hour, kind=Kind.WORKSHOP, series=series, code=code, title=f"Workshop {number}{code}",
                capacity=capacity,
            )  # fmt: skip
    changes.apply(saves=list(rows.values()))
    rows.pop("new", None)
    ticket = make_ticket_type(event, capacity=ticket_capacity)
    return SimpleNamespace(event=event, ticket=ticket, **rows)


def answers(day, name=None, *, take=(), wait=(), now=NOW, **values):
    """Return answers of somebody new who wants these workshops and these waiting lists."""
    number = next(_numbers)
    name = name or f"Person {number}"
    address = f"{slug_from(name, 'somebody')}@example.org"
    ticket = values.pop("ticket", day.ticket)
    quote = values.pop("quote", None) or prices.quote(ticket, now)
    default = {"name": name, "email": address, "quote": quote, "wishes": wishes(take, wait)}
    return Answers(**{**default, **values})


def wishes(take=(), wait=()):
    """Return the wishes for these sessions, by series; a session alone may stand for a list of one."""
    take, wait = ([each] if isinstance(each, Session) else list(each) for each in (take, wait))
    places, waits = ({session.series_id: session.pk for session in each} for each in (take, wait))
    return {series: Wish(places.get(series), waits.get(series)) for series in places.keys() | waits.keys()}


def register(day, name=None, *, key=None, now=NOW, invoice=None, by_staff=False, **values) -> Registration:
    """Register somebody new."""
    given = answers(day, name, now=now, **values)
    return booking.register(day.event, given, key or uuid.uuid4(), now, invoice=invoice, by_staff=by_staff)


def change(registration, *, take=(), wait=(), now=NOW, drop=()) -> Registration:
    """Change somebody's workshops; `drop` are series left without any."""
    return booking.change_choices(registration, wishes(take, wait) | {each.pk: Wish() for each in drop}, now)


def edit(row, **values):
    """Change a row of the programme as staff do."""
    row = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    changes.apply(saves=[row])


def state(registration) -> str:
    """Return a registration's status and choices as one line: “confirmed 1A, waits 2B”."""
    registration = Registration.objects.get(pk=registration.pk)
    words = {"confirmed": "", "waiting": "waits "}
    choices = registration.choices.live().select_related("session__series").order_by("starts", "state", "pk")
    listed = ", ".join(f"{words[each.state]}{each.session.full_code}" for each in choices)
    return f"{registration.status} {listed}".strip()


def event_of(day) -> Event:
    """Return the day's event as it is stored now."""
    return Event.objects.get(pk=day.event.pk)
