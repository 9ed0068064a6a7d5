"""Which tickets can be had now, and what stands beside each."""

import datetime
from dataclasses import dataclass, replace

from events.showing import Showing
from registrations import availability
from registrations.answering.answers import Quote
from registrations.availability import Availability
from registrations.models import TicketType
from registrations.tickets import prices


@dataclass(frozen=True, slots=True)
class TicketOnSale:
    """A ticket as it is shown, with how many are taken.

    `promised` is the price that was promised to who is asked, where it is no longer what others pay.
    """

    ticket_type: TicketType
    taken: int
    promised: Quote | None = None

    @property
    def pence(self) -> int:
        """What it costs whoever is asked."""
        return self.promised.price if self.promised else self.ticket_type.price

    @property
    def promised_until(self) -> datetime.datetime | None:
        """Until when the promise holds."""
        return self.promised and self.promised.at + prices.HOLDS

    @property
    def is_sold_out(self) -> bool:
        """Whether there are no more of it."""
        capacity = self.ticket_type.capacity
        return capacity is not None and self.taken >= capacity

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing."""
        return self.pence == 0

    @property
    def price(self) -> str:
        """“£50”, or “Free”."""
        return prices.words(self.pence)


def listed(showing: Showing) -> list[TicketOnSale]:
    """Return every ticket that can be had now or from a later moment on, in the order that staff gave."""
    now = showing.now
    return _with_places(
        showing, [each for each in _all(showing) if each.available_until is None or each.available_until > now]
    )


def now(showing: Showing) -> list[TicketOnSale]:
    """Return every ticket that is on sale now; a sold-out one is among them, to say so."""
    return [each for each in listed(showing) if each.ticket_type.is_on_sale(showing.now)]


def offered(showing: Showing, promised: Quote | None) -> list[TicketOnSale]:
    """Return the same for somebody to whom a price was promised: while that holds, its ticket is among them."""
    theirs = [each for each in _all(showing) if promised and _is_theirs(promised, each, showing.now)]
    found = [each for each in _all(showing) if each in theirs or each.is_on_sale(showing.now)]
    return [
        replace(each, promised=promised) if each.ticket_type in theirs else each
        for each in _with_places(showing, found)
    ]  # fmt: skip


def find(showing: Showing, key: str) -> TicketOnSale | None:
    """Return the ticket of this key, on sale or not; None if the event has none."""
    return next(iter(_with_places(showing, [each for each in _all(showing) if str(each.pk) == key])), None)


def _is_theirs(promised: Quote, ticket_type: TicketType, now: datetime.datetime) -> bool:
    """Whether this ticket was promised at a price at which nobody else can have it now."""
    others_can = ticket_type.is_on_sale(now) and ticket_type.price == promised.price
    is_it = promised.ticket_type == ticket_type.pk and prices.is_promised(promised, ticket_type, now)
    return is_it and not others_can


def _with_places(showing: Showing, ticket_types: list[TicketType]) -> list[TicketOnSale]:
    if not ticket_types:
        return []
    places, none = availability.shown(showing).ticket_types, Availability(None, 0)
    return [TicketOnSale(each, places.get(each.pk, none).taken) for each in ticket_types]


def _all(showing: Showing) -> list[TicketType]:
    return showing.remembered("ticket types", lambda: list(TicketType.objects.filter(event=showing.event)))
