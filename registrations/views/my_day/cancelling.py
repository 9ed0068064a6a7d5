"""Cancelling: a page that says what will happen, and then the button."""

from django.http import HttpResponse

from events.models import Status
from registrations import booking, kept
from registrations.models import ChoiceState, Invoice, InvoiceState, Registration
from registrations.my_day import own_day
from registrations.problems import Busy, Refused
from registrations.tickets import invoices, prices
from registrations.views.my_day.gate import Mine, own, render_mine
from registrations.views.my_day.overview import show, to_day

TOO_LATE = "The event has begun, so nothing can be cancelled here any more. If you cannot come, please ring us."


@own
def cancel(mine: Mine) -> HttpResponse:
    """Say what cancelling does; a POST cancels."""
    if mine.registration.is_cancelled:
        return to_day("cancelled") if mine.is_sent else show(mine)
    if mine.event.status == Status.CANCELLED:
        return show(mine, notice=booking.IS_OFF.message, status=409)
    if mine.event.starts <= mine.showing.now:
        return show(mine, notice=TOO_LATE, status=409)
    if not mine.is_sent:
        return _page(mine)
    try:
        booking.cancel(mine.registration, mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    except Refused as refused:
        return show(mine, notice=str(refused), status=409)
    return to_day("cancelled")


def _page(mine: Mine) -> HttpResponse:
    registration = mine.registration
    choices = list(own_day.live_choices(registration))
    heading = "Leave the waiting list" if registration.is_waiting else "Cancel your place"
    return render_mine(
        mine, "my_day/cancel.html", heading,
        held=[each.session for each in choices if each.state == ChoiceState.CONFIRMED],
        waited=[each.session for each in choices if each.state == ChoiceState.WAITING],
        is_kept=registration.is_waiting and registration.offers.open().filter(session=None).exists(),
        money=_money(registration, Invoice.objects.filter(pk=registration.invoice_id).first()),
    )  # fmt: skip


def _money(registration: Registration, invoice: Invoice | None) -> str:
    """Return what becomes of what is owed or paid for a place, in words."""
    if invoice is None or not registration.price_agreed:
        return "Nothing is owed, so there is nothing to give back."
    price = prices.words(registration.price_agreed)
    if invoices.was_paid(invoice, registration):
        return f"{price} has been paid. What of it is refunded is said below; we pay it back to {invoice.payer}."
    if invoice.state == InvoiceState.INVOICED:
        return f"An invoice of {price} has been sent to {invoice.payer}. We write to them about it."
    if invoice.state == InvoiceState.TO_INVOICE:
        return f"No invoice has been sent yet, so the {price} is no longer owed."
    return "Nothing is owed at present, so there is nothing to give back."
