"""Another colleague on the same invoice."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from events.showing import Showing
from events.storing.asking import Question
from registrations import availability, colleagues, kept, limits
from registrations.answering import draft_cookie
from registrations.forms.colleague import ColleagueForm
from registrations.models import Registration
from registrations.problems import AlreadyRegistered, Busy, Problem, Refused, Why
from registrations.tickets import prices
from registrations.views.confirmed import own
from registrations.views.gate import limited, personal
from registrations.views.page import render_journey

HEADING = "Add another colleague"
# Why the colleague can still come, registered by themselves.
ANEW = (Why.CANCELLED, Why.TICKET_NOT_ON_SALE, Why.TICKET_SOLD_OUT)


def asking(request: HttpRequest, slug: str) -> dict[str, Question]:
    """Ask for the places of the event: the page says beforehand if it is full."""
    return {"places": availability.question(slug)}


def colleague(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Ask for a colleague's name and address; a POST registers them."""
    if stopped := limited(request, showing, limits.CONFIRMATIONS):
        return stopped
    first = own(request, showing.event)
    if first is None:
        if request.method == "POST":
            return kept.lost(request)
        return redirect("registrations:start", event=showing.event.slug)
    if request.method != "POST":
        found = colleagues.not_offered(first, showing)
        return _closed(request, showing, found[0]) if found else _page(request, showing, first, ColleagueForm())
    if request.POST.get("key") != str(draft_cookie.read(request)):
        return kept.another_tab(request)
    return _sent(request, showing, first)


colleague = personal(colleague, asking)


def _sent(request: HttpRequest, showing: Showing, first: Registration) -> HttpResponse:
    form, offered = ColleagueForm(request.POST), colleagues.read(first, request.POST.get("colleague", ""))
    if offered is None:
        return kept.another_tab(request)
    if not form.is_valid():
        found = colleagues.refused(first, showing.now)
        return _refused(request, found[0]) if found else _page(request, showing, first, form, status=422)
    name, email = form.cleaned_data["name"], form.cleaned_data["email"]
    try:
        registration = colleagues.register(first, name, email, *offered, showing.now)
    except AlreadyRegistered:
        heading = "Look in their e-mail"
        return render_journey(request, showing, "registrations/already.html", heading, theirs=True)
    except Busy:
        return kept.busy(request)
    except Refused as refused:
        return _again(request, showing, first, form, refused)
    which = "added" if colleagues.is_as_sent(registration, name, email) else "before"
    there = reverse("registrations:confirmed", kwargs={"event": showing.event.slug})
    return redirect(f"{there}?{which}={colleagues.number(first, registration)}")


def _again(
    request: HttpRequest, showing: Showing, first: Registration, form: ColleagueForm, refused: Refused
) -> HttpResponse:
    """Return the page with what was refused, as it is offered now; if it is not any more, all that was typed."""
    showing = replace(showing, version=None, noted={})  # others were quicker
    if found := colleagues.not_offered(first, showing):
        return _refused(request, found[0])
    for problem in refused.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    return _page(request, showing, first, form, status=409)


def _closed(request: HttpRequest, showing: Showing, problem: Problem) -> HttpResponse:
    """Say why nobody can be added, and what can be done."""
    return render_journey(
        request, showing, "registrations/colleague_closed.html", HEADING,
        sentence=problem.message, anew=problem.why in ANEW,
    )  # fmt: skip


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Say the same of what was sent, and keep it in the page."""
    how = " Register them anew: they are asked for a ticket of their own." if problem.why in ANEW else ""
    return kept.page(request, 409, "Nobody was added", f"{problem.message}{how}", again=False)


def _page(
    request: HttpRequest, showing: Showing, first: Registration, form: ColleagueForm, *, status: int = 200
) -> HttpResponse:
    sent = request.POST.get("colleague", "")
    text, quote = colleagues.offer(first, showing.now)
    if status == 422 and (offered := colleagues.read(first, sent)):
        text, quote = sent, offered[1]
    return render_journey(
        request, showing, "registrations/colleague.html", HEADING, status=status, is_error=bool(form.errors), form=form,
        first=first, key=first.idempotency_key, colleague=text, price=prices.words(quote.price), address=request.path,
        full=availability.shown(showing).event.is_full,
        back=reverse("registrations:confirmed", kwargs={"event": showing.event.slug}),
    )  # fmt: skip
