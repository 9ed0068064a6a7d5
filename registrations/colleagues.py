"""Colleagues: several people of one payer, on one invoice."""

import datetime
import uuid

from django.core import signing
from django.utils.dateparse import parse_datetime

from registrations import booking
from registrations.answering.answers import Answers, Quote
from registrations.models import Draft, Registration

_SALT = "registrations.colleague"


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

    Raises Refused, Busy or AlreadyRegistered.
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
    registration = booking.register(first.event, answers, key, now, invoice=first.invoice)
    # Remembered for a day, as the first one is, so that its page can list them.
    belongs = {"event": first.event, "registration": registration, "answers": {"with": str(first.idempotency_key)}}
    Draft.objects.get_or_create(key=key, defaults={**belongs, "created_at": now, "touched_at": now})
    return registration
