"""How many places are left, in words, on public pages; and what the button of an event leads to."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registrations import availability
from tests.builders import make_session
from tests.reading import read
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register
from tests.registrations.journeys import later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Stand on NOW."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def agenda(client, day):
    return read(client.get(f"/events/{day.event.slug}/agenda/"))


def session(client, workshop):
    return read(client.get(f"/events/{workshop.event.slug}/agenda/{workshop.slug}/"))


@pytest.mark.parametrize(
    ("places", "taken", "words"),
    [
        (7, 1, "Places available"),
        (7, 2, "Last few places"),
        (2, 1, "Last few places"),
        (1, 1, "Full – join the waiting list"),
        (None, 1, "Places available"),
    ],
)
def test_cards_and_pages_say_it_in_words(client, places, taken, words):
    day = make_day(hours=(11,), places=(places, 40))
    for _ in range(taken):
        register(day, take=day.a1)
    cards = [text for text in agenda(client, day).texts(".//article") if "1A" in text]
    assert words in cards[0]
    assert words in session(client, day.a1).beside("Places")
    others = session(client, day.b1)
    assert words in others.main


def test_it_is_right_at_once(client):
    day = make_day(hours=(11,), places=(1, 40))
    assert "Last few places" in agenda(client, day).main
    register(day, take=day.a1)
    assert "Full – join the waiting list" in agenda(client, day).main


WORDS = ("Places available", "Last few places", "Full –")


@pytest.mark.parametrize(
    "values",
    [
        {"booking_opens": later(days=1)},
        {"booking_closes": later(hours=-1)},
        {"outside_url": "https://example.org/"},
        {"status": "cancelled"},
    ],
)
def test_nothing_is_said_where_nobody_can_book(client, values):
    day = make_day(hours=(11,), places=(9, 9))
    assert any(words in agenda(client, day).main for words in WORDS)
    edit(day.event, **values)
    assert not any(words in agenda(client, day).main for words in WORDS)
    assert not any(words in session(client, day.a1).main for words in WORDS)


def test_nothing_is_said_without_tickets_after_the_session_or_before_it_is_announced(client, clock):
    day = make_day(hours=(11, 13), places=(9, 9))
    day.ticket.delete()
    assert not any(words in agenda(client, day).main for words in WORDS)
    make_ticket_type(day.event)
    edit(day.b2, title="")
    clock.move_to(day.a1.starts)
    [told] = [text for text in agenda(client, day).texts(".//article") if any(words in text for words in WORDS)]
    assert "2A" in told


def test_a_panel_has_no_places(client):
    day = make_day(hours=())
    panel = make_session(day.event, 10, kind="panel", title="Opening")
    assert not any(words in session(client, panel).main for words in WORDS)


def test_many_workshops_cost_one_query(client, monkeypatch):
    day = make_day(hours=(11, 13, 15), places=(9, 9))
    asked = []
    everything = availability.of_everything
    monkeypatch.setattr(availability, "of_everything", lambda event: asked.append(event) or everything(event))
    agenda(client, day)
    assert len(asked) == 1


def test_the_control_sees_a_query_for_each(client):
    """The negative control: the count would see one query for each workshop."""
    day = make_day(hours=(11, 13), places=(9, 9))
    with CaptureQueriesContext(connection) as queries:
        for each in (day.a1, day.b1, day.a2):
            availability.of_sessions([each])
    assert len(queries) == 3


# -- The button


def button(client, day, address=""):
    page = read(client.get(f"/events/{day.event.slug}/{address}"))
    return {(" ".join("".join(each.itertext()).split()), each.get("href")) for each in page.classed("btn", "a")}


def test_every_page_of_the_event_leads_to_the_start(client):
    day = make_day(hours=(11,))
    start = f"/events/{day.event.slug}/register/"
    for address in ("", "agenda/", f"agenda/{day.a1.slug}/"):
        assert {("Register for the conference", start), ("Register", start)} <= button(client, day, address), address
    assert client.get(start).status_code == 200


def test_a_full_event_offers_its_waiting_list(client):
    day = make_day(event_capacity=1)
    register(day)
    start = f"/events/{day.event.slug}/register/"
    assert {("Join the waiting list", start), ("Waiting list", start)} <= button(client, day, "agenda/")


def test_an_outside_link_comes_first_and_without_tickets_a_letter(client):
    day = make_day()
    edit(day.event, outside_url="https://example.org/book")
    assert ("Book your place", "https://example.org/book") in button(client, day, "agenda/")
    edit(day.event, outside_url="")
    day.ticket.available_until = later(hours=-1)
    day.ticket.save()
    assert any(href.startswith("mailto:") for _, href in button(client, day, "agenda/"))


OPENS = ("Booking opens on Sunday 2 May 2027 at 10am", "Booking opens 2 May")


@pytest.mark.parametrize("address", ["/", "", "agenda/", "session"])
def test_before_opening_the_button_says_when_and_leads_to_what_to_have_ready(client, address):
    day = make_day(hours=(11,))
    edit(day.event, booking_opens=later(days=1))
    start, below = f"/events/{day.event.slug}/register/", {"session": f"agenda/{day.a1.slug}/"}.get(address, address)
    page = read(client.get("/" if address == "/" else f"/events/{day.event.slug}/{below}"))
    assert {page.link(words) for words in OPENS if address != "agenda/" or words == OPENS[1]} == {start}
    ready = read(client.get(start))
    assert ready.texts(".//h1") == ["Booking has not opened yet"] and "What to have ready" in ready.texts(".//h2")
    calendar = client.get(ready.link("Add the moment to your calendar"))
    assert calendar["Content-Type"].startswith("text/calendar") and b"Booking opens" in calendar.content


def test_a_stored_page_turns_from_when_it_opens_to_the_start_at_that_moment(client, clock):
    day = make_day()
    edit(day.event, booking_opens=later(days=1))
    start = f"/events/{day.event.slug}/register/"
    for moment in (NOW, later(hours=23, minutes=59, seconds=59)):
        clock.move_to(moment)
        assert {(words, start) for words in OPENS} <= button(client, day)
    clock.move_to(later(days=1))
    assert {("Register for the conference", start), ("Register", start)} <= button(client, day)
    assert not {words for words, _ in button(client, day)} & set(OPENS)


def test_before_opening_without_a_ticket_to_come_the_button_leads_to_the_agenda_until_there_is_one(client):
    day = make_day()
    edit(day.event, booking_opens=later(days=1))
    day.ticket.delete()
    assert ("See the agenda", f"/events/{day.event.slug}/agenda/") in button(client, day)
    assert not any("/register/" in (href or "") for _, href in button(client, day))
    make_ticket_type(day.event, available_from=later(days=2))
    assert (OPENS[0], f"/events/{day.event.slug}/register/") in button(client, day)


def test_what_to_have_ready_leaves_out_what_is_not_asked(client):
    day = make_day(hours=())
    edit(day.event, booking_opens=later(days=1))
    at = f"/events/{day.event.slug}/register/"
    ready = read(client.get(at)).main
    assert "Your name and an e-mail address." in ready and "invoice" not in ready and "workshops" not in ready
    make_ticket_type(day.event, "Member", 5000)
    assert "Who pays, for the invoice." in read(client.get(at)).main


def test_after_closing_no_button_leads_to_the_start(client, clock):
    day = make_day()
    edit(day.event, booking_opens=later(days=1), booking_closes=later(days=2))
    clock.move_to(later(days=2))
    assert not any("/register/" in (href or "") for _, href in button(client, day))
