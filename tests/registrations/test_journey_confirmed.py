"""The page of what is confirmed: only what is so; several people on one invoice; a computer that others use too."""

import pytest
import time_machine

from registrations import booking
from registrations.models import Invoice, Registration
from registrations.tickets import invoices
from registrations.way_in import links
from tests.reading import read
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register, state
from tests.registrations.journeys import Journey, later, place
from tests.registrations.my_day import path_of

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


def cancelled(journey):
    """Return what the page says after this journey was confirmed, and its registration cancelled."""
    journey.confirm()
    booking.cancel(Registration.objects.get(), NOW)
    return journey.get("confirmed")


NO_LONGER_SO = (
    "Your workshops",
    "we write to you",
    "change your",
    "or to cancel",
    "Add the day",
    "Several people",
    "£",
)


def test_who_has_cancelled_reads_only_what_is_so(day):
    ticket = {"ticket_type": day.paid.pk, "pays": "me"}
    page = cancelled(Journey(day.event).begin().answer(ticket=ticket, workshops=place(day.a1)))
    assert page.texts(".//h1") == ["Your registration is cancelled"]
    assert [said for said in NO_LONGER_SO if said in page.main] == []
    assert "Nothing is owed for your place any more." in page.main and "goes back" not in page.main
    assert page.link("Register again") == f"/events/{day.event.slug}/register/"
    assert Registration.objects.get().reference in page.main


def test_who_has_paid_and_cancelled_reads_that_it_goes_back(day):
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": day.paid.pk, "pays": "me"})
    journey.confirm()
    invoices.confirm_payment(Invoice.objects.get(), 5000, NOW)
    assert "What was paid for it goes back to who paid it." in cancelled(journey).main


def test_who_has_cancelled_is_not_led_to_a_start_that_is_closed(day):
    journey = Journey(day.event).begin().answer()
    journey.confirm()
    edit(day.event, booking_closes=later(minutes=-1))
    page = cancelled(journey)
    assert "Register again" not in page.main and "If you want to come after all" in page.main


def test_of_a_cancelled_event_nothing_is_promised_any_more(day):
    journey = Journey(day.event).begin().answer(workshops=place(day.a1))
    journey.confirm()
    edit(day.event, status="cancelled")
    page = journey.get("confirmed")
    assert page.texts(".//h1") == ["This event is cancelled"]
    assert [said for said in (*NO_LONGER_SO, "come after all") if said in page.main] == []


# -- One invoice for several


def paying(day):
    """Return a journey that ended with a place for £50, and the page that says so."""
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": day.paid.pk, "pays": "me"})
    journey.confirm()
    return journey


def test_the_invoice_of_one_is_said_with_its_sum(day):
    assert "We send an invoice for £50 to Ada Lovelace." in paying(day).get("confirmed").main


@pytest.mark.parametrize(("number", "said"), [(1, "1 colleague"), (3, "3 colleagues")])
def test_an_invoice_of_several_is_said_with_their_number_and_what_this_place_costs(day, number, said):
    journey, invoice = paying(day), Invoice.objects.get()
    for each in range(number):
        register(day, f"Colleague {each}", ticket=day.paid, invoice=invoice)
    register(day, "For nothing", invoice=invoice)
    booking.cancel(register(day, "Cancelled", ticket=day.paid, invoice=invoice), NOW)
    page = journey.get("confirmed")
    sentence = f"Your place costs £50. It goes on one invoice with {said}, which we send to Ada Lovelace."
    assert sentence in page.main and "We send an invoice for" not in page.main
    assert "Colleague 0" not in page.main and "For nothing" not in page.main


# -- On a computer that others use


def test_the_browser_forgets_on_request_and_the_registration_stays(day):
    journey = Journey(day.event).begin().answer()
    journey.confirm()
    ada = Registration.objects.get()
    opened = read(journey.client.get(path_of(links.my_day(ada)), follow=True))
    assert opened.status == 200 and "Forget it in this browser" in journey.get("confirmed").texts(".//button")
    response = journey.client.post(f"{journey.at}forget/", follow=True)
    page = read(response)
    assert page.texts(".//h1") == ["Forgotten in this browser"] and "Ada" not in page.main
    assert page.response["Cache-Control"] == "no-store, private"
    assert journey.client.get(journey.address("confirmed")).headers["Location"] == journey.at
    assert "Ada" not in read(journey.client.get("/my-day/", follow=True)).main
    assert Registration.objects.get() == ada and state(ada) == "confirmed"


def test_looking_forgets_nothing(day):
    journey = Journey(day.event).begin().answer()
    journey.confirm()
    assert journey.client.get(f"{journey.at}forget/").headers["Location"] == journey.address("confirmed")
    assert "You have a place" in journey.get("confirmed").main
