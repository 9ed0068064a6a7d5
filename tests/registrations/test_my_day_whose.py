"""Whose a registration is, at every moment: what its former holder sends too late, and what the next is not shown."""

import datetime

import pytest
from django.test import Client

from registrations import booking, holding, needs
from registrations.answering.answers import Needs, Payer, Wish
from registrations.data_rights import complaining, erasing
from registrations.holding import PassedOn
from registrations.messages import sending
from registrations.models import AccessNeeds, Invoice, Message, Offer, Registration, Transfer
from registrations.my_day import corrections, rechoosing, transfers
from registrations.waiting import offers
from registrations.way_in import links
from tests.builders import save
from tests.reading import read
from tests.registrations.builders import MINUTE, NOW, event_of, make_day, make_ticket_type, register, state
from tests.registrations.many_people import all_at_once
from tests.registrations.my_day import MyDay, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def day():
    day = make_day()
    day.paid = make_ticket_type(day.event, "Paid", 5000)
    payer = Payer("CANARYPAYER", "CANARYHOUSE", "pay@example.org")
    day.ada = register(day, "Ada", email="ada@example.org", take=[day.a1], ticket=day.paid, payer=payer)
    return day


def stored(registration):
    return Registration.objects.get(pk=registration.pk)


def told():
    return list(Message.objects.order_by("pk").values_list("kind", "recipient"))


TOO_LATE = {
    "cancel": lambda ada: booking.cancel(ada, NOW),
    "workshops": lambda ada: booking.change_choices(ada, {}, NOW),
    "rechoosing": lambda ada: rechoosing.change(ada, {1: Wish()}, {}, NOW),
    "ask first": lambda ada: booking.ask_first(ada, True, NOW),
    "details": lambda ada: corrections.correct(ada, {"name": "Ada"}, NOW),
    "needs": lambda ada: needs.change(ada, Needs(bsl=True), None, NOW),
    "pass on": lambda ada: transfers.begin(ada, "Cai", "cai@example.org", NOW),
    "keep": lambda ada: transfers.withdraw(ada, NOW),
    "erase": lambda ada: erasing.erase(ada, NOW),
    "complain": lambda ada: complaining.complain(ada, "It leaked.", NOW),
}


@pytest.mark.parametrize("write", TOO_LATE.values(), ids=TOO_LATE)
def test_whoever_opened_it_before_it_passed_on_writes_nothing_to_it(day, write):
    before = stored(day.ada)
    transfers.accept(transfers.begin(day.ada, "Bea", "bea@example.org", NOW), {}, Needs(), NOW)
    with pytest.raises(PassedOn):
        write(before)
    now = stored(day.ada)
    assert (now.name, now.ask_first, state(now)) == ("Bea", False, "confirmed 1A")
    assert not AccessNeeds.objects.exists()


@pytest.mark.parametrize("below", ["cancel/", "details/", "access/", "erase/"])
def test_a_browser_that_came_too_late_by_a_moment_is_told_that_it_is_closed(day, monkeypatch, below):
    """The link number rises between the look at the cookie and the lock, as when both press at once."""
    ada, look = MyDay(day.ada), holding.refuse_another

    def meanwhile(now_stored, read_before):
        Registration.objects.update(link_number=9)
        now_stored.refresh_from_db()
        look(now_stored, read_before)

    monkeypatch.setattr(holding, "refuse_another", meanwhile)
    sent = {"name": "New name", "email": "ada@example.org", "bsl": "on", "sure": "on"}
    response = ada.post(below, sent)
    assert response.status_code in (403, 409, 422), below
    assert (stored(day.ada).name, state(day.ada)) == ("Ada", "confirmed 1A") and not AccessNeeds.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_gives_needs_while_the_colleague_accepts_leaves_them_none():
    day = make_day()
    ada = register(day, "Ada", needs=Needs(bsl=True))
    transfer = transfers.begin(ada, "Bea", "bea@example.org", NOW)
    works = [lambda: needs.change(ada, Needs(captions=True), None, NOW)] * 3
    all_at_once([lambda: transfers.accept(transfer, {}, Needs(), NOW), *works])
    assert stored(ada).name == "Bea" and not AccessNeeds.objects.exists()


def test_another_address_ends_a_transfer_whose_link_it_ends(day):
    transfer = transfers.begin(day.ada, "Bea", "bea@example.org", NOW)
    link = path_of(links.transfer(Transfer.objects.get()))
    ada = corrections.correct(day.ada, {"email": "new@example.com"}, NOW)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.name, transfer.email) == ("withdrawn", "", "")
    answer = Client().get(link, follow=True)
    assert answer.status_code == 409 and "no longer passed on" in read(answer).main
    assert "You are passing" not in MyDay(ada).get().main


def test_a_colleague_who_says_no_is_not_waited_for(day, clock, mailoutbox):
    transfers.begin(day.ada, "Bea", "bea@example.org", NOW)
    clock.move_to(NOW + MINUTE)
    response = Client().post(path_of(links.transfer(Transfer.objects.get())), {"answer": "no"})
    assert response.status_code == 200 and "You have said no" in read(response).main
    assert told()[-1] == ("transfer_declined", "ada@example.org") and Transfer.objects.get().state == "declined"
    assert "Your colleague does not take your place: it stays yours." in MyDay(day.ada).get().main
    sending.send_due(lambda: NOW + 2 * MINUTE)
    assert "it stays yours" in mailoutbox[-1].body and links.my_day(day.ada) in mailoutbox[-1].body


def test_a_no_to_an_earlier_letter_does_not_end_the_next_one(day):
    first = transfers.begin(day.ada, "Bea", "bea@example.org", NOW)
    transfers.withdraw(day.ada, NOW)
    transfers.begin(day.ada, "Cai", "cai@example.org", NOW + MINUTE)
    with pytest.raises(transfers.Refused):
        transfers.decline(first, NOW + MINUTE)
    assert Transfer.objects.open().get().name == "Cai"


def test_colleagues_and_later_holders_are_not_shown_who_pays_nor_where_they_live(day):
    assert "CANARYHOUSE" in MyDay(day.ada).get("order/").source
    cai = MyDay(register(day, "Cai", ticket=day.paid, invoice=day.ada.invoice))
    transfers.accept(transfers.begin(day.ada, "Bea", "bea@example.org", NOW), {}, Needs(), NOW)
    for mine in (cai, MyDay(stored(day.ada))):
        page = mine.get("order/")
        assert page.status == 200 and "CANARY" not in page.source and "pay@example.org" not in page.source
        mine.post("order/", {"purchase_order": "PO 5", "payer": "Evil", "address": "Evil", "email": "evil@example.org"})
    kept = Invoice.objects.get()
    assert (kept.payer, kept.address, kept.email) == ("CANARYPAYER", "CANARYHOUSE", "pay@example.org")
    assert kept.purchase_order == "PO 5"


def test_who_else_is_registered_is_said_without_their_reference(day):
    bea = register(day, "Bea", email="bea@example.org")
    for below in ("details/", "pass-on/"):
        response = MyDay(day.ada).post(below, {"name": "Bea", "email": "bea@example.org"})
        assert response.status_code == 409 and "is registered already" in read(response).main
        assert bea.reference not in response.content.decode()


@pytest.mark.parametrize("over", ["past", "cancelled"])
def test_a_new_address_is_not_told_of_a_place_at_what_does_not_take_place(day, over):
    now = NOW
    if over == "past":
        now = day.event.ends + datetime.timedelta(hours=1)
    else:
        event = event_of(day)
        event.status = "cancelled"
        save(event)
    ada = corrections.correct(stored(day.ada), {"email": "new@example.com"}, now)
    assert ada.email == "new@example.com"
    assert [kind for kind, to in told() if to == "new@example.com"] == []
    assert ("address_changed", "ada@example.org") in told()


@pytest.mark.parametrize("answer", [offers.accept, offers.decline])
def test_what_a_former_holder_answers_to_an_offer_counts_no_more(answer):
    day = make_day(places=(1, 5))
    bea, ada = register(day, "Bea", take=day.a1), register(day, "Ada", take=day.b1)
    booking.change_choices(ada, {day.a1.series_id: Wish(day.b1.pk, day.a1.pk, ask_first=True)}, NOW)
    booking.cancel(bea, NOW)
    offer = Offer.objects.select_related("registration").get()
    transfers.accept(transfers.begin(ada, "Cai", "cai@example.org", NOW), {}, Needs(), NOW)
    with pytest.raises(PassedOn):
        answer(offer, NOW)
    assert state(ada) == "confirmed 1B, waits 1A"
    answer(Offer.objects.get(), NOW)  # it is the new holder's to answer
    assert "waits" not in state(ada)
