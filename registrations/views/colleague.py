"""Another colleague on the same invoice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from events.showing import Showing
from registrations import colleagues, kept, limits
from registrations.answering import draft_cookie
from registrations.forms.colleague import ColleagueForm
from registrations.models import Registration
from registrations.problems import AlreadyRegistered, Busy, Refused
from registrations.tickets import prices
from registrations.views.confirmed import own
from registrations.views.gate import limited, personal
from registrations.views.page import render_journey

HEADING = "Add another colleague"


@personal
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
        return _page(request, showing, first, ColleagueForm())
    if request.POST.get("key") != str(draft_cookie.read(request)):
        return kept.another_tab(request)
    return _sent(request, showing, first)


def _sent(request: HttpRequest, showing: Showing, first: Registration) -> HttpResponse:
    form, offered = ColleagueForm(request.POST), colleagues.read(first, request.POST.get("colleague", ""))
    if offered is None:
        return kept.another_tab(request)
    if not form.is_valid():
        return _page(request, showing, first, form, status=422)
    try:
        colleagues.register(first, form.cleaned_data["name"], form.cleaned_data["email"], *offered, showing.now)
    except AlreadyRegistered:
        return render_journey(request, showing, "registrations/already.html", "Look in your e-mail", theirs=True)
    except Busy:
        return kept.busy(request)
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        return _page(request, showing, first, form, status=409)
    return redirect(reverse("registrations:confirmed", kwargs={"event": showing.event.slug}) + "?added")


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
        back=reverse("registrations:confirmed", kwargs={"event": showing.event.slug}),
    )  # fmt: skip
