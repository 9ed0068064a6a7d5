"""Whether one can register for an event here, now or once booking opens, for the button on its pages."""

from django.urls import reverse

from events.showing import Showing
from events.wording import booking_words
from events.wording.booking_words import Registering
from registrations import availability
from registrations.tickets import on_sale


def subscribe() -> None:
    """Have the pages of every event ask here whose booking is open, or will be."""
    booking_words.offer_registering(of)


def of(showing: Showing) -> Registering | None:
    """Return where to register for an event whose booking is not closed.

    None if no ticket of it is on sale, or before booking opens: if none will be.
    """
    opens = showing.event.booking_opens
    tickets = on_sale.listed(showing) if opens and opens > showing.now else on_sale.now(showing)
    if not tickets:
        return None
    return Registering(start_address(showing), availability.shown(showing).event.is_full)


def start_address(showing: Showing) -> str:
    """Return where the start page is: for visitors, or in staff's preview."""
    if showing.preview:
        return reverse("registering_preview", kwargs={"pk": showing.event.pk})
    return reverse("registrations:start", kwargs={"event": showing.event.slug})
