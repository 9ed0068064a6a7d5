"""The start page: what somebody needs to know before any question, and the button that makes a draft."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from events.page import render_page
from events.showing import Showing
from registrations import availability, limits, rules
from registrations.answering import draft_cookie, drafts, journey, workshop_questions
from registrations.problems import Why
from registrations.tickets import on_sale
from registrations.tickets.on_sale import TicketOnSale
from registrations.views.gate import limited, own_draft, personal


def start_page(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Show the start page, or why nobody can register now; a POST makes a draft and leads to the first question.

    It is the same for visitors and in staff's preview.
    """
    problems = rules.of_booking(showing.event, showing.now)
    listed = [] if problems and problems[0].why != Why.NOT_OPEN_YET else on_sale.listed(showing)
    tickets = [offer for offer in listed if offer.ticket_type.is_on_sale(showing.now)]
    if problems or not tickets:
        return _closed(request, showing, problems, listed)
    if stopped := limited(request, showing, limits.STEPS):
        return stopped
    if request.method == "POST":
        return _begin(showing)
    return _page(request, showing, listed)


start = personal(start_page, own_draft)


def _begin(showing: Showing) -> HttpResponse:
    answers = {} if workshop_questions.workshops(showing) else {journey.WORKSHOPS.name: journey.NOTHING_TO_ASK}
    draft = drafts.begin(showing.event, answers, showing.now)
    response = redirect(journey.DETAILS.url_name, event=showing.event.slug)
    draft_cookie.write(response, draft.key)
    return response


def _page(request: HttpRequest, showing: Showing, listed: list[TicketOnSale]) -> HttpResponse:
    places = availability.shown(showing).event
    draft = drafts.of_event(showing.noted.get("draft"), showing.event, showing.now)
    return render_page(
        request, "registrations/start.html", showing,
        heading="Join the waiting list" if places.is_full else "Register", address=request.path, section="register",
        noindex=showing.event.is_sample, offers=listed, full=places.is_full, draft=draft, quiet=True,
        all_free=all(offer.is_free for offer in listed),
    )  # fmt: skip


def _closed(request: HttpRequest, showing: Showing, problems: list, listed: list[TicketOnSale]) -> HttpResponse:
    """Say why nobody can register now, and what can be done."""
    why = problems[0].why if problems else Why.TICKET_NOT_ON_SALE
    status = 409 if request.method == "POST" else 200
    response = render_page(
        request, "registrations/closed.html", showing,
        heading="Registering", address=request.path, section="register", noindex=True, why=str(why),
        sentence=problems[0].message if problems else "", offers=listed,
        all_free=all(offer.is_free for offer in listed),
        has_workshops=why == Why.NOT_OPEN_YET and bool(workshop_questions.workshops(showing)),
    )  # fmt: skip
    response.status_code = status
    return response
