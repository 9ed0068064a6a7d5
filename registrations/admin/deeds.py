"""What staff can do to a registration or an invoice with one button: said before, asked for, done by a writer."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from events.wording.credits import joined
from registrations import booking
from registrations.messages import resending
from registrations.models import ChoiceState, Invoice, InvoiceState, Registration
from registrations.my_day import corrections
from registrations.tickets import invoices, owing, prices, refunds


@dataclass(frozen=True)
class Deed:
    """One button. `says` tells what will happen to a row, `do` does it and tells what was done.

    `seen` is what the page showed and the writer is to compare, so that nobody confirms what they did not see.
    `do` raises registrations.problems.Refused.
    """

    name: str
    label: str
    question: str
    permission: str
    possible: Callable[[Any], bool]
    says: Callable[[Any], list[str]]
    do: Callable[[Any, datetime.datetime, str], str]
    targets: Callable[[QuerySet], Sequence[Any]] = list
    seen: Callable[[Any], str] = lambda row: ""


# -- Cancelling


def _what_cancelling_does(registration: Registration) -> list[str]:
    if registration.is_cancelled:
        return [f"{registration}, {registration.name}: is cancelled already. Nothing will happen."]
    sentences = [f"{registration}, {registration.name}: {_gives_back(registration)}"]
    invoice = registration.invoice
    if invoice and registration.is_confirmed and invoices.was_paid(invoice, registration):
        sentences.append(f"{invoice} is paid. It becomes “To be refunded”.")
    elif invoice and registration.is_confirmed and invoice.state == InvoiceState.INVOICED:
        sentences.append(f"{invoice} has been sent to {invoice.payer}. Tell them that this place is no longer owed.")
    if registration.email:
        sentences.append(f"A message about it goes to {registration.email}.")
    else:
        sentences.append("There is no e-mail address: nobody is told unless you tell them.")
    return sentences


def _gives_back(registration: Registration) -> str:
    if registration.is_waiting:
        return "leaves the event’s waiting list."
    held = registration.choices.filter(state=ChoiceState.CONFIRMED).select_related("session__series")
    freed = ["the place at the event", *(f"the place in “{choice.session}”" for choice in held)]
    go = "becomes free and goes" if len(freed) == 1 else "become free and go"
    return f"{joined(freed)} {go} to whoever is first in line, at once. This cannot be taken back."


def _cancel(registration: Registration, now: datetime.datetime, seen: str) -> str:
    booking.cancel(registration, now, by_staff=True)
    return f"{registration} is cancelled."


CANCEL = Deed(
    name="cancel",
    label="Cancel registration",
    question="Cancel this registration?",
    permission="registrations.change_registration",
    possible=lambda registration: not registration.is_cancelled,
    says=_what_cancelling_does,
    do=_cancel,
)

# -- Sending again


def _what_resending_does(registration: Registration) -> list[str]:
    if not registration.email:
        return [f"{registration} has no e-mail address. Nothing will be sent: print the letter instead."]
    return [f"{registration}: what is true now goes to {registration.email} once more."]


def _resend(registration: Registration, now: datetime.datetime, seen: str) -> str:
    registration = resending.resend(registration, now)
    return f"The message to {registration} is on its way to {registration.email}."


RESEND = Deed(
    name="resend",
    label="Send the message again",
    question="Send the message again?",
    permission="registrations.change_registration",
    possible=lambda registration: bool(registration.email),
    says=_what_resending_does,
    do=_resend,
)

# -- Ending links


def _what_ending_links_does(registration: Registration) -> list[str]:
    sentences = [f"{registration}: every link that was sent stops working, in every browser that has it open."]
    if registration.transfers.open().exists():
        sentences.append("The place is being passed to a colleague: that ends, too.")
    if registration.email:
        return [*sentences, f"A new link goes to {registration.email}, if the event is still to come."]
    return [*sentences, "There is no e-mail address, so no new link is sent."]


def _end_links(registration: Registration, now: datetime.datetime, seen: str) -> str:
    corrections.end_links(registration, now)
    return f"The links to {registration} no longer work."


END_LINKS = Deed(
    name="end_links",
    label="End all links",
    question="End all links to this registration?",
    permission="registrations.change_registration",
    possible=lambda registration: registration.anonymised_at is None,
    says=_what_ending_links_does,
    do=_end_links,
)

# -- Invoices


def _covers(invoice: Invoice) -> str:
    who = [
        f"{each} ({each.name}, {owing.words(each)})"
        for each in invoice.registrations.select_related("invoice", "event")
    ]
    return f"{invoice}, {invoice.payer}: {prices.words(invoices.owed(invoice))} for {'; '.join(who) or 'nobody'}."


def _step(name: str, label: str, question: str, states: set[InvoiceState], then: str, do: Callable) -> Deed:
    def does(invoice: Invoice, now: datetime.datetime, seen: str) -> str:
        return f"{do(invoice, now)} is now “{then}”."

    return Deed(
        name=name,
        label=label,
        question=question,
        permission="registrations.change_invoice",
        possible=lambda invoice: invoice.state in states,
        says=lambda invoice: [_covers(invoice), f"It is “{invoice.get_state_display()}” and becomes “{then}”."],
        do=does,
    )


def _confirm_payment(invoice: Invoice, now: datetime.datetime, seen: str) -> str:
    invoices.confirm_payment(invoice, _pence(seen), now)
    return f"{prices.words(_pence(seen))} is paid on {invoice}."


def _confirm_refund(invoice: Invoice, now: datetime.datetime, seen: str) -> str:
    return f"{invoices.confirm_refund(invoice, _pence(seen), now)} is now “Refunded”."


def _pence(seen: str) -> int:
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 12 else -1


def _goes_back(invoice: Invoice) -> str:
    who = [f"{prices.words(each.price_agreed)} for {each} ({each.name})" for each in refunds.of(invoice)]
    return f"{invoice}, {invoice.payer}: {'; '.join(who) or 'nothing is to go back'}."


def invoices_of(registrations: QuerySet[Registration]) -> list[Invoice]:
    """Return the invoices of these registrations, each once."""
    keys = registrations.order_by().values("invoice")
    return list(Invoice.objects.filter(pk__in=keys).order_by("pk"))


CONFIRM_PAYMENT = Deed(
    name="confirm_payment",
    label="Confirm payment",
    question="Confirm that this was paid?",
    permission="registrations.change_invoice",
    possible=lambda invoice: invoice.state in (InvoiceState.TO_INVOICE, InvoiceState.INVOICED),
    says=lambda invoice: [_covers(invoice), "All of it is marked as paid."],
    do=_confirm_payment,
    seen=lambda invoice: str(invoices.owed(invoice)),
)
INVOICED = _step(
    "mark_invoiced", "Mark as invoiced", "Was this invoice sent?", {InvoiceState.TO_INVOICE}, "Invoiced",
    invoices.mark_invoiced,
)  # fmt: skip
NOT_PAID = _step(
    "take_payment_back", "Not paid after all", "Was this confirmed by mistake?", {InvoiceState.PAID}, "Invoiced",
    invoices.take_payment_back,
)  # fmt: skip
REFUNDED = Deed(
    name="confirm_refund",
    label="Confirm refund",
    question="Has the money gone back?",
    permission="registrations.change_invoice",
    possible=lambda invoice: invoice.state == InvoiceState.TO_REFUND,
    says=lambda invoice: [
        _goes_back(invoice),
        "All of them are marked as refunded, whatever part of it your terms give back.",
    ],
    do=_confirm_refund,
    seen=lambda invoice: str(refunds.amount(invoice)),
)
