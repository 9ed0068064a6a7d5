"""What a place costs: the price somebody saw is the price they owe, for half an hour."""

import datetime

from registrations.answering.answers import Quote
from registrations.models import TicketType

HOLDS = datetime.timedelta(minutes=30)


def quote(ticket_type: TicketType, now: datetime.datetime) -> Quote:
    """Return the price to show, as a promise from now on; the check page's is kept with the draft."""
    return Quote(ticket_type.pk, ticket_type.price, now)


def is_promised(shown: Quote, ticket_type: TicketType, now: datetime.datetime) -> bool:
    """Whether the price shown is still shown, whatever the ticket costs now: for half an hour, unless it is less."""
    is_cheaper = ticket_type.is_on_sale(now) and ticket_type.price < shown.price
    return now - shown.at <= HOLDS and not is_cheaper


def still_holds(shown: Quote, ticket_type: TicketType, now: datetime.datetime) -> bool:
    """Whether the price shown is the price owed.

    For half an hour it is, whatever staff or the end of the early bird did meanwhile. After that, only if
    the ticket still costs the same and can still be had: then there is nothing to ask again.
    """
    if now - shown.at <= HOLDS:
        return True
    return ticket_type.price == shown.price and ticket_type.is_on_sale(now)


def words(pence: int) -> str:
    """Return “£50”, “£49.50” or “Free”."""
    if pence == 0:
        return "Free"
    pounds, rest = divmod(pence, 100)
    return f"£{pounds:,}.{rest:02}" if rest else f"£{pounds:,}"
