"""Passing the place to a colleague, and accepting one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from events.showing import Showing
from events.storing import versions
from registrations import kept, limits, rules
from registrations.answering.answers import Needs
from registrations.forms.my_details import NewAttendeeForm, PassOnForm
from registrations.models import ChoiceState, Transfer, TransferState
from registrations.my_day import own_day, transfers
from registrations.problems import Busy, Refused
from registrations.views.my_day.details import add_to, is_over
from registrations.views.my_day.gate import (
    Mine,
    event_of,
    limited,
    own,
    personal_page,
    render_mine,
    writes_elsewhere_too_often,
)  # fmt: skip
from registrations.views.my_day.overview import TOO_LATE, show, to_day
from registrations.views.my_day.way_in import ended
from registrations.way_in import accepting_cookie, links, opened_cookie

PASSING, ACCEPTING = "Pass your place to a colleague", "Accept a place"


@own
def pass_on(mine: Mine) -> HttpResponse:
    """Ask to whom the place passes, and write to them."""
    if is_over(mine):
        return show(mine, notice=TOO_LATE, status=409)
    form = PassOnForm(mine.request.POST if mine.is_sent else None)
    if not form.is_bound or not form.is_valid():
        return _asking(mine, form, 422 if form.is_bound else 200)
    open_one = mine.registration.transfers.open().first()
    if open_one and transfers.is_to(open_one, form.cleaned_data["name"], form.cleaned_data["email"]):
        return to_day("passed")  # it was pressed twice
    if stopped := writes_elsewhere_too_often(mine):
        return stopped
    try:
        transfers.begin(mine.registration, form.cleaned_data["name"], form.cleaned_data["email"], mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    except Refused as refused:
        add_to(form, refused)
        return _asking(mine, form, 409)
    return to_day("passed")


def _asking(mine: Mine, form: PassOnForm, status: int) -> HttpResponse:
    return render_mine(mine, "my_day/pass_on.html", PASSING, status=status, form=form)


@own
def withdraw(mine: Mine) -> HttpResponse:
    """Keep the place after all."""
    if not mine.is_sent:
        return redirect("my_day:day")
    try:
        transfers.withdraw(mine.registration, mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    return to_day("withdrawn")


@personal_page
def open_offer(request: HttpRequest, token: str) -> HttpResponse:
    """Open what a colleague was sent: it leaves the address for a cookie. Nothing is changed.

    A page that was opened while its address still held the token sends its answer here; that counts as well.
    """
    transfer = links.transfer_of(token)
    if transfer is None:
        return ended(request)
    response = _accept(request, transfer) if request.method == "POST" else redirect("my_day:accepting")
    accepting_cookie.write(response, transfer, timezone.now())
    return response


@personal_page
def accept(request: HttpRequest) -> HttpResponse:
    """Show a colleague the place that is passed to them; a POST accepts it, or says no."""
    transfer = accepting_cookie.read(request, timezone.now())
    if transfer is None:
        return kept.closed_offer(request)
    if request.method == "POST" and request.POST.get("transfer") != str(transfer.pk):
        return kept.another_day(request)
    return _accept(request, transfer)


def _accept(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    mine = _theirs(request, transfer)
    if transfer.state != TransferState.OPEN and opened_cookie.has(request, mine.registration, mine.showing.now):
        return redirect("my_day:day")  # it was pressed twice
    if transfer.state != TransferState.OPEN or rules.of_changing(mine.event, mine.registration, mine.showing.now):
        return _over(mine)
    if not mine.is_sent:
        return _offered(mine, transfer, NewAttendeeForm())
    if stopped := limited(request, limits.STEPS):
        return stopped
    if request.POST.get("answer") == "no":
        return _declined(mine, transfer)
    return _accepted(mine, transfer)


def _theirs(request: HttpRequest, transfer: Transfer) -> Mine:
    version = versions.current()
    event = event_of(transfer.registration.event_id, version)
    transfer.registration.event = event
    showing = Showing(event, timezone.now(), version=version)
    return Mine(request, showing, transfer.registration, [], since=0, no_part=set())


def _accepted(mine: Mine, transfer: Transfer) -> HttpResponse:
    form = NewAttendeeForm(mine.request.POST)
    if not form.is_valid():
        return _offered(mine, transfer, form, 422)
    try:
        registration = transfers.accept(transfer, form.facts(), Needs(**form.needs()), mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    except Refused as refused:
        if transfers.OVER in refused.problems:
            return _over(mine)
        add_to(form, refused)
        return _offered(mine, transfer, form, 409)
    response = to_day("accepted")
    opened_cookie.write(response, [registration], registration, int(mine.showing.now.timestamp()))
    return response


def _declined(mine: Mine, transfer: Transfer) -> HttpResponse:
    try:
        transfers.decline(transfer, mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    except Refused:
        return _over(mine)
    return _over(mine, declined=True)


def _over(mine: Mine, *, declined: bool = False) -> HttpResponse:
    heading = "You have said no" if declined else "This place is no longer passed on"
    status = 200 if declined else 409
    return render_mine(mine, "my_day/transfer_over.html", heading, status=status, declined=declined)


def _offered(mine: Mine, transfer: Transfer, form: NewAttendeeForm, status: int = 200) -> HttpResponse:
    choices = list(own_day.live_choices(mine.registration))
    kept_ones = own_day.kept(mine.registration, choices, mine.showing.now)
    answers = {each.offer.session_id for each in kept_ones}
    waited = [each.session for each in choices if each.state == ChoiceState.WAITING]
    return render_mine(
        mine, "my_day/accept.html", ACCEPTING, status=status, form=form, transfer=transfer, kept=kept_ones,
        held=[each.session for each in choices if each.state == ChoiceState.CONFIRMED],
        waited=[each for each in waited if each.pk not in answers],
    )  # fmt: skip
