"""One page to print and post to somebody without e-mail. No access needs, and not which kind of ticket they have."""

import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from events.page import site_words
from events.wording import british_time
from registrations import no_part
from registrations.admin import in_words
from registrations.admin.base import now_in
from registrations.answering import still_to_choose
from registrations.models import InvoiceState, Registration, WorkshopChoice
from registrations.tickets import prices

DUE = (InvoiceState.TO_INVOICE, InvoiceState.INVOICED)


def show(request: HttpRequest, object_id: int) -> HttpResponse:
    """Show the letter of one registration."""
    if not request.user.has_perm("registrations.view_registration"):
        raise PermissionDenied
    found = in_words.with_all(Registration.objects.filter(pk=object_id)).select_related("event__venue")
    rows = in_words.place(list(found))
    if not rows:
        raise Http404
    [registration] = rows
    event, number = registration.event, registration.positions.in_event.get(registration.pk)
    context = {
        "registration": registration,
        "event": event,
        "period": british_time.period_words(event.starts, event.ends, event.zone),
        "today": british_time.short_date_words(now_in(request), event.zone),
        "position": in_words.ordinal(number) if number else "",
        "workshops": [_workshop(choice, registration) for choice in registration.live_choices],
        "nothing_chosen": _nothing_chosen(registration, now_in(request)),
        "owed": _owed(registration),
        "site": site_words(event),
    }
    return TemplateResponse(request, "admin/registrations/letter.html", context)


def _nothing_chosen(registration: Registration, now: datetime.datetime) -> list[str]:
    """Each series in which nothing is chosen and something can be, now or once announced, in words."""
    chosen, none = {choice.series_id for choice in registration.live_choices}, no_part.of(registration)
    found = still_to_choose.without_a_choice(registration.event, chosen, now)
    waits = registration.is_waiting
    return [each.sentence(waiting=waits, no_part=each.series.pk in none) for each in found]


def _owed(registration: Registration) -> str:
    """The price, where it is still to be paid."""
    due = registration.is_confirmed and registration.invoice and registration.invoice.state in DUE
    return prices.words(registration.price_agreed) if due and registration.price_agreed else ""


def _workshop(choice: WorkshopChoice, registration: Registration) -> dict[str, str]:
    number = registration.positions.in_workshop.get(choice.pk)
    return {
        "name": str(choice.session),
        "when": british_time.hours_words(choice.starts, choice.ends, registration.event.zone),
        "where": choice.session.room.place if choice.session.room else "",
        "position": in_words.ordinal(number) if number else "",
    }
