"""Whose money goes back, where one payer paid for several people."""

import datetime

import pytest

from events.models import Status
from registrations import booking
from registrations.data_rights import erasing
from registrations.models import Invoice, InvoiceState, Registration
from registrations.problems import Refused
from registrations.tickets import invoices, owing, refunds
from tests.reading import read
from tests.registrations.builders import NOW, edit, register, state
from tests.registrations.my_day import MyDay
from tests.registrations.staff import TEAM, a_busy_day, a_paying, signed_in

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def day():
    """Anna, Bo and Cy are on one invoice of £150, which is paid."""
    day = a_busy_day()
    day.anna = a_paying(day)
    day.bo, day.cy = (register(day, name, ticket=day.paid, invoice=invoice()) for name in ("Bo", "Cy"))
    invoices.confirm_payment(invoice(), 15000, NOW)
    return day


def invoice():
    return Invoice.objects.get()


def test_whoever_cancels_after_a_colleague_was_refunded_is_refunded_too(day):
    booking.cancel(day.anna, NOW)
    invoices.confirm_refund(invoice(), 5000, NOW + HOUR)
    assert refunds.of(invoice()) == []
    booking.cancel(day.bo, NOW + 2 * HOUR)
    assert invoice().state == InvoiceState.TO_REFUND
    assert [each.name for each in refunds.of(invoice())] == ["Bo"] and refunds.amount(invoice()) == 5000


def test_two_who_cancel_before_the_refund_are_refunded_together(day):
    for each in (day.anna, day.bo):
        booking.cancel(each, NOW)
    assert refunds.amount(invoice()) == 10000


def test_a_refund_of_another_amount_than_was_seen_is_refused(day):
    booking.cancel(day.anna, NOW)
    booking.cancel(day.bo, NOW)
    with pytest.raises(Refused, match="£100 is to go back on Invoice"):
        invoices.confirm_refund(invoice(), 5000, NOW)
    assert (invoice().state, invoice().refunded_at) == (InvoiceState.TO_REFUND, None)


def test_who_only_waited_is_owed_nothing_when_they_leave():
    day = a_busy_day(event_capacity=1)
    anna = a_paying(day)
    waits = register(day, "Waits", ticket=day.paid, invoice=invoice())
    invoices.confirm_payment(invoice(), 5000, NOW)
    booking.cancel(waits, NOW)
    assert invoice().state == InvoiceState.PAID
    booking.cancel(anna, NOW)
    assert [each.name for each in refunds.of(invoice())] == ["Anna"]


def test_when_the_event_is_cancelled_only_those_not_refunded_yet_are_listed(day):
    booking.cancel(day.anna, NOW)
    invoices.confirm_refund(invoice(), 5000, NOW + HOUR)
    edit(day.event, status=Status.CANCELLED)
    assert [each.name for each in refunds.of(invoice())] == ["Bo", "Cy"]


def test_an_erased_attendee_who_paid_is_still_listed(day):
    erasing.erase(day.bo, NOW)
    assert refunds.amount(invoice()) == 5000


def test_whoever_gets_a_place_after_the_invoice_was_sent_gets_a_further_one():
    day = a_busy_day(event_capacity=2)
    anna = a_paying(day)
    register(day, "Bo", ticket=day.paid, invoice=invoice())
    waits = register(day, "Waits", ticket=day.paid, invoice=invoice())
    invoices.mark_invoiced(invoice(), NOW)
    booking.cancel(anna, NOW)
    assert state(waits) == "confirmed"
    first, further = Invoice.objects.order_by("pk")
    assert (first.state, further.state) == (InvoiceState.INVOICED, InvoiceState.TO_INVOICE)
    assert invoices.owed(first) == 5000
    assert further.payer == first.payer == "The Long Table" and invoices.owed(further) == 5000
    assert owing.words(Registration.objects.get(pk=waits.pk)) == "£50, to be invoiced"


def test_one_that_was_not_sent_yet_takes_them_in():
    day = a_busy_day(event_capacity=1)
    anna = a_paying(day)
    register(day, "Waits", ticket=day.paid, invoice=invoice())
    booking.cancel(anna, NOW)
    assert invoices.owed(invoice()) == 5000 and invoice().state == InvoiceState.TO_INVOICE


class TestStaff:
    def confirm(self, team, seen):
        at = f"/admin/registrations/invoice/{invoice().pk}/confirm_refund/"
        return read(team.post(at, {f"seen-{invoice().pk}": seen}, follow=True)).main

    def test_the_page_names_whose_money_goes_back(self, day):
        booking.cancel(day.anna, NOW)
        invoices.confirm_refund(invoice(), 5000, NOW)
        booking.cancel(day.bo, NOW + HOUR)
        team = signed_in(*TEAM)
        page = read(team.get(f"/admin/registrations/invoice/{invoice().pk}/confirm_refund/"))
        assert f"The Long Table: £50 for {day.bo.reference} (Bo)." in page.main and "Anna" not in page.main
        assert "£50; up to £50 goes back" in read(team.get("/admin/registrations/invoice/")).main
        self.confirm(team, 5000)
        assert invoice().state == InvoiceState.REFUNDED

    @pytest.mark.parametrize("seen", ["", "4999", "x", "9" * 30])
    def test_what_was_not_seen_is_not_confirmed(self, day, seen):
        booking.cancel(day.anna, NOW)
        assert "£50 is to go back" in self.confirm(signed_in(*TEAM), seen)
        assert invoice().state == InvoiceState.TO_REFUND


class TestMyDay:
    def test_before_cancelling_the_money_is_said_as_it_is(self, day):
        booking.cancel(day.anna, NOW)
        for each in ("to be refunded", "refunded"):
            page = MyDay(day.bo).get("cancel/")
            assert "£50 has been paid. What of it is refunded is said below" in page.main, each
            if each == "to be refunded":
                invoices.confirm_refund(invoice(), 5000, NOW)

    def test_afterwards_it_says_to_whom_it_goes(self, day):
        booking.cancel(day.anna, NOW)
        assert "What is refunded of what was paid goes back to The Long Table." in MyDay(day.anna).get().main
        invoices.confirm_refund(invoice(), 5000, NOW)
        assert "has gone back to The Long Table." in MyDay(day.anna).get().main
        assert "£50, paid." in MyDay(day.bo).get().main
