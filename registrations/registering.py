"""Whether one can register for an event here, for the button on its pages: one query."""

from django.db.models import Exists
from django.urls import reverse

from events import booking_words
from events.booking_words import Registering
from events.showing import Showing
from registrations.models import Places, TicketType


def subscribe() -> None:
    """Have the pages of every open event ask here."""
    booking_words.offer_registering(of)


def of(showing: Showing) -> Registering | None:
    """Return where to register for an event whose booking is open; None if no ticket of it is on sale."""
    on_sale = Exists(TicketType.objects.on_sale(showing.now).filter(event=showing.event))
    row = Places.objects.of_events().filter(on_sale, event=showing.event).first()
    if row is None:
        return None
    is_full = row.capacity is not None and row.taken >= row.capacity
    return Registering(start_address(showing), is_full)


def start_address(showing: Showing) -> str:
    """Return where the start page is: for visitors, or in staff's preview."""
    if showing.preview:
        return reverse("registering_preview", kwargs={"pk": showing.event.pk})
    return reverse("registrations:start", kwargs={"event": showing.event.slug})
