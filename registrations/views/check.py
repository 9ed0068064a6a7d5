"""The page to check: all answers and the price; its button makes the registration."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpResponse

from registrations import booking, limits
from registrations.answering import draft_cookie, journey, submission, summary, workshop_questions
from registrations.answering.answers import Quote
from registrations.kept import BUSY_SECONDS
from registrations.models import TicketType
from registrations.problems import AlreadyRegistered, Busy, Problem, Refused
from registrations.tickets import on_sale, prices
from registrations.tickets.on_sale import TicketOnSale
from registrations.views.gate import Visit, step_view
from registrations.views.page import render_journey
from registrations.views.questions import FORMS, given, show

CHANGED = "Your answers were changed in another tab since you saw this page. Please check them again."


@step_view(journey.CHECK, limits.CONFIRMATIONS)
def check(visit: Visit) -> HttpResponse:
    """Show all answers; a POST confirms them as they were shown."""
    if visit.request.method != "POST":
        return _page(visit)
    quote = submission.seen(visit.draft, visit.request.POST.get("shown", ""))
    return _confirm(visit, quote) if quote else _page(visit, status=409, notice=CHANGED)


def _confirm(visit: Visit, quote: Quote) -> HttpResponse:
    try:
        answers = submission.answers(visit.draft, quote, visit.access_answers)
        booking.register(visit.event, answers, visit.draft.key, visit.showing.now)
    except AlreadyRegistered:
        return render_journey(visit.request, visit.showing, "registrations/already.html", "Look in your e-mail")
    except Busy as busy:
        return _page(_anew(visit), status=503, notice=str(busy))
    except Refused as refused:
        return _ask_again(_anew(visit), refused.problems)
    response = visit.to_confirmed()
    draft_cookie.write(response, visit.draft.key)
    return response


def _anew(visit: Visit) -> Visit:
    """Return the visit with nothing noted of places and programme: others were quicker while it waited its turn."""
    return replace(visit, showing=replace(visit.showing, version=None, noted={"access": visit.access_answers}))


def _ask_again(visit: Visit, problems: Sequence[Problem]) -> HttpResponse:
    """Return to the question that the first problem belongs to, with every other answer kept."""
    if not problems[0].field:
        return _page(visit, status=409, notice=problems[0].message)
    step = journey.step_of_field(problems[0].field)
    data = {**given(visit, step), "key": ""}
    form = FORMS[step](visit, data=data)
    form.is_valid()
    for problem in problems:
        field = {"invoice_payer": "pays"}.get(problem.field, problem.field)
        if field in form.fields and field not in form.errors:
            form.add_error(field, problem.message)
        elif field not in form.fields and journey.step_of_field(problem.field) == step:
            form.add_error(None, problem.message)
    return show(visit, step, form, status=409)


def _page(visit: Visit, *, status: int = 200, notice: str = "") -> HttpResponse:
    """Return the page to check, with the price as it is now; the ticket question, if the ticket cannot be had."""
    offer = _offer(visit)
    if offer is None or offer.is_sold_out:
        form = FORMS[journey.TICKET](visit, data=given(visit, journey.TICKET))
        form.is_valid()
        return show(visit, journey.TICKET, form, status=409)
    questions = workshop_questions.of(visit.showing) if visit.draft.answers["workshops"] else []
    response = render_journey(
        visit.request, visit.showing, "registrations/check.html", journey.CHECK.title,
        title_more=journey.position(journey.CHECK, visit.draft.answers), status=status, is_error=bool(notice),
        **_shown(visit, offer.ticket_type, questions), notice=notice, full=any(each.event_full for each in questions),
    )  # fmt: skip
    if status == 503:
        response.headers["Retry-After"] = str(BUSY_SECONDS)
    return response


def _offer(visit: Visit) -> TicketOnSale | None:
    chosen = visit.draft.answers["ticket"]["ticket_type"]
    return next((offer for offer in on_sale.now(visit.showing) if str(offer.ticket_type.pk) == chosen), None)


def _shown(visit: Visit, ticket_type: TicketType, questions: list) -> dict[str, object]:
    draft, answers = visit.draft, visit.draft.answers
    quote = prices.quote(ticket_type, visit.showing.now)
    back = journey.steps(answers)[-2]
    return {
        "draft": draft,
        "email": answers["details"]["email"],
        "parts": summary.parts(draft, quote, ticket_type, questions, visit.access_answers),
        "shown": submission.shown(draft, quote),
        "price": prices.words(quote.price) if quote.price else "",
        "position": journey.position(journey.CHECK, answers),
        "back": visit.address(back),
        "back_words": back.back,
    }
