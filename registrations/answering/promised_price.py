"""The price that the page to check showed: kept with the draft, it holds for half an hour however often one looks.

It is written when a draft has none that holds, so mostly once. What the form sends back says only that it was shown:
the price that is owed is the one that is kept.
"""

import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from registrations.answering import drafts
from registrations.answering.answers import Quote
from registrations.models import Draft, TicketType
from registrations.tickets import prices

_KEPT_AS = "quote"  # beside the answers of the steps


def kept(draft: Draft) -> Quote | None:
    """Return the price that was shown for the ticket that is chosen now, however long ago; None if none was."""
    values = draft.answers.get(_KEPT_AS)
    if not values or str(values["ticket"]) != draft.answers.get("ticket", {}).get("ticket_type"):
        return None
    return Quote(values["ticket"], values["price"], parse_datetime(values["at"]))


def to_show(draft: Draft, ticket_type: TicketType, now: datetime.datetime) -> Quote:
    """Return the price to show for the ticket that is chosen: the one that was promised, else what it costs now.

    The latter is promised from now on.
    """
    promised = kept(draft)
    if promised and prices.is_promised(promised, ticket_type, now):
        return promised
    quote = prices.quote(ticket_type, now)
    drafts.keep_beside(draft, {_KEPT_AS: {"ticket": quote.ticket_type, "price": quote.price, "at": now.isoformat()}})
    return quote


def after_choosing(draft: Draft, ticket: dict[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """Return what to save beside this answer about the ticket: another one, or the same after half an hour, is new."""
    promised = kept(draft)
    is_same = promised and str(promised.ticket_type) == ticket["ticket_type"] and now - promised.at <= prices.HOLDS
    return {} if is_same or _KEPT_AS not in draft.answers else {_KEPT_AS: None}
