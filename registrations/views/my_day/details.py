"""Putting right what one said: details, access and food, the purchase order."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse

from registrations import kept, needs
from registrations.answering import draft_cookie
from registrations.answering.answers import Needs
from registrations.forms.base import StepForm
from registrations.forms.my_details import MyDetailsForm, NeedsForm, OrderForm
from registrations.models import AccessNeeds, Invoice, InvoiceState, Registration
from registrations.my_day import corrections
from registrations.problems import Busy, Refused, Why
from registrations.tickets import payers
from registrations.views.my_day.gate import Mine, own, render_mine, writes_elsewhere_too_often
from registrations.views.my_day.overview import TOO_LATE, show, to_day
from registrations.way_in import opened_cookie

NOTHING_SAID = "Tick or write what you need. If it is nothing, you need send nothing: we hold no answers of yours."
NOTHING_SAID_ANEW = "Tick or write what you need. If it is nothing any more, press “Remove my answers” below."
ANOTHER = "Somebody of this name and address is registered already."
SETTLED = (InvoiceState.PAID, InvoiceState.TO_REFUND, InvoiceState.REFUNDED)


def is_over(mine: Mine) -> bool:
    """Whether nothing of this registration can be changed any more."""
    return mine.registration.is_cancelled or mine.event.starts <= mine.showing.now


@own
def details(mine: Mine) -> HttpResponse:
    """Change what one said of oneself."""
    if is_over(mine):
        return show(mine, notice=TOO_LATE, status=409)
    names = [name for name in MyDetailsForm.base_fields if name in corrections.FACTS]
    initial = {name: getattr(mine.registration, name) for name in names}
    form = MyDetailsForm(mine.request.POST if mine.is_sent else None, initial=initial)
    if not form.is_bound or not form.is_valid():
        return _page(mine, "details", form)
    if "email" in form.changed_data and (stopped := writes_elsewhere_too_often(mine)):
        return stopped

    def save() -> Registration:
        return corrections.correct(mine.registration, form.cleaned_data, mine.showing.now)

    response, changed = tried(mine, "details", form, save)
    if changed is not None:
        # Another address ends every link; this browser stays open.
        others = [each for each in mine.opened if each.pk != changed.pk]
        opened_cookie.write(response, [changed, *others], changed, mine.since)
        if draft_cookie.read(mine.request) == mine.registration.idempotency_key:
            draft_cookie.write(response, changed.idempotency_key)
    return response


@own
def access(mine: Mine) -> HttpResponse:
    """Say anew what one needs, or have it removed, which is always possible. What was said before is not shown."""
    if mine.request.POST.get("remove") == "yes":
        needs.change(mine.registration, Needs(), None, mine.showing.now)
        return to_day("removed")
    given = AccessNeeds.objects.filter(registration=mine.registration).exists()
    if is_over(mine):
        if mine.is_sent or not given:
            return show(mine, notice=TOO_LATE, status=409)
        return render_mine(mine, "my_day/needs_over.html", HEADINGS["needs"])
    form = NeedsForm(mine.request.POST if mine.is_sent else None)
    if not form.is_bound or not form.is_valid():
        return _page(mine, "needs", form, given=given)
    wanted = Needs(**form.needs())
    if wanted == Needs():
        form.add_error(next(iter(form.fields)), NOTHING_SAID_ANEW if given else NOTHING_SAID)
        return _page(mine, "needs", form, given=given)
    needs.change(mine.registration, wanted, None, mine.showing.now)
    return to_day("needs")


@own
def order(mine: Mine) -> HttpResponse:
    """Give a purchase order number and, until the invoice is sent, say who pays."""
    invoice = Invoice.objects.filter(pk=mine.registration.invoice_id).first()
    if invoice is None:
        raise Http404
    if invoice.state in SETTLED:
        return show(mine, notice="The invoice is settled, so nothing of it can be changed.", status=409)
    if is_over(mine):
        return show(mine, notice=TOO_LATE, status=409)
    initial = {name: getattr(invoice, name) for name in payers.FACTS}
    is_sent, is_theirs = invoice.state == InvoiceState.INVOICED, payers.named_by(invoice, mine.registration)
    form = OrderForm(mine.request.POST if mine.is_sent else None, initial=initial, with_payer=is_theirs and not is_sent)
    if not form.is_bound or not form.is_valid():
        return _page(mine, "order", form, is_sent=is_sent, is_theirs=is_theirs)

    def save() -> Invoice:
        return payers.correct(invoice, form.cleaned_data, mine.showing.now, by=mine.registration)

    return tried(mine, "order", form, save)[0]


HEADINGS = {"details": "Change your details", "needs": "Access and food", "order": "Purchase order number"}


def tried(mine: Mine, name: str, form: StepForm, work: Callable[[], Any]) -> tuple[HttpResponse, Any]:
    """Do what a valid form asks for. Return where it leads, with what the work returned; None where it was refused."""
    try:
        return to_day(name), work()
    except Busy:
        return kept.busy(mine.request), None
    except Refused as refused:
        add_to(form, refused)
        return _page(mine, name, form, status=409), None


def add_to(form: StepForm, refused: Refused) -> None:
    """Say beside each field why it was refused. The reference of somebody else is for staff."""
    for problem in refused.problems:
        sentence = ANOTHER if problem.why == Why.SAME_PERSON else problem.message
        form.add_error(problem.field if problem.field in form.fields else None, sentence)


def _page(mine: Mine, name: str, form: StepForm, *, status: int = 0, **more: object) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    return render_mine(mine, f"my_day/{name}.html", HEADINGS[name], status=status, form=form, **more)
