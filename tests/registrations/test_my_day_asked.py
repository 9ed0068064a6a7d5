"""“My day” of who is asked, or waits: what the pages say of a place that is kept, and of leaving."""

import pytest

from events.models import Status
from registrations import booking, invariants
from registrations.answering.answers import Wish
from tests.reading import read
from tests.registrations.builders import NOW, edit, make_day, register
from tests.registrations.my_day import MyDay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    yield time_machine
    assert invariants.broken(NOW) == []


@pytest.fixture
def day():
    """1A has one place, which Bea has; Ada holds 1B and waits for 1A."""
    day = make_day(places=(1, 5))
    day.bea = register(day, "Bea", take=day.a1)
    day.ada = register(day, "Ada", take=day.b1, wait=day.a1)
    return day


@pytest.fixture
def ada(day):
    return MyDay(day.ada)


def test_who_waits_is_told_what_leaving_means_and_nothing_of_places_or_money():
    day = make_day(event_capacity=1, refunds="Until **1 June** all of it.")
    bea, ada = register(day, "Bea"), register(day, "Ada", take=day.a1)
    booking.ask_first(ada, True, NOW)
    booking.cancel(bea, NOW)  # the place is kept for her
    page = MyDay(ada).get("cancel/")
    assert "your registration ends. The place that is kept for you goes to whoever is next" in page.main
    assert "No, stay on the list" in page.main and "keep my place" not in page.main
    assert "1 June" not in page.main and "colleague" not in page.main


def test_of_an_event_that_is_cancelled_nothing_can_be_cancelled(day, ada):
    edit(day.event, status=Status.CANCELLED)
    for answer in (ada.client.get("/my-day/cancel/"), ada.post("cancel/")):
        assert answer.status_code == 409 and "there is nothing to cancel" in read(answer).main
    assert day.ada.messages.filter(kind="cancelled").count() == 0


def test_while_a_place_is_kept_nobody_is_offered_to_be_moved_instead():
    day = make_day(event_capacity=1)
    bea, ada = register(day, "Bea"), register(day, "Ada")
    booking.ask_first(ada, True, NOW)
    assert "Give me the place without asking" in MyDay(ada).get().main
    booking.cancel(bea, NOW)
    page = MyDay(ada).get()
    assert "Yes, I take the place" in page.main and "Give me the place without asking" not in page.main
    assert "If you do not, it goes to the next in line and your registration ends" in page.main


def test_nor_on_the_page_of_workshops(day, ada):
    booking.change_choices(day.ada, {day.a1.series_id: Wish(day.b1.pk, day.a1.pk, ask_first=True)}, NOW)
    assert "Move me: that place becomes mine at once" in ada.get("workshops/").main
    booking.cancel(day.bea, NOW)
    page = ada.get("workshops/")
    assert "Kept for you: say yes or no to it" in page.main and "Move me" not in page.main
