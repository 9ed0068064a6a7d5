"""Small builders of a programme. Each saves through `events.changes.apply`, the one way that staff's changes go too.

`from tests.builders import make_event, make_session, london`. Every argument is a field of the model by its own
name; what a test does not say gets a plain default. The event is on DAY from 9am to 5pm in London.
"""

import datetime
import itertools
import zoneinfo
from types import SimpleNamespace
from typing import Any

from django.db.models import Model

from events import changes
from events.models import Appearance, Event, Kind, Organisation, Person, Role, Room, Series, Session, Status, Venue

LONDON = zoneinfo.ZoneInfo("Europe/London")
DAY = datetime.date(2027, 6, 16)  # a Wednesday, in summer time

_numbers = itertools.count(1)


def london(hour: int, minute: int = 0, day: datetime.date = DAY) -> datetime.datetime:
    """Return that time of that day in London; hour 24 is the midnight after it."""
    later, hour = divmod(hour, 24)
    return datetime.datetime.combine(day + datetime.timedelta(later), datetime.time(hour, minute), LONDON)


def save(*rows: Any) -> Any:
    """Save these rows as one change, and return the first."""
    changes.apply(saves=rows)
    return rows[0]


def make_venue(**values: Any) -> Venue:
    """Save a venue."""
    return save(Venue(**{"name": f"House {next(_numbers)}", "address": "1 High Street\nLondon", **values}))


def make_room(name: str = "", **values: Any) -> Room:
    """Save a room, in a venue of its own unless one is given."""
    venue = values.pop("venue", None) or make_venue()
    return save(Room(**{"name": name or f"Room {next(_numbers)}", "venue": venue, **values}))


def new_event(title: str = "Annual conference", **values: Any) -> Event:
    """Return an unsaved published event on DAY, 9am to 5pm."""
    default = {"starts": london(9), "ends": london(17), "status": Status.PUBLISHED}
    return Event(**{"title": title, **default, **values})


def make_event(title: str = "Annual conference", **values: Any) -> Event:
    """Save a published event on DAY, 9am to 5pm, at an address of its own."""
    return save(new_event(title, **values))


def make_listing(title: str = "A neighbour’s event", **values: Any) -> Event:
    """Save a published listing without a date, which stands near DAY."""
    default = {"is_listing": True, "sorts_at": london(9), "status": Status.PUBLISHED}
    return save(Event(**{"title": title, **default, **values}))


def make_series(event: Event, number: int = 1, **values: Any) -> Series:
    """Save a series of an event."""
    return save(Series(event=event, number=number, **values))


def new_session(event: Event, hour: int = 10, **values: Any) -> Session:
    """Return an unsaved published plenary that starts at that hour of DAY and takes an hour."""
    default = {"kind": Kind.PLENARY, "title": f"Session {next(_numbers)}", "starts": london(hour)}
    values = default | values
    return Session(event=event, **({"ends": values["starts"] + datetime.timedelta(hours=1)} | values))


def make_session(event: Event, hour: int = 10, **values: Any) -> Session:
    """Save a published plenary that starts at that hour of DAY and takes an hour."""
    return save(new_session(event, hour, **values))


def make_workshop(series: Series, code: str = "A", hour: int = 10, **values: Any) -> Session:
    """Save a workshop of a series; `title=""` is one not yet announced."""
    return make_session(series.event, hour, **{"kind": Kind.WORKSHOP, "series": series, "code": code, **values})


def make_person(name: str = "", **values: Any) -> Person:
    """Save a person."""
    return save(Person(name=name or f"Person {next(_numbers)}", **values))


def make_organisation(name: str = "", **values: Any) -> Organisation:
    """Save an organisation."""
    return save(Organisation(name=name or f"Organisation {next(_numbers)}", **values))


def make_appearance(session: Session, who: Person | Organisation, **values: Any) -> Appearance:
    """Save a person or an organisation in a session."""
    field = "person" if isinstance(who, Person) else "organisation"
    return save(Appearance(**{"session": session, field: who, "role": Role.FACILITATOR, **values}))


def make_programme(event: Event) -> SimpleNamespace:
    """Save a small programme: two rooms, a panel at 10am, series 1 with workshops 1A and 1B at 11am, who is in them.

    Also a second event at the same hours with a series of its own and no sessions. All in one change: it is quicker.
    """
    house = Venue(name="Hall House", address="1 High Street\nLondon")
    upper, lower = (Room(venue=house, name=f"{name} Hall", capacity=80) for name in ("Upper", "Lower"))
    elsewhere = Event(title="Another conference", starts=event.starts, ends=event.ends, status=Status.PUBLISHED)
    series, other_series = Series(event=event, number=1), Series(event=elsewhere, number=1)
    panel = new_session(event, 10, kind=Kind.PANEL, title="Opening", label="Morning keynote panel", room=upper)
    workshop = {"kind": Kind.WORKSHOP, "series": series}
    first = new_session(event, 11, title="Reserves and rest", code="A", room=upper, **workshop)
    second = new_session(event, 11, title="Art inside", code="B", room=lower, **workshop)
    person, organisation = Person(name="Ọlájùmọ̀kẹ́ Adé"), Organisation(name="The Long Table")
    chairing = Appearance(session=panel, person=person, role=Role.CHAIR)
    leading, hosting = Appearance(session=first, person=person), Appearance(session=second, organisation=organisation)
    save(
        house, upper, lower, elsewhere, series, other_series, panel, first, second, person, organisation,
        chairing, leading, hosting,
    )  # fmt: skip
    return SimpleNamespace(**{name: row for name, row in locals().items() if isinstance(row, Model)})
