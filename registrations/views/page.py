"""The frame of the journey's pages: as on every page of the event, but quiet, and with few queries."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.page import site_words, titled
from events.showing import Showing
from events.wording.booking_words import BookingState


def render_journey(
    request: HttpRequest,
    showing: Showing,
    template: str,
    heading: str,
    *,
    title_more: str = "",
    status: int = 200,
    is_error: bool = False,
    **more: object,
) -> HttpResponse:
    """Return a page of the journey. `heading` begins its title, after “Error: ” where something is to be mended."""
    title = f"{heading}, {title_more.lower()}" if title_more else heading
    context = {
        "site": site_words(showing.event),
        "event": showing.event,
        "showing": showing,
        "booking": BookingState("open", "", here=True),
        "section": "register",
        "quiet": True,
        "heading": heading,
        "page_title": titled(f"{'Error: ' if is_error else ''}{title}", showing.event.title),
        "noindex": True,
    }
    return render(request, template, context | more, status=status)
