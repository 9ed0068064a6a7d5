"""Cancelling: a page that says what will happen, and then the button."""

from django.http import HttpResponse

from registrations import booking, kept
from registrations.models import ChoiceState, Invoice, InvoiceState
from registrations.my_day import own_day
from registrations.problems import Busy
from registrations.tickets import prices
from registrations.views.my_day.gate import Mine, own, render_mine
from registrations.views.my_day.overview import show, to_day

TOO_LATE = "The event has begun, so nothing can be cancelled here any more. If you cannot come, please ring us."


@own
def cancel(mine: Mine) -> HttpResponse:
    """Say what cancelling does; a POST cancels."""
    if mine.registration.is_cancelled:
        return to_day("cancelled") if mine.is_sent else show(mine)
    if mine.event.starts <= mine.showing.now:
        return show(mine, notice=TOO_LATE, status=409)
    if not mine.is_sent:
        return _page(mine)
    try:
        booking.cancel(mine.registration, mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    return to_day("cancelled")


def _page(mine: Mine) -> HttpResponse:
    choices = list(own_day.live_choices(mine.registration))
    heading = "Leave the waiting list" if mine.registration.is_waiting else "Cancel your place"
    return render_mine(
        mine, "my_day/cancel.html", heading,
        held=[each.session for each in choices if each.state == ChoiceState.CONFIRMED],
        waited=[each.session for each in choices if each.state == ChoiceState.WAITING],
        money=_money(mine),
    )  # fmt: skip


def _money(mine: Mine) -> str:
    """Return what becomes of what is owed or paid, in words."""
    registration = mine.registration
    invoice = Invoice.objects.filter(pk=registration.invoice_id).first()
    if invoice is None or registration.is_waiting or not registration.price_agreed:
        return "Nothing is owed, so there is nothing to give back."
    price = prices.words(registration.price_agreed)
    if invoice.state == InvoiceState.PAID:
        return f"{price} has been paid. What of it is refunded is said below; we pay it back to {invoice.payer}."
    if invoice.state == InvoiceState.INVOICED:
        return f"An invoice of {price} has been sent to {invoice.payer}. We write to them about it."
    return f"No invoice has been sent yet, so the {price} is no longer owed."
