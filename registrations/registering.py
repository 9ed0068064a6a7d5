"""Whether one can register for an event here, for the button on its pages."""

from django.urls import reverse

from events.showing import Showing
from events.wording import booking_words
from events.wording.booking_words import Registering
from registrations import availability
from registrations.tickets import on_sale


def subscribe() -> None:
    """Have the pages of every open event ask here."""
    booking_words.offer_registering(of)


def of(showing: Showing) -> Registering | None:
    """Return where to register for an event whose booking is open; None if no ticket of it is on sale."""
    if not on_sale.now(showing):
        return None
    return Registering(start_address(showing), availability.shown(showing).event.is_full)


def start_address(showing: Showing) -> str:
    """Return where the start page is: for visitors, or in staff's preview."""
    if showing.preview:
        return reverse("registering_preview", kwargs={"pk": showing.event.pk})
    return reverse("registrations:start", kwargs={"event": showing.event.slug})
