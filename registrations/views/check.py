"""The page to check: all answers and the price; its button makes the registration."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpResponse

from registrations import booking, limits, rules
from registrations.answering import draft_cookie, journey, promised_price, submission, summary, workshop_questions
from registrations.answering.answers import Quote
from registrations.kept import BUSY_SECONDS
from registrations.models import TicketType
from registrations.problems import AlreadyRegistered, Busy, Problem, Refused, Why
from registrations.tickets import on_sale, prices
from registrations.tickets.on_sale import TicketOnSale
from registrations.views.gate import Visit, step_view
from registrations.views.page import render_journey
from registrations.views.questions import FORMS, given, show

MINUTE = datetime.timedelta(minutes=1)
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
    named = [({"invoice_payer": "pays"}.get(each.field, each.field), each) for each in problems]
    for field, _ in named:
        form.errors.pop(field, None)  # what was refused is said in the words of the refusal
    for field, problem in named:
        if field in form.fields or journey.step_of_field(problem.field) == step:
            form.add_error(field if field in form.fields else None, problem.message)
    return show(visit, step, form, status=409)


def _page(visit: Visit, *, status: int = 200, notice: str = "") -> HttpResponse:
    """Return the page to check, with the price that is promised; the ticket question, if the ticket cannot be had."""
    offer = on_sale.find(visit.showing, visit.draft.answers["ticket"]["ticket_type"])
    if problems := _of_ticket(visit, offer):
        return _ask_again(visit, problems)
    chosen = visit.draft.answers["workshops"]
    questions = workshop_questions.of(visit.showing) if chosen else []
    if workshop_questions.is_lost(questions, workshop_questions.gone(visit.showing), chosen):
        return visit.to(journey.WORKSHOPS)  # which says so
    response = render_journey(
        visit.request, visit.showing, "registrations/check.html", journey.CHECK.title,
        title_more=journey.position(journey.CHECK, visit.draft.answers), status=status, is_error=bool(notice),
        **_shown(visit, offer.ticket_type, questions), notice=notice, full=any(each.event_full for each in questions),
    )  # fmt: skip
    if status == 503:
        response.headers["Retry-After"] = str(BUSY_SECONDS)
    return response


def _of_ticket(visit: Visit, offer: TicketOnSale | None) -> list[Problem]:
    """Return why the ticket that was chosen cannot be had any more, or not at the price that was shown."""
    if offer is None:
        return [Problem(Why.TICKET_UNKNOWN, "That ticket can no longer be had. Choose another.", "ticket_type")]
    if offer.is_sold_out:
        return [rules.sold_out(offer.ticket_type)]
    return rules.of_price(promised_price.kept(visit.draft), offer.ticket_type, visit.showing.now)


def _shown(visit: Visit, ticket_type: TicketType, questions: list) -> dict[str, object]:
    draft, now = visit.draft, visit.showing.now
    quote = promised_price.to_show(draft, ticket_type, now)
    answers, until = draft.answers, quote.at + prices.HOLDS
    back = journey.steps(answers)[-2]
    parts = summary.parts(draft, quote, ticket_type, questions, visit.access_answers)
    return {
        "draft": draft,
        "email": answers["details"]["email"],
        "parts": parts,
        "has_changed": any(row.changed for part in parts for row in part.rows),
        "shown": submission.shown(draft, quote),
        "price": prices.words(quote.price) if quote.price else "",
        "holds_until": until,
        "holds_for": max(1, -(-(until - now) // MINUTE)),
        "position": journey.position(journey.CHECK, answers),
        "back": visit.address(back),
        "back_words": back.back,
    }
