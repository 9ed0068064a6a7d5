"""Which tickets can be had now, and what stands beside each: one query."""

import datetime
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery

from events.models import Event
from registrations import prices
from registrations.models import Places, TicketType


@dataclass(frozen=True, slots=True)
class Offer:
    """A ticket as it is offered, with how many are taken."""

    ticket_type: TicketType
    taken: int

    @property
    def is_sold_out(self) -> bool:
        """Whether there are no more of it."""
        capacity = self.ticket_type.capacity
        return capacity is not None and self.taken >= capacity

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing."""
        return self.ticket_type.price == 0

    @property
    def price(self) -> str:
        """“£50”, or “Free”."""
        return prices.words(self.ticket_type.price)


def listed(event: Event, now: datetime.datetime) -> list[Offer]:
    """Return every ticket that can be had now or from a later moment on, in the order that staff gave."""
    coming = Q(available_until=None) | Q(available_until__gt=now)
    taken = Subquery(Places.objects.filter(ticket_type=OuterRef("pk")).values("taken")[:1])
    found = TicketType.objects.filter(coming, event=event).annotate(taken=taken).order_by(F("order"), F("pk"))
    return [Offer(ticket_type, ticket_type.taken or 0) for ticket_type in found]


def on_sale(event: Event, now: datetime.datetime) -> list[Offer]:
    """Return every ticket that is on sale now; a sold-out one is among them, to say so."""
    return [offer for offer in listed(event, now) if offer.ticket_type.is_on_sale(now)]
