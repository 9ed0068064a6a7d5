"""The four pages of questions: each saves its answers in the draft and leads to the next without an answer."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from registrations import choice_rules
from registrations.answering import drafts, journey, promised_price, workshop_questions
from registrations.answering.journey import Step
from registrations.forms.access import AccessForm
from registrations.forms.base import StepForm
from registrations.forms.details import DetailsForm
from registrations.forms.ticket import TicketForm
from registrations.forms.workshops import WorkshopsForm
from registrations.tickets import on_sale
from registrations.views.gate import Visit, step_view
from registrations.views.page import render_journey
from registrations.waiting import asking_first


def _details(visit: Visit, **values: Any) -> StepForm:
    return DetailsForm(**values)


def _ticket(visit: Visit, **values: Any) -> StepForm:
    return TicketForm(offers=on_sale.offered(visit.showing, promised_price.kept(visit.draft)), **values)


def _workshops(visit: Visit, **values: Any) -> StepForm:
    questions = workshop_questions.of(visit.showing)
    # Only where something is full is anything said of waiting.
    is_asked = any(each.full for each in questions) and asking_first.everybody(visit.event, visit.showing.now)
    now = visit.showing.now
    gone = [(each, choice_rules.not_choosable(each, now)) for each in workshop_questions.gone(visit.showing)]
    return WorkshopsForm(questions=questions, is_asked=is_asked, gone=gone, **values)


def _access(visit: Visit, **values: Any) -> StepForm:
    return AccessForm(**values)


FORMS: dict[Step, Callable[..., StepForm]] = {
    journey.DETAILS: _details,
    journey.TICKET: _ticket,
    journey.WORKSHOPS: _workshops,
    journey.ACCESS: _access,
}


def _view(step: Step) -> Callable[..., HttpResponse]:
    @step_view(step)
    def view(visit: Visit) -> HttpResponse:
        if visit.request.method != "POST":
            return show(visit, step, _as_given(visit, step))
        form = FORMS[step](visit, data=visit.request.POST)
        if not form.is_valid():
            return show(visit, step, form, status=422)
        if not _keep(visit, step, form):
            return visit.to_confirmed("?again")
        return visit.to(journey.first_unanswered(visit.draft.answers))

    return view


def _as_given(visit: Visit, step: Step) -> StepForm:
    """Return the form with the answers that the draft holds; with what is wrong, if one cannot be had any more."""
    answers = given(visit, step)
    if answers and step in (journey.TICKET, journey.WORKSHOPS):
        again = FORMS[step](visit, data=answers)
        if not again.is_valid():
            return again
    return FORMS[step](visit, initial=answers)


def _keep(visit: Visit, step: Step, form: StepForm) -> bool:
    now = visit.showing.now
    if isinstance(form, AccessForm):
        return drafts.keep_access(visit.draft, step.name, form.answers(), form.needs(), now)
    answers, beside = form.answers(), {}
    if step == journey.TICKET:
        beside = promised_price.after_choosing(visit.draft, answers, now)
    return drafts.keep(visit.draft, step.name, answers, now, beside)


def given(visit: Visit, step: Step) -> dict[str, Any]:
    """Return what the draft holds of a step."""
    kept = visit.draft.answers.get(step.name, {})
    return {**kept, **visit.access_answers} if step == journey.ACCESS else kept


def show(visit: Visit, step: Step, form: StepForm, *, status: int = 200) -> HttpResponse:
    """Return the page of a step with this form; its button leads to the step, wherever the page itself is shown."""
    answers = visit.draft.answers
    back = journey.before(step, answers)
    position = journey.position(step, answers)
    return render_journey(
        visit.request, visit.showing, "registrations/step.html", step.title,
        title_more=position, status=status, is_error=bool(form.errors),
        lead=f"registrations/leads/{step.name}.html", form=form, draft=visit.draft, position=position,
        address=visit.address(step),
        back=visit.address(back) if back else visit.start, back_words=back.back if back else "the start",
    )  # fmt: skip


details, ticket, workshops, access = (_view(step) for step in FORMS)
