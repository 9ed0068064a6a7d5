"""What a registration must satisfy, asked under the lock: each function returns why not, in words."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import constant_time_compare

from events.models import Event, Status
from events.wording import british_time
from registrations import folding
from registrations.answering.answers import Answers, Quote
from registrations.models import AccessNeeds, Invoice, Registration, TicketType
from registrations.places import Ledger
from registrations.problems import Problem, Why
from registrations.tickets import prices


def of_booking(event: Event, now: datetime.datetime, *, by_staff: bool = False) -> list[Problem]:
    """Return why nobody can register for this event now. Staff may do so before booking opens and after it closes."""
    if event.is_listing or event.status == Status.DRAFT or event.outside_url:
        return [Problem(Why.NOT_BOOKABLE, "Nobody can register for this event here.")]
    if event.status == Status.CANCELLED:
        return [Problem(Why.NOT_BOOKABLE, "This event has been cancelled: it will not take place.")]
    if event.is_past(now):
        return [Problem(Why.NOT_BOOKABLE, "This event has taken place.")]
    if not by_staff and event.booking_opens and now < event.booking_opens:
        opens = british_time.moment_words(event.booking_opens, event.zone)
        return [Problem(Why.NOT_OPEN_YET, f"Booking opens on {opens}.")]
    if not by_staff and event.booking_closes and event.booking_closes <= now:
        closed = british_time.moment_words(event.booking_closes, event.zone)
        return [Problem(Why.CLOSED, f"Booking closed on {closed}.")]
    return []


def of_adding_beside(registration: Registration) -> list[Problem]:
    """Return why no colleague can be added to this registration, on its invoice."""
    if registration.is_cancelled:
        sentence = "Your registration is cancelled, so no colleague can be added to it."
        return [Problem(Why.CANCELLED, sentence)]
    return []


def of_changing(event: Event, registration: Registration, now: datetime.datetime) -> list[Problem]:
    """Return why this registration's choices can no longer be changed."""
    if registration.is_cancelled:
        return [Problem(Why.CANCELLED, "This registration is cancelled.")]
    if event.status != Status.PUBLISHED:
        return [Problem(Why.NOT_BOOKABLE, "This event does not take place at present.")]
    if event.starts <= now:
        return [Problem(Why.TOO_LATE, "The event has begun, so workshops can no longer be changed here.")]
    return []


def of_details(answers: Answers, *, by_staff: bool = False) -> list[Problem]:
    """Return what is missing, too long or no address. Somebody who telephones needs no e-mail address."""
    return [*_missing(answers, by_staff), *_too_long(answers)]


def _missing(answers: Answers, by_staff: bool) -> Iterator[Problem]:
    if not answers.name:
        yield Problem(Why.MISSING, "Enter your full name.", "name")
    if not answers.email and not by_staff:
        yield Problem(Why.MISSING, "Enter your e-mail address.", "email")
    billing = [("invoice_email", answers.payer.email)] if answers.payer else []
    for field, address in [("email", answers.email), *billing]:
        if address and not _is_address(address):
            yield Problem(Why.NO_ADDRESS, "Enter an e-mail address such as name@example.org.", field)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _too_long(answers: Answers) -> Iterator[Problem]:
    parts = [(Registration, "", answers), (Invoice, "invoice_", answers.payer), (AccessNeeds, "", answers.needs)]
    for model, prefix, source in parts:
        for field in model._meta.concrete_fields if source else ():
            text, limit = getattr(source, field.name, None), field.max_length
            if limit and isinstance(text, str) and len(text) > limit:
                sentence = f"This can be {limit} characters long; it is {len(text):,}."
                yield Problem(Why.TOO_LONG, sentence, f"{prefix}{field.name}")


def of_ticket(ledger: Ledger, answers: Answers, shared: Invoice | None, now: datetime.datetime) -> list[Problem]:
    """Return why this ticket cannot be had at the price that was shown, or that nobody said who pays."""
    found = _of_ticket(ledger, ledger.ticket_types.get(answers.quote.ticket_type), answers, now)
    paid_for = shared or (answers.payer and answers.payer.payer)
    if answers.quote.price and not paid_for:
        return [*found, Problem(Why.MISSING, "Say who pays: a name for the invoice.", "invoice_payer")]
    return list(found)


def _of_ticket(
    ledger: Ledger, ticket_type: TicketType | None, answers: Answers, now: datetime.datetime
) -> Iterator[Problem]:
    field = "ticket_type"
    if ticket_type is None:
        yield Problem(Why.TICKET_UNKNOWN, "Choose a ticket.", field)
    elif not code_fits(ticket_type.invitation_code, answers.invitation_code):
        yield Problem(Why.CODE_WRONG, "This is not the code for that ticket.", "invitation_code")
    elif problems := of_price(answers.quote, ticket_type, now):
        yield from problems
    elif not ledger.of_ticket_type(ticket_type.pk).has_room:
        yield sold_out(ticket_type)


def sold_out(ticket_type: TicketType) -> Problem:
    """Return that there are no more of a ticket."""
    return Problem(Why.TICKET_SOLD_OUT, f"There are no more tickets “{ticket_type}”. Choose another.", "ticket_type")


def of_price(shown: Quote | None, ticket_type: TicketType, now: datetime.datetime) -> list[Problem]:
    """Return why a ticket cannot be had at the price that was shown (None: no price was shown yet)."""
    field = "ticket_type"
    if shown and prices.still_holds(shown, ticket_type, now):
        return []
    if not ticket_type.is_on_sale(now):
        sentence = f"“{ticket_type}” can no longer be had. Choose another."
        return [Problem(Why.TICKET_NOT_ON_SALE, sentence, field)]
    if shown is None:
        return []
    was, costs = prices.words(shown.price), prices.words(ticket_type.price)
    return [
        Problem(Why.PRICE_CHANGED, f"“{ticket_type}” was {was} and is {costs} now. Choose your ticket again.", field)
    ]


def code_fits(code: str, given: str) -> bool:
    """Whether somebody gave the code that a ticket needs; one without a code needs none.

    A code of no letter and no digit, which `ticket_types.save` refuses, fits nothing.
    """
    key = folding.code_key(code)
    return not code or (bool(key) and constant_time_compare(key, folding.code_key(given)))
