"""What every page of an event is made of: the same facts about the event around each page's own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events import programme
from events.models import Event
from events.showing import Showing
from events.wording.booking_words import BookingState, booking_state

SITE_NAME = "Clinks"


def site_words(event: Event | None = None) -> dict[str, str]:
    """Return what the frame of a page says: the site's name and address, and whom to ask.

    An event with contact details of its own is asked about there.
    """
    return {
        "name": SITE_NAME,
        "help_email": (event.contact_email if event else "") or settings.HELP_EMAIL,
        "help_phone": (event.contact_phone if event else "") or settings.HELP_PHONE,
        "url": settings.SITE_URL,
    }


def titled(*parts: str) -> str:
    """Return a page's title, the specific part first: “Agenda – Clinks annual conference 2023 – Clinks”."""
    return " – ".join([*parts, SITE_NAME])


def absolute(address: str) -> str:
    """Return the absolute form of an address that begins with a slash."""
    return f"{settings.SITE_URL}{address}"


def booking_of(showing: Showing) -> BookingState:
    """Return the state of booking that the event's pages show."""
    site = site_words(showing.event)
    return booking_state(showing, site["help_email"], site["help_phone"])


def render_page(
    request: HttpRequest,
    template: str,
    showing: Showing,
    *,
    heading: str,
    address: str,
    section: str,
    description: str = "",
    noindex: bool = False,
    **more: object,
) -> HttpResponse:
    """Return a page of an event.

    `heading` begins its title, `address` is its own (with a slash first), `section` the part of the
    event's menu that it belongs to; `more` is the page's own context.
    """
    event = showing.event
    previous_event, next_event = programme.neighbours(showing)
    context = {
        "site": site_words(event),
        "event": event,
        "showing": showing,
        "past": showing.past,
        "booking": booking_of(showing),
        "previous_event": previous_event,
        "next_event": next_event,
        "section": section,
        "page_title": titled(heading, event.title),
        "page_description": description or event.summary,
        "canonical": absolute(address),
        "noindex": noindex or event.is_sample or showing.preview,
    }
    return render(request, template, context | more)
