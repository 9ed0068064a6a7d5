"""Whether one can register for an event here, for the button on its pages: one query."""

import datetime

from django.db.models import Exists
from django.urls import reverse

from events import booking_words
from events.booking_words import Registering
from events.models import Event
from registrations.models import Places, TicketType


def subscribe() -> None:
    """Have the pages of every open event ask here."""
    booking_words.offer_registering(of)


def of(event: Event, now: datetime.datetime) -> Registering | None:
    """Return where to register for an event whose booking is open; None if no ticket of it is on sale."""
    on_sale = Exists(TicketType.objects.on_sale(now).filter(event=event))
    row = Places.objects.of_events().filter(on_sale, event=event).first()
    if row is None:
        return None
    is_full = row.capacity is not None and row.taken >= row.capacity
    return Registering(reverse("registrations:start", kwargs={"event": event.slug}), is_full)
