"""One payer, several people."""

import pytest
import time_machine

from registrations import booking, colleagues
from registrations.models import Invoice, Message, Registration
from registrations.problems import Busy, Refused
from registrations.tickets import ticket_types
from tests.reading import read
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register, state
from tests.registrations.journeys import Journey, hidden, later, place, problems

pytestmark = pytest.mark.django_db
BO = {"name": "Bo Ek", "email": "bo@example.org"}
CY = {"name": "Cy", "email": "cy@example.org"}


@pytest.fixture(autouse=True)
def clock():
    """Stand on NOW."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def day():
    """A day with a ticket that costs something."""
    day = make_day()
    day.paid = make_ticket_type(day.event, "Member", 5000, order=1)
    return day


@pytest.fixture
def journey(day):
    """Ada, registered and paid for by her organisation."""
    ticket = {"ticket_type": day.paid.pk, "pays": "organisation", "organisation": "The Long Table", "is_member": "on"}
    journey = Journey(day.event).begin().answer(ticket=ticket, workshops=place(day.a1), access={"bsl": "on"})
    journey.confirm()
    return journey


def add(journey, answers=BO):
    """Send the form of the colleague's page, as it is."""
    return journey.post("colleague", answers, colleague=hidden(journey.get("colleague"), "colleague"))


def test_a_colleague_needs_a_name_and_an_address_and_shares_the_invoice(journey):
    page = read(journey.client.get(journey.get("confirmed").link("Add another colleague")))
    asked = [each.get("name") for each in page.all(".//main//input") if each.get("type") != "hidden"]
    assert asked == ["name", "email"] and "Member, £50" in page.main
    response = add(journey)
    assert response.headers["Location"] == f"{journey.at}confirmed/?added=1"
    ada, bo = Registration.objects.order_by("pk")
    assert (bo.name, bo.organisation, bo.is_member, bo.ticket_type) == (
        "Bo Ek",
        "The Long Table",
        True,
        ada.ticket_type,
    )
    assert bo.invoice == ada.invoice and Invoice.objects.count() == 1
    assert state(bo) == "confirmed" and not hasattr(bo, "access_needs")
    assert Message.objects.get(registration=bo).recipient == "bo@example.org"
    shown = read(journey.client.get(response.headers["Location"]))
    assert "Your colleague is registered" in shown.main and bo.reference in shown.main and "Bo Ek" in shown.main


def test_colleagues_are_shown_to_nobody_else_on_the_invoice(day, journey):
    add(journey)
    stranger = Journey(day.event).begin().answer(ticket={"ticket_type": day.ticket.pk})
    stranger.confirm()
    assert "Bo Ek" not in stranger.get("confirmed").main


def test_sent_twice_it_is_one_colleague(journey):
    page = journey.get("colleague")
    for _ in range(2):
        assert journey.post("colleague", BO, colleague=hidden(page, "colleague")).status_code == 302
    assert Registration.objects.count() == 2


def test_two_colleagues_are_two(journey):
    add(journey)
    add(journey, CY)
    page = journey.get("confirmed")
    assert "Bo Ek" in page.main and "Cy" in page.main and Invoice.objects.get().registrations.count() == 3


def test_what_is_wrong_is_said_and_kept(journey):
    page = read(add(journey, {"name": "Bo Ek", "email": "nonsense"}))
    assert (page.status, problems(page)) == (422, ["Enter an e-mail address such as name@example.org."])
    assert "Bo Ek" in page.source and page.title.startswith("Error: ")
    again = journey.post("colleague", BO, colleague=hidden(page, "colleague"))
    assert again.status_code == 302


def test_a_colleague_who_is_registered_already_is_written_to(day, journey):
    register(day, "Bo Ek", email="bo@example.org")
    page = read(add(journey))
    assert page.status == 200 and page.texts(".//h1") == ["Look in their e-mail"]
    assert page.title.startswith("Look in their e-mail – ")
    assert Registration.objects.count() == 2


def test_a_ticket_by_invitation_serves_a_colleague_without_the_code_again(day):
    free = make_ticket_type(day.event, "By invitation", 0, invitation_code="LOOM-10", capacity=2)
    ticket = {"ticket_type": free.pk, "invitation_code": "loom10"}
    journey = Journey(day.event).begin().answer(ticket=ticket)
    journey.confirm()
    form = journey.get("colleague")
    assert add(journey).status_code == 302
    page = read(journey.post("colleague", CY, colleague=hidden(form, "colleague")))
    assert page.status == 409 and "There are no more tickets “By invitation”." in page.main and "Cy" in page.main
    page = journey.get("colleague")
    assert "There are no more tickets “By invitation”." in page.main
    assert page.link("Register a colleague anew") == journey.at and hidden(page, "colleague") == ""


def test_a_price_that_changed_is_shown_before_it_is_owed(day, journey, clock):
    page = journey.get("colleague")
    day.paid.price = 7500
    day.paid.save()
    clock.move_to(later(minutes=31))
    refused = read(journey.post("colleague", BO, colleague=hidden(page, "colleague")))
    assert refused.status == 409 and "£75" in refused.main and Registration.objects.count() == 1
    journey.post("colleague", BO, colleague=hidden(refused, "colleague"))
    assert Registration.objects.get(name="Bo Ek").price_agreed == 7500


@pytest.mark.parametrize("text", ["", "forged"])
def test_a_price_that_the_site_did_not_show_is_not_taken(journey, text):
    assert journey.post("colleague", BO, colleague=text).status_code == 409
    assert Registration.objects.count() == 1


def test_another_one_s_colleague_form_is_not_taken(day, journey):
    other = Journey(day.event).begin().answer(details={"name": "Di", "email": "di@example.org"}, ticket={
        "ticket_type": day.ticket.pk})  # fmt: skip
    other.confirm()
    theirs = hidden(other.get("colleague"), "colleague")
    assert journey.post("colleague", BO, colleague=theirs).status_code == 409


def test_when_many_book_the_colleague_is_kept(journey, monkeypatch):
    def busy(*args, **kwargs):
        raise Busy

    text = hidden(journey.get("colleague"), "colleague")
    monkeypatch.setattr(booking, "register", busy)
    page = read(journey.post("colleague", BO, colleague=text))
    assert page.status == 503 and hidden(page, "name") == "Bo Ek" and hidden(page, "colleague") == text


def test_without_a_registration_there_is_no_colleague(day):
    journey = Journey(day.event)
    assert journey.client.get(journey.address("colleague")).headers["Location"] == journey.at
    page = read(journey.post("colleague", BO))
    assert page.status == 409 and "Bo Ek" in page.main


# -- The same page sent again


def followed(journey, response):
    return read(journey.client.get(response.headers["Location"]))


def test_a_page_that_has_registered_somebody_registers_nobody_else_and_says_so(journey):
    page = read(add(journey, {"name": "", "email": "bo@example.org"}))
    assert page.status == 422
    text = hidden(page, "colleague")
    assert "Your colleague is registered" in followed(journey, journey.post("colleague", BO, colleague=text)).main
    shown = followed(journey, journey.post("colleague", CY, colleague=text))
    bo = Registration.objects.get(name="Bo Ek")
    [heading] = [each for each in shown.texts(".//h2") if "before" in each]
    assert heading == "Bo Ek was registered from that page before"
    assert "registered nobody and changed nothing" in shown.main and bo.reference in shown.main
    assert "Your colleague is registered" not in shown.main and "Cy" not in shown.main
    assert Registration.objects.count() == 2


def test_sent_twice_it_says_the_same_twice_of_the_right_one(journey):
    first = hidden(journey.get("colleague"), "colleague")
    journey.post("colleague", BO, colleague=first)
    add(journey, CY)
    again = {"name": " bo  EK", "email": "Bo@Example.org"}
    assert "We have written to Bo Ek:" in followed(journey, journey.post("colleague", again, colleague=first)).main


@pytest.mark.parametrize("number", ["", "0", "2", "-1", "x", "9" * 40])
def test_a_number_that_is_no_colleague_s_says_nothing(journey, number):
    add(journey)
    page = read(journey.client.get(f"{journey.address('confirmed')}?added={number}&before={number}"))
    assert page.status == 200 and page.classed("notice") == []


def test_a_colleague_who_has_cancelled_is_not_called_registered(journey):
    text = hidden(journey.get("colleague"), "colleague")
    journey.post("colleague", BO, colleague=text)
    booking.cancel(Registration.objects.get(name="Bo Ek"), NOW)
    shown = followed(journey, journey.post("colleague", BO, colleague=text))
    assert "Your colleague’s registration is cancelled" in shown.main and "is registered" not in shown.main


# -- A full event


@pytest.fixture
def crowded(day, journey):
    """The event, in which one more has a place."""
    edit(day.event, capacity=2)
    return day


def test_a_full_event_is_said_before_and_after(crowded, journey):
    register(crowded)
    page = journey.get("colleague")
    assert "The event is full" in page.texts(".//h2")
    assert page.texts(".//main//button") == ["Put my colleague on the waiting list"]
    shown = followed(journey, add(journey))
    assert "Your colleague is on the waiting list" in shown.main and "is registered" not in shown.main
    assert state(Registration.objects.get(name="Bo Ek")) == "waiting"


def test_where_there_is_room_nothing_is_said_of_a_waiting_list(crowded, journey):
    page = journey.get("colleague")
    assert "waiting list" not in page.main and page.texts(".//main//button") == ["Register my colleague"]


def test_an_event_that_filled_meanwhile_is_said_afterwards(crowded, journey):
    text = hidden(journey.get("colleague"), "colleague")
    register(crowded)
    shown = followed(journey, journey.post("colleague", BO, colleague=text))
    assert "Your colleague is on the waiting list" in shown.main


# -- Nobody can be added


def refused(journey, text):
    """Send a colleague, and return the page that keeps what was sent; nobody is registered by it."""
    before = Registration.objects.count()
    page = read(journey.post("colleague", BO, colleague=text))
    assert page.status == 409 and "Bo Ek" in page.main and page.texts(".//main//button") == []
    assert Registration.objects.count() == before
    return page


def test_who_has_cancelled_adds_nobody(journey):
    text = hidden(journey.get("colleague"), "colleague")
    ada = Registration.objects.get()
    booking.cancel(ada, NOW)
    page = journey.get("colleague")
    said = "Your registration is cancelled, so no colleague can be added to it."
    assert said in page.main and hidden(page, "colleague") == ""
    assert page.link("Register a colleague anew") == journey.at
    assert said in refused(journey, text).main
    assert Invoice.objects.get().state == "nothing_due"


def test_whoever_was_added_before_is_still_said_to_be(journey):
    text = hidden(journey.get("colleague"), "colleague")
    journey.post("colleague", BO, colleague=text)
    edit(journey.event, booking_closes=later(minutes=-1))
    assert "Your colleague is registered" in followed(journey, journey.post("colleague", BO, colleague=text)).main
    assert "Booking closed" in read(journey.post("colleague", {"name": ""}, colleague=text)).main


def test_who_cancels_at_the_same_moment_adds_nobody(journey):
    """The writer looks for itself, under the lock: what the page has read may be over by then."""
    ada = Registration.objects.get()
    key, quote = colleagues.read(ada, hidden(journey.get("colleague"), "colleague"))
    booking.cancel(Registration.objects.get(), NOW)
    with pytest.raises(Refused):
        colleagues.register(ada, "Bo Ek", "bo@example.org", key, quote, NOW)
    assert Registration.objects.count() == 1


def test_a_ticket_that_is_not_on_sale_any_more_is_none_for_a_colleague(day, journey, clock):
    text = hidden(journey.get("colleague"), "colleague")
    day.paid.available_until = later(minutes=10)
    ticket_types.save(day.paid, NOW)
    clock.move_to(later(minutes=10))
    page = journey.get("colleague")
    said = "“Member” is not on sale any more, so a colleague cannot have the same ticket."
    assert said in page.main and page.link("Register a colleague anew") == journey.at
    clock.move_to(later(minutes=30, seconds=1))
    assert said in refused(journey, text).main


def test_a_price_that_was_shown_before_the_end_is_a_colleague_s_for_half_an_hour(day, journey, clock):
    text = hidden(journey.get("colleague"), "colleague")
    day.paid.available_until = later(minutes=10)
    ticket_types.save(day.paid, NOW)
    clock.move_to(later(minutes=30))
    journey.post("colleague", BO, colleague=text)
    assert Registration.objects.get(name="Bo Ek").price_agreed == 5000


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"booking_closes": later(minutes=-1)}, "Booking closed on Saturday 1 May 2027 at 9:59am."),
        ({"booking_opens": later(days=1)}, "Booking opens on Sunday 2 May 2027 at 10am."),
        ({"status": "cancelled"}, "This event has been cancelled: it will not take place."),
    ],
)
def test_where_nobody_can_register_nobody_can_be_added(day, journey, values, said):
    text = hidden(journey.get("colleague"), "colleague")
    edit(day.event, **values)
    page = journey.get("colleague")
    assert said in page.main and hidden(page, "colleague") == "" and "Register a colleague anew" not in page.main
    assert said in refused(journey, text).main
