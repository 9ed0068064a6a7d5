"""One payer, several people."""

import pytest
import time_machine

from registrations import booking
from registrations.models import Invoice, Message, Registration
from registrations.problems import Busy
from tests.reading import read
from tests.registrations.builders import NOW, make_day, make_ticket_type, register, state
from tests.registrations.journeys import Journey, hidden, later, place, problems

pytestmark = pytest.mark.django_db
BO = {"name": "Bo Ek", "email": "bo@example.org"}


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
    assert response.headers["Location"] == f"{journey.at}confirmed/?added"
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
    add(journey, {"name": "Cy", "email": "cy@example.org"})
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
    assert page.status == 200 and "Look in their e-mail" in page.texts(".//h1")
    assert Registration.objects.count() == 2


def test_a_ticket_by_invitation_serves_a_colleague_without_the_code_again(day):
    free = make_ticket_type(day.event, "By invitation", 0, invitation_code="LOOM-10", capacity=2)
    ticket = {"ticket_type": free.pk, "invitation_code": "loom10"}
    journey = Journey(day.event).begin().answer(ticket=ticket)
    journey.confirm()
    assert add(journey).status_code == 302
    page = read(add(journey, {"name": "Cy", "email": "cy@example.org"}))
    assert (page.status, problems(page)) == (409, ["There are no more tickets “By invitation”. Choose another."])


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
