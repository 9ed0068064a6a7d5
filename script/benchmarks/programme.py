"""A database of its own with programmes of chosen sizes, made for measuring and removed afterwards."""

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from events.models import Appearance, Event, Organisation, Person, Room, Series, Session, Venue
from script.benchmarks import scratch

STARTS = datetime.datetime(2030, 5, 6, 9, tzinfo=datetime.UTC)
ABSTRACT = "What works, what does not, and what to try on Monday. " * 12


@contextmanager
def database() -> Iterator[str]:
    """Make a database with the loaded programmes and two made ones; yield its DATABASE_URL."""
    with scratch.database() as address:
        for number in (30, 1000):
            make(number)
        yield address


def make(number: int) -> Event:
    """Make a published event of that many sessions, ten at a time in ten rooms, each with two people and a change."""
    venue = Venue.objects.create(name=f"Hall {number}", slug=f"hall-{number}", address="1 Example Street")
    length = datetime.timedelta(minutes=45)
    event = Event(
        title=f"{number} sessions", slug=f"sessions-{number}", status="published", venue=venue,
        starts=STARTS, ends=STARTS + length * (number // 10 + 1),
    )  # fmt: skip
    day, now = datetime.timedelta(days=1), timezone.now()
    event._history_date = now - 3 * day
    event.save()
    rooms = [Room.objects.create(venue=venue, name=f"Room {letter}", floor="First floor") for letter in "ABCDEFGHIJ"]
    series = [Series.objects.create(event=event, number=at + 1) for at in range(number // 10)]
    organisation = Organisation.objects.create(name=f"Organisation {number}", slug=f"organisation-{number}")
    sessions = [
        Session(
            event=event, kind="workshop", series=series[at // 10], code="ABCDEFGHIJ"[at % 10], room=rooms[at % 10],
            title=f"How to do the thing that is number {at}", slug=f"number-{at}", abstract=ABSTRACT, uid=uuid.uuid4(),
            starts=STARTS + length * (at // 10), ends=STARTS + length * (at // 10 + 1), bsl="yes",
            event_starts=event.starts, event_ends=event.ends, event_status=event.status,
        )
        for at in range(number)
    ]  # fmt: skip
    bulk_create_with_history(sessions, Session, default_date=now - 2 * day)
    for session in sessions:  # all have changed of late, which is the most that a page can have to say
        session.title = session.title.replace("thing", "other thing")
    bulk_update_with_history(sessions, Session, ["title"], default_date=now - day)
    _people(sessions, organisation, number)
    return event


def _people(sessions: list[Session], organisation: Organisation, number: int) -> None:
    people = Person.objects.bulk_create(
        Person(name=f"Person {at}", slug=f"person-{number}-{at}", sort_key=f"{at:05}", organisation=organisation)
        for at in range(2 * len(sessions))
    )
    Appearance.objects.bulk_create(
        Appearance(
            session=session, person=person, session_starts=session.starts, session_ends=session.ends,
            session_status=session.status, event_status=session.event_status,
        )
        for session, pair in zip(sessions, zip(people[::2], people[1::2], strict=True), strict=True)
        for person in pair
    )  # fmt: skip
