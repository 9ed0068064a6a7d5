"""Which tickets can be had now, and what stands beside each."""

from dataclasses import dataclass

from events.showing import Showing
from registrations import availability
from registrations.availability import Availability
from registrations.models import TicketType
from registrations.tickets import prices


@dataclass(frozen=True, slots=True)
class TicketOnSale:
    """A ticket as it is shown, with how many are taken."""

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


def listed(showing: Showing) -> list[TicketOnSale]:
    """Return every ticket that can be had now or from a later moment on, in the order that staff gave."""
    coming = [each for each in _all(showing) if each.available_until is None or each.available_until > showing.now]
    if not coming:
        return []
    places, none = availability.shown(showing).ticket_types, Availability(None, 0)
    return [TicketOnSale(each, places.get(each.pk, none).taken) for each in coming]


def now(showing: Showing) -> list[TicketOnSale]:
    """Return every ticket that is on sale now; a sold-out one is among them, to say so."""
    return [each for each in listed(showing) if each.ticket_type.is_on_sale(showing.now)]


def _all(showing: Showing) -> list[TicketType]:
    return showing.remembered("ticket types", lambda: list(TicketType.objects.filter(event=showing.event)))
