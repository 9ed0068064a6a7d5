"""All workshops on one page: what is wanted is had as a whole, or nothing changes."""

from collections.abc import Sequence

from django.http import HttpResponse, QueryDict

from registrations import availability, kept, rules
from registrations.answering import workshop_questions
from registrations.forms.my_workshops import MyWorkshopsForm, with_mine
from registrations.my_day import own_day, rechoosing
from registrations.problems import Busy, Problem, Refused
from registrations.views.my_day.gate import Mine, changes_too_often, own, render_mine
from registrations.views.my_day.overview import show, to_day
from registrations.waiting import asking_first


@own
def workshops(mine: Mine) -> HttpResponse:
    """Show all series with what one has; a POST changes them."""
    if problems := rules.of_changing(mine.event, mine.registration, mine.showing.now):
        return show(mine, notice=problems[0].message, status=409)
    if not mine.is_sent:
        return _page(mine, _form(mine))
    form = _form(mine, mine.request.POST)
    return _change(mine, form) if form.is_valid() else _page(mine, form, status=422)


def _change(mine: Mine, form: MyWorkshopsForm) -> HttpResponse:
    if form.changes_nothing:
        return to_day("unchanged")
    if stopped := changes_too_often(mine):
        return stopped
    try:
        rechoosing.change(mine.registration, form.wishes(), form.seen(), mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    except Refused as refused:
        return _page(mine, _anew(mine, refused.problems), status=409)
    return to_day("workshops")


def _anew(mine: Mine, problems: Sequence[Problem]) -> MyWorkshopsForm:
    """Return the form with the places as they are now and what was sent; each problem stands beside its question."""
    mine.showing.noted.clear()
    form = _form(mine, mine.request.POST)
    form.is_valid()
    for problem in problems:
        if problem.field not in form.fields:
            form.add_error(None, problem.message)
        elif problem.field not in form.errors:
            form.add_error(problem.field, problem.message)
    return form


def _form(mine: Mine, data: QueryDict | None = None) -> MyWorkshopsForm:
    registration = mine.registration
    choices = {each.session_id: each.session for each in own_day.live_choices(registration)}
    listed = {each.pk: each for each in workshop_questions.workshops(mine.showing)}
    has = rechoosing.has(registration)
    questions = workshop_questions.of(mine.showing, waits=registration.is_waiting)
    return MyWorkshopsForm(
        data,
        questions=with_mine(questions, has, {key: listed.get(key, each) for key, each in choices.items()}),
        has=has,
        places=availability.shown(mine.showing).workshops,
        is_asked=asking_first.always(registration, mine.showing.now),
        kept=set(registration.offers.open().exclude(session=None).values_list("session", flat=True)),
    )


def _page(mine: Mine, form: MyWorkshopsForm, *, status: int = 200) -> HttpResponse:
    return render_mine(mine, "my_day/workshops.html", "Change your workshops", status=status, form=form)
