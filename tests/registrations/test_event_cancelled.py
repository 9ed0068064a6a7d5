"""What becomes of those who have booked when staff cancel the event, and when they publish it again."""

import datetime

import pytest
from django.db import connection

from events.models import Status
from events.problems import Refused as ProgrammeRefused
from registrations import booking, invariants
from registrations.data_rights import erasing
from registrations.messages import emails
from registrations.models import (
    Invoice,
    InvoiceState,
    MessageKind,
    MessageState,
    Offer,
    OfferState,
    Registration,
    Transfer,
    TransferState,
)
from registrations.my_day import transfers
from registrations.problems import Refused
from registrations.tickets import invoices, owing
from tests.registrations.builders import NOW, edit, make_day, register, state
from tests.registrations.staff import a_busy_day, a_paying
from tests.registrations.telling import entries, queries_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_broken():
    """After each test the invariants hold."""
    yield
    connection.check_constraints()
    assert invariants.broken(NOW) == []


def cancel(day):
    edit(day.event, status=Status.CANCELLED)


def invoice_of(registration):
    return Invoice.objects.get(registrations=registration)


def test_a_cancelled_event_is_told_once_to_everybody_who_is_still_registered():
    day = make_day(event_capacity=3)
    ada, bea, gone = register(day, "Ada", take=day.a1), register(day, "Bea"), register(day, "Gone")
    late = register(day, "Late")
    booking.cancel(gone, NOW)  # so Late has a place
    waits = register(day, "Waits")
    cancel(day)
    assert [each.registration for each in told(MessageKind.EVENT_CANCELLED)] == [ada, bea, late, waits]
    cancel(day)
    edit(day.event, title="Another title")
    assert len(told(MessageKind.EVENT_CANCELLED)) == 4


def test_who_has_no_address_is_rung():
    day = make_day()
    register(day, email="", by_staff=True)
    cancel(day)
    assert [each.state for each in told(MessageKind.EVENT_CANCELLED)] == [MessageState.TO_RING]


def test_nobody_is_promoted_and_registrations_stay_as_a_record():
    day = make_day(event_capacity=1, places=(1, None))
    holder, waits = register(day, "Holder", take=day.a1), register(day, "Waits", take=day.a1)
    cancel(day)
    assert (state(holder), state(waits)) == ("confirmed 1A", "waiting waits 1A")
    with pytest.raises(Refused, match="nothing to cancel"):
        booking.cancel(holder, NOW)
    erasing.erase(holder, NOW)
    assert state(waits) == "waiting waits 1A" and told(MessageKind.PROMOTED) == []


@pytest.mark.parametrize("before", [Status.PUBLISHED, Status.CANCELLED])
def test_an_event_with_registrations_does_not_go_back_to_a_draft(before):
    day = make_day()
    ada, bo = register(day, "Ada"), register(day, "Bo")
    booking.cancel(bo, NOW)
    edit(day.event, status=before)
    with pytest.raises(ProgrammeRefused, match="1 person has registered for it, so it cannot become a draft"):
        edit(day.event, status=Status.DRAFT)
    erasing.erase(ada, NOW)
    edit(day.event, status=Status.DRAFT)  # nobody is left who would miss it


def test_an_event_that_is_over_tells_nobody():
    began = NOW - datetime.timedelta(days=30)
    day = make_day(hours=(), starts=began, ends=began + datetime.timedelta(hours=8))
    register(day, now=began - datetime.timedelta(days=1))
    cancel(day)
    assert told(MessageKind.EVENT_CANCELLED) == []


def test_open_offers_are_withdrawn_and_their_places_are_free():
    day = make_day(event_capacity=1, places=(1, None))
    holder = register(day, "Holder", take=day.a1)
    waits = register(day, "Waits", take=day.a1)
    booking.ask_first(waits, True, NOW)
    booking.cancel(holder, NOW)
    assert Offer.objects.get().state == OfferState.OPEN
    cancel(day)
    assert (Offer.objects.get().state, Offer.objects.get().answered_at) == (OfferState.WITHDRAWN, NOW)


def test_a_transfer_under_way_ends_and_forgets_the_colleague():
    day = make_day()
    passing = transfers.begin(register(day), "Col", "col@example.org", NOW)
    assert len(told(MessageKind.TRANSFER_OFFERED)) == 1
    cancel(day)
    passing.refresh_from_db()
    assert (passing.state, passing.name, passing.email) == (TransferState.WITHDRAWN, "", "")
    assert passing.ended_at == NOW
    assert told(MessageKind.TRANSFER_OFFERED) == [], "their address was held for this alone"


def test_what_was_paid_is_to_be_refunded_and_nothing_else_is_owed():
    day = a_busy_day()
    paid, sent, new, free = a_paying(day, "Paid"), a_paying(day, "Sent"), a_paying(day, "New"), register(day, "Free")
    invoices.confirm_payment(invoice_of(paid), 5000, NOW)
    invoices.mark_invoiced(invoice_of(sent), NOW)
    cancel(day)
    states = [invoice_of(each).state for each in (paid, sent, new)]
    assert states == [InvoiceState.TO_REFUND, InvoiceState.NOTHING_DUE, InvoiceState.NOTHING_DUE]
    stored = {each.pk: each for each in Registration.objects.select_related("invoice", "event")}
    said = [owing.words(stored[each.pk]) for each in (paid, sent, new, free)]
    assert said == ["Invoice to be refunded", "Nothing", "Nothing", "Nothing"]
    assert [invoices.owed(invoice_of(each)) for each in (paid, sent)] == [0, 0]
    assert invoice_of(sent).history.first().state == InvoiceState.NOTHING_DUE


@pytest.mark.parametrize(
    ("kind", "who"),
    [("open", ""), ("to_invoice", ""), ("invoiced", ""), ("paid", ""), ("refund", "Paid"), ("nothing", "Paid Sent")],
)
def test_staff_find_by_what_is_owed_what_is_said(kind, who):
    day = a_busy_day()
    paid = a_paying(day, "Paid")
    a_paying(day, "Sent")
    invoices.confirm_payment(invoice_of(paid), 5000, NOW)
    cancel(day)
    found = Registration.objects.filter(owing.KINDS[kind][1]).order_by("pk")
    assert " ".join(found.values_list("name", flat=True)) == who


def test_where_a_colleague_was_refunded_before_who_is_left_is_refunded_too():
    day = a_busy_day()
    first = a_paying(day, "First")
    second = register(day, "Second", ticket=day.paid, invoice=invoice_of(first))
    invoices.confirm_payment(invoice_of(first), 10000, NOW)
    booking.cancel(second, NOW)
    invoices.confirm_refund(invoice_of(first), 5000, NOW)
    cancel(day)
    assert invoice_of(first).state == InvoiceState.TO_REFUND


def test_published_again_it_asks_for_what_is_not_paid_and_a_second_cancellation_is_told_again():
    day = a_busy_day()
    paid, new = a_paying(day, "Paid"), a_paying(day, "New")
    invoices.confirm_payment(invoice_of(paid), 5000, NOW)
    cancel(day)
    edit(day.event, status=Status.PUBLISHED)
    assert [invoice_of(each).state for each in (paid, new)] == [InvoiceState.TO_REFUND, InvoiceState.TO_INVOICE]
    assert len(told(MessageKind.EVENT_CANCELLED)) == 2
    cancel(day)
    assert len(told(MessageKind.EVENT_CANCELLED)) == 4


def test_the_calendar_cancels_each_entry_under_its_own_identity():
    day = make_day()
    register(day, take=day.a1)
    before = entries(emails.write(told(MessageKind.CONFIRMED)[0]).calendar)
    cancel(day)
    after = entries(emails.write(told(MessageKind.EVENT_CANCELLED)[0]).calendar)
    assert set(after) == set(before) == {str(day.event.uid), str(day.a1.uid)}
    for uid, entry in after.items():
        assert (before[uid].status.value, entry.status.value) == ("CONFIRMED", "CANCELLED")
        assert int(entry.sequence.value) > int(before[uid].sequence.value)


def test_what_a_cancelled_event_says_of_money():
    day = a_busy_day()
    paid, sent, waits = a_paying(day, "Paid"), a_paying(day, "Sent"), register(day, "Free")
    invoices.confirm_payment(invoice_of(paid), 5000, NOW)
    cancel(day)
    words = [emails.write(each).text for each in told(MessageKind.EVENT_CANCELLED)]
    assert [each.registration for each in told(MessageKind.EVENT_CANCELLED)] == [paid, sent, waits]
    assert "What was paid for your place (£50) goes back to The Long Table" in words[0]
    assert "If an invoice has reached The Long Table, please do not pay it." in words[1]
    assert "WHAT IS OWED" not in words[2]


def many_with_all(number):
    """Return a day with so many who have paid, with a workshop, and as many who wait and are being asked."""
    day = a_busy_day(event_capacity=2 * number)
    payer = a_paying(day, take=day.b1)
    for _ in range(number - 1):
        a_paying(day, name=None, take=day.b1)
    leaving = [register(day) for _ in range(number)]
    waiting = [register(day, take=day.b2) for _ in range(number)]
    for each in waiting:
        booking.ask_first(each, True, NOW)
    for each in leaving:
        booking.cancel(each, NOW)
    for each in Invoice.objects.filter(registrations__event=day.event):
        invoices.confirm_payment(each, 5000, NOW)
    Transfer.objects.create(registration=payer, name="C", email="c@example.org", made_at=NOW)
    assert Offer.objects.open().filter(event=day.event).count() == number
    return day


def test_cancelling_asks_the_database_as_often_for_thirty_as_for_one():
    one, thirty = many_with_all(1), many_with_all(30)
    assert queries_of(lambda: cancel(one)) == queries_of(lambda: cancel(thirty))
    assert len(told(MessageKind.EVENT_CANCELLED)) == 62
