"""Colleagues: several people of one payer, on one invoice."""

import datetime
import uuid

from django.core import signing
from django.utils.dateparse import parse_datetime

from events.showing import Showing
from registrations import booking, folding, rules
from registrations.answering.answers import Answers, Quote
from registrations.models import Draft, Registration
from registrations.problems import Problem, Why
from registrations.tickets import on_sale

_SALT = "registrations.colleague"


def refused(first: Registration, now: datetime.datetime) -> list[Problem]:
    """Return why nobody can be added beside this registration now, whatever its page has shown."""
    return rules.of_booking(first.event, now) or rules.of_adding_beside(first)


def not_offered(first: Registration, showing: Showing) -> list[Problem]:
    """Return the same for somebody who opens the page: it offers only a ticket that anybody can have now."""
    if found := refused(first, showing.now):
        return found
    ticket = on_sale.find(showing, str(first.ticket_type_id))
    if ticket is None or not ticket.ticket_type.is_on_sale(showing.now):
        sentence = f"“{first.ticket_type}” is not on sale any more, so a colleague cannot have the same ticket."
        return [Problem(Why.TICKET_NOT_ON_SALE, sentence)]
    if ticket.is_sold_out:
        return [Problem(Why.TICKET_SOLD_OUT, f"There are no more tickets “{first.ticket_type}”.")]
    return []


def offer(first: Registration, now: datetime.datetime) -> tuple[str, Quote]:
    """Return a new submission's key with the price that its page shows, signed as one text; and that price."""
    quote = Quote(first.ticket_type_id, first.ticket_type.price, now)
    values = [str(first.idempotency_key), str(uuid.uuid4()), quote.ticket_type, quote.price, now.isoformat()]
    return signing.dumps(values, salt=_SALT), quote


def read(first: Registration, text: str) -> tuple[uuid.UUID, Quote] | None:
    """Return the key and the price of such a text; None if it is not ours, or another registration's."""
    try:
        whose, key, ticket_type, price, at = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    if whose != str(first.idempotency_key):
        return None
    return uuid.UUID(key), Quote(ticket_type, price, parse_datetime(at))


def register(
    first: Registration, name: str, email: str, key: uuid.UUID, quote: Quote, now: datetime.datetime
) -> Registration:
    """Register a colleague with the same organisation and ticket, on the same invoice.

    The same key again returns whom it registered first: see `is_as_sent`. Raises Refused, Busy or AlreadyRegistered.
    """
    answers = Answers(
        name=name,
        email=email,
        quote=quote,
        organisation=first.organisation,
        is_member=first.is_member,
        # Whoever registered first has given it.
        invitation_code=first.ticket_type.invitation_code,
    )
    registration = booking.register(first.event, answers, key, now, invoice=first.invoice, beside=first)
    # Remembered for a day, as the first one is, so that its page can list them.
    belongs = {"event": first.event, "registration": registration, "answers": {"with": str(first.idempotency_key)}}
    Draft.objects.get_or_create(key=key, defaults={**belongs, "created_at": now, "touched_at": now})
    return registration


def is_as_sent(registration: Registration, name: str, email: str) -> bool:
    """Whether this is who was sent, and not whom the same page had registered before."""
    sent = (folding.name_key(name), folding.email_key(folding.address(email)))
    return (registration.name_key, registration.email_key) == sent


def number(first: Registration, registration: Registration) -> int:
    """Return which of the colleagues that the first one's page lists this one is, from 1 on."""
    listed = Draft.objects.filter(answers__with=str(first.idempotency_key), registration_id__lte=registration.pk)
    return listed.count()
