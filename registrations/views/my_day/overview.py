"""The day itself, with what can be done at one click: say that news were read, leave a waiting list."""

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect

from registrations import kept, rules
from registrations.answering.answers import Wish
from registrations.models import AccessNeeds, Invoice
from registrations.my_day import own_day, rechoosing, what_changed
from registrations.problems import Busy, Refused
from registrations.tickets import owing
from registrations.views.my_day.gate import Mine, changes_too_often, own, render_mine

MY_DAY = "My day"
HEADINGS = {
    "waiting": f"{MY_DAY}: you are on the waiting list",
    "cancelled": f"{MY_DAY}: your registration is cancelled",
}
TOO_LATE = "This can no longer be changed here: the registration is cancelled, or the event has begun."
SAID = {
    "workshops": "Your workshops are changed.",
    "unchanged": "Nothing had to be changed: your workshops are as shown below.",
    "left": "You are no longer waiting for that workshop. What you hold stays yours.",
    "offer": "The place is yours.",
    "asking": "We will ask you first.",
    "not_asking": "A place becomes yours without asking, and we write to you at once.",
    "declined": "You have said no. The place goes to the next in line.",
    "details": "Your details are changed.",
    "needs": "We have your answers about access and food.",
    "removed": "Your answers about access and food are removed.",
    "order": "What the invoice says is saved.",
    "accepted": "The place is yours, with its workshops. We have written to you.",
    "seen": "Noted: you have read the news.",
    "passed": "Your colleague has been written to. You keep your place until they accept.",
    "withdrawn": "Your place stays yours. The link that your colleague was sent no longer works.",
    "cancelled": "Your registration is cancelled.",
    "complaint": "We have your complaint. A message that says so is on its way; we answer within a month.",
}  # fmt: skip


@own
def day(mine: Mine) -> HttpResponse:
    """Show the attendee's day."""
    return show(mine)


def show(mine: Mine, *, notice: str = "", status: int = 200) -> HttpResponse:
    """Return the page of the day; `notice` says why something that was asked for could not be."""
    registration = mine.registration
    registration.invoice = Invoice.objects.filter(pk=registration.invoice_id).first()
    mine_day, done = own_day.of(registration, mine.showing, mine.no_part), "" if notice else _said(mine)
    return render_mine(
        mine, "my_day/day.html", HEADINGS.get(registration.status, MY_DAY), status=status, notice=notice,
        standing=mine_day.standing, items=mine_day.items, kept=mine_day.kept, is_asked=mine_day.is_asked,
        is_kept=any(each.offer.session_id is None for each in mine_day.kept),
        owes=owing.to_attendee(registration), offered={each.offer.session_id for each in mine_day.kept},
        news=what_changed.since_last_look(registration), done=done, said_first=done.partition(".")[0],
        others=[each for each in mine.opened if each.pk != registration.pk],
        passing=registration.transfers.open().first(),
        gave_needs=AccessNeeds.objects.filter(registration=registration).exists(),
        can_change=not rules.of_changing(mine.event, registration, mine.showing.now),
    )  # fmt: skip


def _said(mine: Mine) -> str:
    """Return what was just done, of which the address tells; never what can be seen not to be so."""
    done = mine.request.GET.get("done", "")
    if done == "cancelled" and not mine.registration.is_cancelled:
        return ""
    if done == "passed" and not mine.registration.transfers.open().exists():
        return ""
    return SAID.get(done, "")


@own
def seen(mine: Mine) -> HttpResponse:
    """Note that the news were read."""
    if mine.is_sent:
        what_changed.note_seen(mine.registration, mine.showing.now)
        return to_day("seen")
    return redirect("my_day:day")


@own
def leave(mine: Mine) -> HttpResponse:
    """Leave the waiting list of one series; the place held in it stays."""
    if not mine.is_sent:
        return redirect("my_day:day")
    series = number(mine.request.POST.get("series", ""))
    has = rechoosing.has(mine.registration).get(series, Wish())
    if has.wait is None:
        return redirect("my_day:day")
    if stopped := changes_too_often(mine):
        return stopped
    wishes, seen_before = {series: Wish(has.place)}, {series: rechoosing.word(has)}
    work = partial(rechoosing.change, mine.registration, wishes, seen_before, mine.showing.now)
    return answered(mine, work, "left")


def answered(mine: Mine, work: Callable[[], object], done: str) -> HttpResponse:
    """Do what a button asks for, and lead back to the day; if it cannot be, the day says why."""
    try:
        work()
    except Busy:
        return kept.busy(mine.request)
    except Refused as refused:
        return show(mine, notice=str(refused), status=409)
    return to_day(done)


def to_day(done: str) -> HttpResponse:
    """Lead back to the day, which says what was done."""
    response = redirect("my_day:day")
    response["Location"] += f"?done={done}"
    return response


def number(text: str) -> int:
    """Return a key that was sent; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
