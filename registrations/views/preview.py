"""Staff's preview of the start page: what attendees will see, or of a draft what there is to do before they can."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse

from events.models import Status
from events.page import render_page
from events.showing import Showing
from events.views.access import preview
from registrations.models import TicketType
from registrations.tickets import prices
from registrations.views.start import start_page


@preview
def registering_preview(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Show the start page as attendees see it, its form sent nowhere; of a draft, what staff can do."""
    return _draft(request, showing) if showing.event.status == Status.DRAFT else start_page(request, showing)


def _draft(request: HttpRequest, showing: Showing) -> HttpResponse:
    event, now = showing.event, showing.now
    return render_page(
        request, "registrations/draft.html", showing,
        heading="Registering", address=request.path, section="register", noindex=True,
        tickets=_tickets(showing), opens_later=event.booking_opens is not None and now < event.booking_opens,
        has_closed=event.booking_closes is not None and event.booking_closes <= now,
    )  # fmt: skip


def _tickets(showing: Showing) -> list[dict[str, object]]:
    """Return every ticket of the event, with what it costs and whether it would be on sale now."""
    found = TicketType.objects.filter(event=showing.event).order_by(F("order"), F("pk"))
    return [
        {"ticket_type": each, "price": prices.words(each.price), "state": _state(each, showing)}
        for each in found
    ]  # fmt: skip


def _state(ticket_type: TicketType, showing: Showing) -> str:
    """Return whether a ticket is on sale, will be, or was, in one word for the template."""
    if ticket_type.is_on_sale(showing.now):
        return "now"
    return "later" if ticket_type.available_from and showing.now < ticket_type.available_from else "ended"
