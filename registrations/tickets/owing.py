"""What somebody owes, in words for staff and for the attendee."""

from django.db.models import Q

from events.models import Status
from registrations.models import InvoiceState, Registration, RegistrationStatus
from registrations.tickets import prices

_HAS_PLACE = Q(status=RegistrationStatus.CONFIRMED, price_agreed__gt=0) & ~Q(event__status=Status.CANCELLED)
_BACK = (InvoiceState.TO_REFUND, InvoiceState.REFUNDED)
_PAID = (InvoiceState.PAID, *_BACK)  # of who has a place, the last two are for somebody else who cancelled

# What staff look for, by a word for the address: its name, and how to find it.
KINDS = {
    "open": ("Something", _HAS_PLACE & Q(invoice__state__in=[InvoiceState.TO_INVOICE, InvoiceState.INVOICED])),
    "to_invoice": ("To be invoiced", _HAS_PLACE & Q(invoice__state=InvoiceState.TO_INVOICE)),
    "invoiced": ("Invoiced, not paid", _HAS_PLACE & Q(invoice__state=InvoiceState.INVOICED)),
    "paid": ("Paid", _HAS_PLACE & Q(invoice__state__in=_PAID)),
    "refund": ("Invoice to be refunded", Q(invoice__state=InvoiceState.TO_REFUND)),
    "nothing": ("Nothing", ~_HAS_PLACE | Q(invoice=None)),
}


def words(registration: Registration) -> str:
    """Return “£50, to be invoiced”, “£50, paid”, “Nothing” … Reads the registration's invoice and event."""
    invoice, event_cancelled = registration.invoice, registration.event.status == Status.CANCELLED
    if invoice is None:
        return "Nothing"
    if not registration.is_confirmed or registration.price_agreed == 0 or event_cancelled:
        had_a_place = registration.is_cancelled or (registration.is_confirmed and registration.price_agreed > 0)
        back = invoice.state in _BACK and had_a_place
        return f"Invoice {invoice.get_state_display().lower()}" if back else "Nothing"
    state = "paid" if invoice.state in _PAID else invoice.get_state_display().lower()
    return f"{prices.words(registration.price_agreed)}, {state}"


def to_attendee(registration: Registration) -> str:
    """Return the same in a sentence for the attendee, who may know nothing of invoices."""
    words_of_it, invoice = words(registration), registration.invoice
    if invoice is None or invoice.state not in _BACK or registration.is_waiting or words_of_it.startswith("£"):
        return f"{words_of_it}."
    if invoice.state == InvoiceState.TO_REFUND:
        return f"Nothing. What is refunded of what was paid goes back to {invoice.payer}."
    return f"Nothing. What is refunded of what was paid has gone back to {invoice.payer}."
