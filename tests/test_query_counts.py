"""What a page costs: at most twelve queries to make, as many for thirty rows as for two, and one once it is stored."""

import datetime
import time

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from events.models import Appearance, Event, Kind, Organisation, Person, Role, Series, Status
from events.storing import page_store
from pages.models import Page
from tests.builders import london, make_event, make_series, new_session, save
from tests.registrations.builders import make_ticket_type

MOST = 12
FEW, MANY = 2, 30  # two, because a workshop with none beside it asks nothing about those
ADDRESSES = {
    "home": "/",
    "events": "/events/",
    "event": "/events/day/",
    "listing": "/events/theirs/",
    "page": "/page-0/",
    "agenda": "/events/day/agenda/",
    "search": "/events/day/agenda/?q=reserves&kind=workshop&series=1",
    "nothing found": "/events/day/agenda/?q=zebra",
    "session": "/events/day/agenda/workshop-0/",
    "plenary": "/events/day/agenda/plenary/",
    "code of the event": "/events/day/qr.svg",
    "code of a session": "/events/day/agenda/workshop-0/qr.svg",
    "people": "/events/day/people/",
    "person": "/events/day/people/person-0/",
    "organisations": "/events/day/organisations/",
    "organisation": "/events/day/organisations/organisation-0/",
    "schedule.json": "/events/day/schedule.json",
    "schedule.xml": "/events/day/schedule.xml",
    "registering": "/events/day/register/",
    "registering elsewhere": "/events/theirs/register/",
    "site map": "/sitemap.xml",
    "robots": "/robots.txt",
    "not found": "/events/day/people/nobody/",
    "no event": "/events/nothing/",
    "former address": "/events/night/agenda/",
}


def populate(number: int) -> None:
    """Save an event of that many workshops in parallel, people, organisations, and as many other events and pages."""
    event = make_event("Day", slug="night")
    event.slug = "day"
    save(event)
    series = make_series(event)
    house = [Organisation(name=f"Organisation {each}", slug=f"organisation-{each}") for each in range(number)]
    people = [
        Person(name=f"Person {each}", slug=f"person-{each}", organisation=house[each], biography="Words.")
        for each in range(number)
    ]
    save(*house, *people, *sessions_of(event, series, people, house), *others(number))
    # So that pages ask how many places are left, and the button leads to registering.
    for each in range(number):
        make_ticket_type(event, f"Ticket {each}")
    for each in range(number):
        Page.objects.create(title=f"Page {each}", slug=f"page-{each}", body="Words.", published=True)


def sessions_of(event: Event, series: Series, people: list[Person], house: list[Organisation]) -> list:
    """Return unsaved workshops and one plenary, with a person and an organisation in each."""
    workshop = {"kind": Kind.WORKSHOP, "series": series, "title": "Reserves"}
    codes = [f"{first}{second}" for first in "ABCDEF" for second in "ABCDE"]
    workshops = [
        new_session(event, 10, code=codes[each], slug=f"workshop-{each}", **workshop) for each in range(len(people))
    ]
    plenary = new_session(event, 12, title="Plenary", slug="plenary", kind=Kind.PANEL)
    there = [Appearance(session=each, person=who) for each, who in zip(workshops, people, strict=True)]
    there += [
        Appearance(session=each, organisation=who, role=Role.HOST) for each, who in zip(workshops, house, strict=True)
    ]
    there += [Appearance(session=plenary, person=who, role=Role.PANELLIST) for who in people]
    return [*workshops, plenary, *there]


def others(number: int) -> list[Event]:
    """Return that many unsaved past events, coming ones, and a listing."""
    days = [datetime.timedelta(9 + each) for each in range(number)]
    away = [*days, *(-day for day in days)]
    held = {"status": Status.PUBLISHED}
    theirs = Event(title="Theirs", slug="theirs", is_listing=True, sorts_at=london(8), **held)
    return [theirs, *(Event(title="Other", starts=london(9) + day, ends=london(17) + day, **held) for day in away)]


def costs(client) -> dict[str, int]:
    """Return how many queries each page takes once the site is warm."""
    return {name: cost(client, address) for name, address in ADDRESSES.items()}


def cost(client, address: str) -> int:
    """Return how many queries a page takes that has to be made."""
    page_store.forget()
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


@pytest.fixture
def few(client, db) -> dict[str, int]:
    """What each page costs with two of everything, which are gone again."""
    point = transaction.savepoint()
    populate(FEW)
    found = costs(client)
    transaction.savepoint_rollback(point)
    return found


def test_no_page_takes_more_than_twelve_queries_nor_more_for_more_rows(client, few):
    populate(MANY)
    many = costs(client)
    assert {name: number for name, number in many.items() if number > MOST} == {}
    assert many == few


NEVER_STORED = {"search", "nothing found", "registering", "registering elsewhere"}
NOT_STORED = {"not found", "no event", "former address", "robots"}


def test_a_stored_page_takes_one_query(client, db):
    populate(MANY)
    taken = {}
    for name in ADDRESSES.keys() - NEVER_STORED - NOT_STORED:
        client.get(ADDRESSES[name])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ADDRESSES[name]).status_code == 200
        taken[name] = len(queries)
    assert set(taken.values()) == {1}, taken


def test_each_of_those_pages_is_there(client, db, noted_templates):
    """The negative control: a page that is not found would be cheap."""
    populate(MANY)
    odd = {"not found": 404, "no event": 404, "former address": 301}
    expected = dict.fromkeys(ADDRESSES, 200) | odd
    assert {name: client.get(address).status_code for name, address in ADDRESSES.items()} == expected
    page_store.forget()
    caches["pages"].clear()
    assert len(client.get(ADDRESSES["agenda"]).context["agenda"].slots[0].sessions) == MANY
    page_store.forget()
    assert b"Places available" in client.get(ADDRESSES["agenda"]).content


def test_the_count_sees_a_query_for_each_row(client, db, monkeypatch):
    """The negative control of the count: a page that asks for each row's own costs more with more rows."""
    from events import programme

    populate(MANY)
    cost(client, ADDRESSES["agenda"])  # what the site remembers would make the first dearer
    before = cost(client, ADDRESSES["agenda"])
    monkeypatch.setattr(programme, "sessions", lambda showing: showing.event.sessions.public().in_order())
    assert cost(client, ADDRESSES["agenda"]) > before + MANY - 5


@pytest.mark.slow
def test_an_agenda_of_a_thousand_sessions_costs_no_more_queries_and_little_time(client, db):
    event = make_event("Day", slug="day")
    series = [Series(event=event, number=number) for number in range(1, 41)]
    codes = [f"{first}{second}" for first in "ABCDE" for second in "ABCDE"]
    workshop = {"kind": Kind.WORKSHOP, "title": "Reserves"}
    save(
        *series,
        *(
            new_session(
                event, 9 + each.number % 7, series=each, code=code, slug=f"{each.number}{code}".lower(), **workshop
            )
            for each in series
            for code in codes
        ),
    )
    started = time.perf_counter()
    assert cost(client, ADDRESSES["agenda"]) <= MOST
    assert time.perf_counter() - started < 3
