"""The price that was shown: for how long it holds, and what is asked after that."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registrations import booking
from registrations.answering import submission
from registrations.answering.answers import Quote
from registrations.models import Draft, Registration
from registrations.problems import Busy
from registrations.tickets import ticket_types
from tests.reading import read
from tests.registrations.builders import NOW, make_day, make_ticket_type, register, state
from tests.registrations.journeys import ADA, Journey, later, place, problems

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Stand on NOW; a test travels on by `clock.move_to`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def day():
    """A day with two series, a free ticket and one of £50."""
    day = make_day()
    day.paid = make_ticket_type(day.event, "Member", 5000, order=1)
    return day


def test_the_price_that_was_shown_is_owed_for_half_an_hour(day, clock):
    early = make_ticket_type(day.event, "Early bird", 4000, available_until=later(minutes=10))
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": early.pk, "pays": "me"})
    check = journey.get("check")
    assert "You owe £40" in check.main
    clock.move_to(later(minutes=30))
    journey.confirm(check)
    assert Registration.objects.get().price_agreed == 4000


def test_after_half_an_hour_the_ticket_question_comes_back_with_the_rest_kept(day, clock):
    early = make_ticket_type(day.event, "Early bird", 4000, available_until=later(minutes=10))
    ticket = {"ticket_type": early.pk, "pays": "other", "invoice_payer": "A Trust"}
    journey = Journey(day.event).begin().answer(ticket=ticket, workshops=place(day.a1))
    check = journey.get("check")
    clock.move_to(later(minutes=30, seconds=1))
    page = read(journey.confirm(check))
    assert (page.status, page.texts(".//h1")) == (409, ["Your organisation and ticket"])
    assert page.title.startswith("Error: ") and len(problems(page)) == 1
    assert "A Trust" in page.source and "Early bird" not in page.texts(".//label")
    assert Registration.objects.count() == 0
    journey.post("ticket", {"ticket_type": day.paid.pk, "pays": "me"})
    journey.confirm()
    assert state(Registration.objects.get()) == "confirmed 1A"


def test_a_price_raised_meanwhile_is_asked_again(day, clock):
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": day.paid.pk, "pays": "me"})
    check = journey.get("check")
    day.paid.price = 7500
    ticket_types.save(day.paid, NOW)
    clock.move_to(later(minutes=31))
    page = read(journey.confirm(check))
    assert problems(page) == ["“Member” was £50 and is £75 now. Choose your ticket again."]
    # It is asked until it is answered.
    assert problems(journey.get("check")) == problems(page)
    journey.post("ticket", {"ticket_type": day.paid.pk, "pays": "me"})
    assert "You owe £75" in journey.get("check").main


@pytest.fixture
def promised(day):
    """Somebody who has seen that they owe £50, before staff made it £75."""
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": day.paid.pk, "pays": "me"})
    assert "You owe £50: this price holds for 30 minutes, until 10:30am." in journey.get("check").main
    raise_price(day, 7500)
    return journey


def raise_price(day, price):
    day.paid.price = price
    ticket_types.save(day.paid, NOW)


def test_the_price_holds_however_often_the_page_is_looked_at(promised, clock):
    clock.move_to(later(minutes=20))
    for _ in range(2):
        assert "You owe £50: this price holds for 10 minutes, until 10:30am." in promised.get("check").main
    promised.confirm()
    assert Registration.objects.get().price_agreed == 5000


def test_the_price_holds_when_other_answers_change_and_the_ticket_says_so(day, promised, clock):
    clock.move_to(later(minutes=5))
    card = promised.get("ticket")
    assert "Member £50" in card.texts(".//label") and "This price holds for you until 10:30am." in card.main
    promised.post("ticket", {"ticket_type": day.paid.pk, "pays": "organisation", "organisation": "The Long Table"})
    promised.post("details", {**ADA, "pronouns": "she/her"})
    assert "You owe £50" in promised.get("check").main
    promised.confirm()
    assert Registration.objects.get().price_agreed == 5000


def test_an_early_bird_that_was_shown_is_still_there_after_its_end(day, clock):
    early = make_ticket_type(day.event, "Early bird", 4000, available_until=later(minutes=10))
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": early.pk, "pays": "me"})
    journey.get("check")
    clock.move_to(later(minutes=20))
    page = journey.get("check")
    assert page.status == 200 and "You owe £40" in page.main
    assert "Early bird £40" in journey.get("ticket").texts(".//label")
    journey.confirm()
    assert Registration.objects.get().price_agreed == 4000


def test_an_early_bird_that_was_never_shown_is_not(day, clock):
    early = make_ticket_type(day.event, "Early bird", 4000, available_until=later(minutes=10))
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": early.pk, "pays": "me"})
    clock.move_to(later(minutes=10))
    assert problems(journey.get("check")) == ["“Early bird” can no longer be had. Choose another."]
    assert "Early bird" not in journey.get("ticket").texts(".//label")


def test_after_half_an_hour_whoever_looks_again_is_told_of_the_new_price(day, promised, clock):
    clock.move_to(later(minutes=30, seconds=1))
    page = promised.get("check")
    assert problems(page) == ["“Member” was £50 and is £75 now. Choose your ticket again."]
    assert "Member £75" in page.texts(".//label")
    promised.post("ticket", {"ticket_type": day.paid.pk, "pays": "me"})
    assert "You owe £75" in promised.get("check").main
    promised.confirm()
    assert Registration.objects.get().price_agreed == 7500


def test_the_page_that_says_busy_promises_nothing_else(promised, monkeypatch):
    check = promised.get("check")

    def busy(*args, **kwargs):
        raise Busy

    monkeypatch.setattr(booking, "register", busy)
    page = read(promised.confirm(check))
    assert page.status == 503 and "You owe £50" in page.main


def test_a_lower_price_is_shown_and_owed_at_once(day):
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": day.paid.pk, "pays": "me"})
    first = journey.get("check")
    raise_price(day, 2500)
    assert "You owe £25" in journey.get("check").main
    journey.confirm(first)
    assert Registration.objects.get().price_agreed == 2500


def test_another_ticket_is_another_price_and_so_is_the_first_chosen_again(day, promised):
    promised.post("ticket", {"ticket_type": day.ticket.pk})
    assert "You owe" not in promised.get("check").main
    promised.post("ticket", {"ticket_type": day.paid.pk, "pays": "me"})
    assert "You owe £75" in promised.get("check").main


def test_no_form_makes_another_price_not_even_one_that_is_signed(day, promised):
    draft = Draft.objects.get()
    for price in (1, 4999):
        forged = submission.shown(draft, Quote(day.paid.pk, price, NOW))
        assert promised.post("check", shown=forged).status_code == 409
    assert Registration.objects.count() == 0
    promised.post("check", shown=submission.shown(draft, Quote(day.paid.pk, 9900, NOW)))
    assert Registration.objects.get().price_agreed == 5000


def test_looking_again_writes_nothing(promised):
    with CaptureQueriesContext(connection) as queries:
        promised.get("check")
    assert queries.captured_queries and not any("UPDATE" in each["sql"] for each in queries)


def test_a_ticket_that_sold_out_brings_its_question_back(day):
    last = make_ticket_type(day.event, "Last one", 0, capacity=1)
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": last.pk})
    check = journey.get("check")
    register(day, ticket=last)
    page = read(journey.confirm(check))
    assert (page.status, problems(page)) == (409, ["There are no more tickets “Last one”. Choose another."])
    assert "Sold out" in page.main
    assert journey.get("check").texts(".//h1") == ["Your organisation and ticket"]
