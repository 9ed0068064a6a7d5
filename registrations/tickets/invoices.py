"""What is owed, what becomes of it when a place is given or given back, and what staff say was done.

Call the first part with the event's places locked. The invoice's own row is locked after them, because staff
set its state at the same time. What has been sent to a payer is never added to: that would be another invoice.
"""

import datetime
from collections.abc import Mapping

from events.models import Event, Status
from registrations import folding, holding, places, recording
from registrations.answering.answers import Payer
from registrations.models import Invoice, InvoiceState, Registration, RegistrationStatus, TransferState
from registrations.problems import Problem, Refused, Why
from registrations.tickets import prices

FACTS = frozenset({"payer", "address", "email", "purchase_order"})
_OPEN = (InvoiceState.NOTHING_DUE, InvoiceState.TO_INVOICE)
HAS_COME_FURTHER = Problem(
    Why.CHANGED_MEANWHILE, "The invoice was sent or settled since you opened this page. Look again, then save."
)
_ASKED_FOR = (InvoiceState.TO_INVOICE, InvoiceState.INVOICED)


def for_registration(
    price: int, confirmed: bool, payer: Payer | None, shared: Invoice | None, now: datetime.datetime
) -> Invoice | None:
    """Return the saved invoice for a new registration; None where nothing is to pay.

    `shared` is a colleague's: if it has been sent already, the same payer gets a new one. Somebody who only
    waits owes nothing yet.
    """
    if price == 0:
        return None
    stored = Invoice.objects.select_for_update().filter(pk=shared.pk).first() if shared else None
    invoice = stored or Invoice(**_facts(shared or payer))  # it may be gone since: the colleague’s data were erased
    if invoice.state not in _OPEN:
        invoice = Invoice(**_facts(invoice))
    due = confirmed or (invoice.pk is not None and owed(invoice) > 0)
    return _set(invoice, InvoiceState.TO_INVOICE if due else InvoiceState.NOTHING_DUE, now)


def after_promotion(registrations: list[Registration], now: datetime.datetime) -> None:
    """Ask for the money of those who have just got a place."""
    keys = {each.invoice_id for each in registrations} - {None}
    found = Invoice.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    due = [each for each in found if each.state == InvoiceState.NOTHING_DUE]
    for invoice in due:
        invoice.state = InvoiceState.TO_INVOICE
    recording.update(due, ["state"], now)


def after_cancellation(registration: Registration, now: datetime.datetime) -> None:
    """Ask for less, or mark that money goes back; call it once the registration is cancelled."""
    if registration.invoice_id is None:
        return
    invoice = Invoice.objects.select_for_update().get(pk=registration.invoice_id)
    if invoice.state == InvoiceState.PAID:
        _set(invoice, InvoiceState.TO_REFUND, now)
    elif invoice.state in _ASKED_FOR and owed(invoice) == 0:
        _set(invoice, InvoiceState.NOTHING_DUE, now)


def after_event_cancelled(event: Event, now: datetime.datetime) -> None:
    """Mark what was paid for places at this event as going back, and ask for nothing more. Few queries for all.

    Where somebody else on the invoice cancelled and has had their money back, those who are left get theirs.
    """
    on_it = Registration.objects.filter(event=event, price_agreed__gt=0)
    found = list(Invoice.objects.select_for_update().filter(pk__in=on_it.confirmed().values("invoice")).order_by("pk"))
    refunded_before = set(on_it.filter(status=RegistrationStatus.CANCELLED).values_list("invoice", flat=True))
    paid = [each for each in found if each.state == InvoiceState.PAID]
    paid += [each for each in found if each.state == InvoiceState.REFUNDED and each.pk in refunded_before]
    asked_for = [each for each in found if each.state in _ASKED_FOR]
    for those, then in ((paid, InvoiceState.TO_REFUND), (asked_for, InvoiceState.NOTHING_DUE)):
        for each in those:
            each.state = then
        recording.update(those, ["state"], now)


# -- What staff do, each in a transaction of its own: they raise Refused, and Busy


def mark_invoiced(invoice: Invoice, now: datetime.datetime) -> Invoice:
    """Note that the invoice was sent to the payer."""
    return _step(invoice, {InvoiceState.TO_INVOICE}, InvoiceState.INVOICED, now)


def confirm_payment(invoice: Invoice, amount: int, now: datetime.datetime) -> Invoice:
    """Note that this amount, in pence, was paid; refused if meanwhile another amount is owed."""
    return _step(invoice, {InvoiceState.TO_INVOICE, InvoiceState.INVOICED}, InvoiceState.PAID, now, amount)


def take_payment_back(invoice: Invoice, now: datetime.datetime) -> Invoice:
    """Note that what was confirmed as paid was not."""
    return _step(invoice, {InvoiceState.PAID}, InvoiceState.INVOICED, now)


def confirm_refund(invoice: Invoice, now: datetime.datetime) -> Invoice:
    """Note that the money went back."""
    return _step(invoice, {InvoiceState.TO_REFUND}, InvoiceState.REFUNDED, now)


def named_by(invoice: Invoice, registration: Registration) -> bool:
    """Whether this attendee said who pays. It may be somebody's home: colleagues and later holders are not shown it."""
    is_first = not invoice.registrations.filter(pk__lt=registration.pk).exists()
    return is_first and not registration.transfers.filter(state=TransferState.ACCEPTED).exists()


def correct(
    invoice: Invoice, facts: Mapping[str, str], now: datetime.datetime, *, by: Registration | None = None
) -> Invoice:
    """Change who pays: any of payer, address, e-mail and purchase order. Never the state.

    `by` is the attendee who does so, as they had their registration; nobody for staff. Raises Refused if it has passed
    to somebody else meanwhile, or the invoice, of which they may change less once it is sent, has come further.
    """
    with places.writing():
        if by is not None:
            holding.refuse_another(Registration.objects.select_for_update().get(pk=by.pk), by)
        stored = Invoice.objects.select_for_update().get(pk=invoice.pk)
        if by is not None and stored.state != invoice.state:
            raise Refused([HAS_COME_FURTHER])
        for name in FACTS & facts.keys():
            setattr(stored, name, folding.clean(facts[name]))
        recording.update([stored], sorted(FACTS), now)
        return stored


def _step(invoice, allowed: set, state: InvoiceState, now: datetime.datetime, amount: int | None = None) -> Invoice:
    with places.writing():
        stored = Invoice.objects.select_for_update().get(pk=invoice.pk)
        if stored.state not in allowed:
            sentence = f"{stored} is “{stored.get_state_display()}”, so it cannot become “{state.label}”."
            raise Refused([Problem(Why.INVOICE_STATE, sentence)])
        if amount is not None and amount != owed(stored):
            sentence = f"{prices.words(owed(stored))} is owed on {stored} by now, and not {prices.words(amount)}."
            raise Refused([Problem(Why.CHANGED_MEANWHILE, sentence)])
        return _set(stored, state, now)


def owed(invoice: Invoice) -> int:
    """Return the sum of the prices of those on the invoice who have a place, in pence; of an event that is on."""
    on = invoice.registrations.confirmed().exclude(event__status=Status.CANCELLED)
    return sum(on.values_list("price_agreed", flat=True))


def _facts(source: Payer | Invoice | None) -> dict[str, str]:
    return {name: getattr(source, name) for name in FACTS} if source else {}


def _set(invoice: Invoice, state: InvoiceState, now: datetime.datetime) -> Invoice:
    was, invoice.state = invoice.state, state
    if invoice.pk is None:
        recording.create([invoice], now)
    elif was != state:
        recording.update([invoice], ["state"], now)
    return invoice
