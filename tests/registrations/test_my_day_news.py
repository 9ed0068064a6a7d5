"""“What has changed since you last looked”: what staff did, what a waiting list gave and took, what ran out."""

import datetime

import pytest
from django.urls import reverse

from registrations import booking, invariants
from registrations.answering.answers import Wish
from registrations.my_day import what_changed
from registrations.waiting import offers
from tests.admin_pages import form_of, of
from tests.registrations.builders import NOW, change, make_day, register, state
from tests.registrations.journeys import place, wait
from tests.registrations.my_day import MyDay
from tests.registrations.staff import TEAM, signed_in

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    yield time_machine
    assert invariants.broken(NOW) == []


@pytest.fixture
def day():
    """1A and 2A have one place each, which Bea has; Ada holds 1B and waits for 1A."""
    day = make_day(places=(1, 5))
    day.bea = register(day, "Bea", take=[day.a1, day.a2])
    day.ada = register(day, "Ada", take=day.b1, wait=day.a1)
    return day


def news(registration):
    """Return what is said to have changed, without when."""
    registration.refresh_from_db()
    return [each.words for each in what_changed.since_last_look(registration)]


def staff_change(registration, **chosen):
    """Save these workshops on the page of the admin."""
    client, page = signed_in(*TEAM), of(registration, "workshops")
    response = client.post(page, form_of(client.get(page)) | chosen)
    assert response["Location"] == of(registration)


def test_what_staff_changed_is_listed_with_what_went(day, clock):
    clock.move_to(NOW + HOUR)
    gone = {f"series-{day.series1.pk}": "", f"series-{day.series1.pk}-wait": ""}
    staff_change(day.ada, **gone | place(day.b2) | wait(day.a2))
    assert state(day.ada) == "confirmed 2B, waits 2A"
    said = (
        "Our team has changed your workshops: you have a place in “2B: Workshop 2B”; you no longer have your place in "
        "“1B: Workshop 1B”; you wait for “2A: Workshop 2A”; you no longer wait for “1A: Workshop 1A”."
    )
    assert news(day.ada) == [said]
    assert said in MyDay(day.ada).get().main


def test_what_somebody_changed_themselves_is_no_news(day, clock):
    clock.move_to(NOW + HOUR)
    mine = MyDay(day.ada)
    assert mine.post("leave/", series=day.series1.pk).status_code == 302
    assert mine.post("cancel/").status_code == 302
    assert state(day.ada) == "cancelled"
    assert news(day.ada) == []


def test_that_staff_cancelled_is_listed(day, clock):
    clock.move_to(NOW + HOUR)
    signed_in(*TEAM).post(
        reverse("admin:registrations_registration_cancel", args=[day.ada.pk]), {"confirmed": "yes", "seen": ""}
    )
    assert state(day.ada) == "cancelled"
    assert "Our team has cancelled your registration." in MyDay(day.ada).get().main


def test_who_was_moved_reads_what_they_gave_back_for_it(day):
    booking.cancel(day.bea, NOW + HOUR)
    assert state(day.ada) == "confirmed 1A"
    assert news(day.ada) == [
        "You have a place in “1A: Workshop 1A”: it came free, and you were next. "
        "Your place in “1B: Workshop 1B” was given back for it."
    ]


def test_who_held_nothing_gave_nothing_back(day):
    change(day.ada, drop=[day.series1])
    cai = register(day, "Cai", wait=day.a1)
    booking.cancel(day.bea, NOW + HOUR)
    assert news(cai) == ["You have a place in “1A: Workshop 1A”: it came free, and you were next."]


def test_who_did_not_answer_about_a_place_at_the_event_reads_why_they_are_cancelled():
    full = make_day(event_capacity=1)
    bea, ada = register(full, "Bea"), register(full, "Ada")
    booking.ask_first(ada, True, NOW)
    booking.cancel(bea, NOW)
    assert offers.let_run_out(NOW + 4 * HOUR) == 1 and state(ada) == "cancelled"
    page = MyDay(ada).get()
    assert "My day: your registration is cancelled" in page.title
    assert (
        "The place at the event that was kept for you has gone on to the next in line, because we had no answer in "
        "time. That is why your registration is cancelled."
    ) in page.main


def test_who_did_not_answer_about_a_workshop_reads_which(day):
    booking.change_choices(day.ada, {day.series1.pk: Wish(day.b1.pk, day.a1.pk, ask_first=True)}, NOW)
    booking.cancel(day.bea, NOW)
    offers.let_run_out(NOW + 4 * HOUR)
    assert news(day.ada) == ["The place in “1A: Workshop 1A” that was kept for you has gone on to the next in line."]


def test_a_workshop_deleted_since_is_left_out(day, clock):
    """Nobody holds it any more, so staff may delete it; what is told of others stays."""
    clock.move_to(NOW + HOUR)
    staff_change(day.ada, **place(day.b2) | {f"series-{day.series1.pk}": ""})
    message = day.ada.messages.get(kind="changed")
    message.facts["gave_back"] = [999_999]
    message.save()
    assert news(day.ada) == ["Our team has changed your workshops: you have a place in “2B: Workshop 2B”."]
