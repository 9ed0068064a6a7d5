"""What is confirmed: shown to the browser that registered, for a day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from events.models import Event, Status
from events.page import render_page
from events.showing import Showing
from events.storing.asking import Question
from registrations import availability, rows
from registrations.answering import draft_cookie, registered
from registrations.models import Registration, RegistrationStatus
from registrations.my_day import standing
from registrations.views.gate import is_open, personal

HEADINGS = {
    RegistrationStatus.CONFIRMED: "You have a place",
    RegistrationStatus.WAITING: "You are on the waiting list",
    RegistrationStatus.CANCELLED: "Your registration is cancelled",
}


def asking(request: HttpRequest, slug: str) -> dict[str, Question]:
    """Ask for the browser's registration, by its cookie, and for all that its page says of it."""
    key = draft_cookie.read(request)
    mine = registered.asked(key) if key else {}
    return {"places": availability.question(slug), **mine}


def confirmed(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Show how the browser's registration stands; without one, lead to the start page."""
    mine = registered.of(showing)
    if mine is None:
        return redirect("registrations:start", event=showing.event.slug)
    registration, event_is_on = mine.registration, showing.event.status == Status.PUBLISHED
    heading = HEADINGS[registration.status] if event_is_on else "This event is cancelled"
    stands = standing.of(registration, showing, mine.choices, mine.no_part)
    response = render_page(
        request, "registrations/confirmed.html", showing,
        heading=heading, title=heading, address=request.path, section="register", noindex=True,
        is_on=event_is_on and not registration.is_cancelled, is_open=is_open(showing), on_invoice=mine.on_invoice,
        standing=stands, registration=registration,
        colleagues=mine.colleagues, gave_needs=mine.gave_needs, again="again" in request.GET,
        added=_numbered(mine.colleagues, request.GET.get("added")),
        before=_numbered(mine.colleagues, request.GET.get("before")),
    )  # fmt: skip
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _numbered(colleagues: list[Registration], number: str | None) -> Registration | None:
    """Return the colleague of this number (see `colleagues.number`), if there is one."""
    return next((each for place, each in enumerate(colleagues, 1) if str(place) == number), None)


confirmed = require_safe(personal(confirmed, asking))


def own(request: HttpRequest, event: Event) -> Registration | None:
    """Return the registration that this browser made for the event within the last day."""
    key = draft_cookie.read(request)
    found = rows.found(Registration, "event_id = %s AND idempotency_key = %s", [event.pk, key]) if key else []
    for registration in found:
        registration.event = event
        return registration
    return None
