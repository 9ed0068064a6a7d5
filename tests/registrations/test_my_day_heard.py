"""“My day” as it is heard: moving by headings, by links, by buttons, each says by itself what it is about."""

import datetime

import pytest
from django.test import Client

from events.models import Kind
from registrations import booking
from registrations.answering.answers import Payer, Wish
from registrations.models import LinkRequest
from registrations.way_in import links
from tests.builders import make_session
from tests.reading import read
from tests.registrations.builders import NOW, change, make_day, make_ticket_type, register
from tests.registrations.my_day import MyDay, path_of

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def day():
    """1A and 2A have one place each, which Bea has; Ada holds 1B and 2B, and waits for 1A and 2A, to be asked first."""
    day = make_day(places=(1, 5))
    day.bea = register(day, "Bea", take=[day.a1, day.a2])
    day.ada = register(day, "Ada", take=[day.b1, day.b2])
    booking.change_choices(
        day.ada,
        {b.series_id: Wish(b.pk, a.pk, ask_first=True) for a, b in ((day.a1, day.b1), (day.a2, day.b2))},
        NOW,
    )
    return day


def headings(page):
    return [words for level, words in page.headings if level == 3]


def test_a_heading_says_how_a_workshop_stands_of_which_series_and_when(day):
    assert headings(MyDay(day.ada).get()) == [
        "1B Workshop 1B, confirmed. Workshop series 1, 11am to midday",
        "1A Workshop 1A, waiting, you are first. Workshop series 1, 11am to midday",
        "2B Workshop 2B, confirmed. Workshop series 2, 1pm to 2pm",
        "2A Workshop 2A, waiting, you are first. Workshop series 2, 1pm to 2pm",
    ]
    booking.cancel(day.bea, NOW)
    assert "1A Workshop 1A, kept for you until you answer. Workshop series 1, 11am to midday" in headings(
        MyDay(day.ada).get()
    )


def test_who_waits_for_the_event_hears_that_of_the_workshops_too():
    full = make_day(event_capacity=0)
    page = MyDay(register(full, "Cai", take=full.a1)).get()
    assert "1A Workshop 1A, waits with your place. Workshop series 1, 11am to midday" in headings(page)


def test_buttons_of_two_offers_say_which_they_answer(day):
    booking.cancel(day.bea, NOW)
    page = MyDay(day.ada).get()
    said = [words for words in page.texts(".//button") if words.startswith(("Yes", "No"))]
    assert said == [
        "Yes, I take the place in 1A", "No, take me off this list, of 1A",
        "Yes, I take the place in 2A", "No, take me off this list, of 2A",
    ]  # fmt: skip


def test_of_the_event_too():
    full = make_day(event_capacity=1)
    bea, cai = register(full, "Bea"), register(full, "Cai")
    booking.ask_first(cai, True, NOW)
    booking.cancel(bea, NOW)
    said = MyDay(cai).get().texts(".//button")
    assert said[:2] == ["Yes, I take the place at the event", "No, I cannot come"]


@pytest.mark.parametrize("meanwhile", ["as it is", "with two offers", "with one series left open"])
def test_no_two_links_of_the_day_have_one_name_and_lead_elsewhere(day, meanwhile):
    for hour in (9, 15):
        make_session(day.event, hour, title="Break", kind=Kind.BREAK)
        make_session(day.event, hour + 1, title=f"Song {hour}", label="Performance", kind=Kind.PERFORMANCE)
    if meanwhile == "with two offers":
        booking.cancel(day.bea, NOW)
    elif meanwhile == "with one series left open":
        change(day.ada, drop=[day.series2])
    page = MyDay(day.ada).get()
    leads = {}
    for words, address in page.links:
        leads.setdefault(words, set()).add(address)
    assert {words: found for words, found in leads.items() if len(found) > 1} == {}
    assert "Break, 9am to 10am" in leads and "Performance, 4pm to 5pm" in leads


def test_the_letter_leads_back(day):
    page = read(MyDay(day.ada).client.get("/my-day/letter/"))
    assert page.link("Back to My day") == "/my-day/"


def test_each_change_of_what_is_held_is_an_item_of_its_own(day):
    change(day.ada, take=day.b2, now=NOW + HOUR)  # and waits for 2A no longer
    page = MyDay(day.ada).get("data/all/")
    blocks = [block for block in page.all(".//dl/div") if block.find("dt").text == "Changes"]
    items = [["".join(each.itertext()) for each in block.iter("li")] for block in blocks]
    assert [
        "when: Saturday 1 May 2027 at 10am; state: On the waiting list; by: you, or the site itself",
        "when: Saturday 1 May 2027 at 11am; state: Released; by: you, or the site itself",
    ] in items
    assert not page.faults


def test_my_day_has_one_name_and_no_button_a_word_that_says_nothing(day):
    paid = make_ticket_type(day.event, "Paid", 5000)
    cai = register(day, "Cai", ticket=paid, payer=Payer("City Charity"), email="cai@example.org")
    register(make_day(title="Second day"), "Cai", email="cai@example.org")
    mine = MyDay(cai)
    for below in ("", "workshops/", "details/", "access/", "order/", "pass-on/", "cancel/", "calendar/", "data/"):
        page = mine.get(below)
        assert not {"Save", "Open", "Your day"} & {*page.texts(".//button"), *page.texts(".//main//a")}, below
        assert below == "" or next(words for words, to in page.links if to == "/my-day/").endswith("My day"), below
    assert mine.get().title.startswith("My day – ")
    booking.cancel(cai, NOW)
    assert mine.get().headings[0] == (1, "My day: your registration is cancelled")


def test_the_buttons_that_open_say_what(day):
    other = register(make_day(title="Second day"), "Ada", email=day.ada.email)
    client = Client()
    asked = LinkRequest.objects.create(email_key=day.ada.email_key, made_at=NOW)
    assert "Open my registrations" in read(client.get(path_of(links.found(asked)))).texts(".//button")
    client.post(path_of(links.found(asked)))
    page = read(client.get("/my-day/"))
    assert f"Open {other.reference}: Ada, Second day" in page.texts(".//button")
