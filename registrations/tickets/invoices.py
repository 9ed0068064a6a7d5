"""What is owed, what becomes of it when a place is given or given back, and what staff say was done with it.

Call the first part with the event's places locked. The invoice's own row is locked after them, because staff
set its state at the same time. What has been sent to a payer is never added to: that would be another invoice.
"""

import datetime
from collections.abc import Iterable

from events.models import Event, Status
from registrations import places, recording
from registrations.answering.answers import Payer
from registrations.models import Invoice, InvoiceState, Registration, RegistrationStatus
from registrations.problems import Problem, Refused, Why
from registrations.tickets import payers, prices, refunds

_OPEN = (InvoiceState.NOTHING_DUE, InvoiceState.TO_INVOICE)
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
    """Ask for the money of those who have just got a place: on a further invoice where theirs was sent already."""
    stored = _locked({each.invoice_id for each in registrations})
    on_one_that_was_sent: dict[int, list[Registration]] = {}
    for each in registrations:
        if each.invoice_id in stored and stored[each.invoice_id].state not in _OPEN:
            on_one_that_was_sent.setdefault(each.invoice_id, []).append(each)
    for key, theirs in on_one_that_was_sent.items():
        further = _set(Invoice(**_facts(stored[key])), InvoiceState.TO_INVOICE, now)
        for each in theirs:
            each.invoice = further
        recording.update(theirs, ["invoice"], now)
    _ask(stored.values(), now)


def after_event_resumed(event: Event, now: datetime.datetime) -> None:
    """Ask again for what is not paid. Refunds stay listed: staff know what they have said since."""
    on_it = Registration.objects.confirmed().filter(event=event)
    _ask(_locked(set(on_it.values_list("invoice", flat=True))).values(), now)


def after_cancellation(registration: Registration, now: datetime.datetime) -> None:
    """Ask for less, or mark that money goes back; call it once a registration that had a place is cancelled."""
    invoice = _locked({registration.invoice_id}).get(registration.invoice_id)
    if invoice is None:
        return
    if was_paid(invoice, registration):
        _set(invoice, InvoiceState.TO_REFUND, now)
    elif invoice.state in _ASKED_FOR and owed(invoice) == 0:
        _set(invoice, InvoiceState.NOTHING_DUE, now)


def was_paid(invoice: Invoice, registration: Registration) -> bool:
    """Whether the place of somebody on it was paid for, and the money has not gone back.

    One payer may have had the money of others back before: those who are left have paid.
    """
    others = invoice.registrations.filter(status=RegistrationStatus.CANCELLED).exclude(pk=registration.pk)
    settled = invoice.state in (InvoiceState.TO_REFUND, InvoiceState.REFUNDED) and others.exists()
    return invoice.state == InvoiceState.PAID or settled


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


def _locked(keys: set[int | None]) -> dict[int, Invoice]:
    """Return these invoices by key, locked in one order."""
    found = Invoice.objects.select_for_update().filter(pk__in=keys - {None}).order_by("pk")
    return {each.pk: each for each in found}


def _ask(invoices: Iterable[Invoice], now: datetime.datetime) -> None:
    due = [each for each in invoices if each.state == InvoiceState.NOTHING_DUE]
    for invoice in due:
        invoice.state = InvoiceState.TO_INVOICE
    recording.update(due, ["state"], now)


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


def confirm_refund(invoice: Invoice, amount: int, now: datetime.datetime) -> Invoice:
    """Note that this amount, in pence, went back; refused if meanwhile another amount is to go back."""
    with places.writing():
        stored = _in_state(invoice, {InvoiceState.TO_REFUND}, InvoiceState.REFUNDED)
        _refuse_another(amount, refunds.amount(stored), "is to go back on", stored)
        stored.state, stored.refunded_at = InvoiceState.REFUNDED, now
        recording.update([stored], ["state", "refunded_at"], now)
        return stored


def _step(invoice, allowed: set, state: InvoiceState, now: datetime.datetime, amount: int | None = None) -> Invoice:
    with places.writing():
        stored = _in_state(invoice, allowed, state)
        if amount is not None:
            _refuse_another(amount, owed(stored), "is owed on", stored)
        return _set(stored, state, now)


def _refuse_another(seen: int, amount: int, words: str, invoice: Invoice) -> None:
    if seen != amount:
        found = prices.words(amount) if amount else "Nothing"
        sentence = f"{found} {words} {invoice} by now, and not {prices.words(seen)}."
        raise Refused([Problem(Why.CHANGED_MEANWHILE, sentence)])


def _in_state(invoice: Invoice, allowed: set, then: InvoiceState) -> Invoice:
    """Return the invoice, locked. Raises Refused if it is in another state than it must be to become the next."""
    stored = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if stored.state not in allowed:
        sentence = f"{stored} is “{stored.get_state_display()}”, so it cannot become “{then.label}”."
        raise Refused([Problem(Why.INVOICE_STATE, sentence)])
    return stored


def owed(invoice: Invoice) -> int:
    """Return the sum of the prices of those on the invoice who have a place, in pence; of an event that is on."""
    on = invoice.registrations.confirmed().exclude(event__status=Status.CANCELLED)
    return sum(on.values_list("price_agreed", flat=True))


def _facts(source: Payer | Invoice | None) -> dict[str, str]:
    return {name: getattr(source, name) for name in payers.FACTS} if source else {}


def _set(invoice: Invoice, state: InvoiceState, now: datetime.datetime) -> Invoice:
    was, invoice.state = invoice.state, state
    if invoice.pk is None:
        recording.create([invoice], now)
    elif was != state:
        recording.update([invoice], ["state"], now)
    return invoice
