"""The page on which staff register somebody who telephones."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html

from events.admin.saving import UNPROCESSABLE
from events.admin.zones import event_of
from events.models import Event, Status
from registrations import booking, folding, needs, rules
from registrations.admin.base import now_in
from registrations.admin.telephone_form import TelephoneForm
from registrations.answering.answers import Answers, Quote
from registrations.models import Registration
from registrations.problems import AlreadyRegistered, Refused
from registrations.tickets import prices

SALT = "registrations.admin.telephone"
OLD = "This page was open for another event, or is damaged. Check what you typed and send it again."


@dataclass(frozen=True)
class Shown:
    """What a page carries in a hidden field, signed: its submission's key, and the prices that were read out."""

    key: uuid.UUID
    event: int
    quotes: dict[int, Quote]

    def signed(self) -> str:
        """Return it as one word."""
        quotes = {str(each.ticket_type): [each.price, each.at.isoformat()] for each in self.quotes.values()}
        return signing.dumps({"key": str(self.key), "event": self.event, "quotes": quotes}, salt=SALT)

    @classmethod
    def read(cls, word: str) -> "Shown | None":
        """Return what was signed; None for anything else."""
        try:
            found = signing.loads(word, salt=SALT)
        except signing.BadSignature:
            return None
        quotes = {int(key): Quote(int(key), price, parse_datetime(at)) for key, (price, at) in found["quotes"].items()}
        return cls(uuid.UUID(found["key"]), found["event"], quotes)


def show(request: HttpRequest, page: admin.ModelAdmin) -> HttpResponse:
    """Show the form, or register somebody. With faults the answer is 422 and everything typed is kept."""
    if not page.has_add_permission(request):
        raise PermissionDenied
    now, data = now_in(request), request.POST if request.method == "POST" else None
    shown = Shown.read(data.get("page", "")) if data is not None else None
    # What was kept and is sent again has no event in its address, but in the page that it carries.
    event = event_of(request.GET.get("event") or (shown and str(shown.event))) or _next(now)
    if event is None or event.is_listing:
        return _page(request, page, event, None, None, now)
    shown = shown if shown and shown.event == event.pk else None
    may_note_needs = request.user.has_perm("registrations.change_access_needs")
    form = TelephoneForm(data, event=event, now=now, with_needs=may_note_needs)
    if form.is_bound and shown is None:
        form.add_error(None, OLD)
    if form.is_bound and form.is_valid():
        registration = _register(request, event, form, shown, now)
        if registration:
            return HttpResponseRedirect(reverse("admin:registrations_registration_change", args=[registration.pk]))
    return _page(request, page, event, form, shown, now)


def _register(
    request: HttpRequest, event: Event, form: TelephoneForm, shown: Shown, now: datetime.datetime
) -> Registration | None:
    """Register them; what is in the way goes beside the fields."""
    # A ticket that came on sale after the page was made has no price that was read out: its own, now.
    quotes = {each.pk: prices.quote(each, now) for each in form.tickets} | shown.quotes
    answers = form.answers(quotes)
    first = Registration.objects.filter(idempotency_key=shown.key).first()
    try:
        with transaction.atomic():
            registration = booking.register(event, answers, shown.key, now, by_staff=True)
            needs.were_taken_down_by(registration, request.user)
    except AlreadyRegistered:
        form.add_error(None, _who_is_there(event, answers))
        return None
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        return None
    _tell(request, registration, first)
    return registration


def _who_is_there(event: Event, answers: Answers) -> str:
    same = Registration.objects.live().filter(
        event=event, name_key=folding.name_key(answers.name), email_key=folding.email_key(answers.email)
    )
    return f"Somebody of this name and address is registered already: {same.first()}. They are told so by e-mail."


def _tell(request: HttpRequest, registration: Registration, first: Registration | None) -> None:
    letter = reverse("admin:registrations_registration_letter", args=[registration.pk])
    if first:
        messages.warning(request, f"This form was sent before: {registration} is the registration that it made.")
        return
    words = "has a place" if registration.is_confirmed else "is on the event’s waiting list"
    done = format_html('{} {}. <a href="{}">Print the letter</a>', registration, words, letter)
    messages.success(request, done)
    namesakes = Registration.objects.live().filter(event=registration.event_id, name_key=registration.name_key)
    if others := [str(each) for each in namesakes.exclude(pk=registration.pk)[:5]]:
        sentence = f"Others of this name are registered too: {', '.join(others)}. Is it the same person?"
        messages.warning(request, sentence)


def _next(now: datetime.datetime) -> Event | None:
    return _open_events(now).first()


def _open_events(now: datetime.datetime) -> Any:
    return Event.objects.ours().filter(status=Status.PUBLISHED, outside_url="").not_over(now).in_order()


def _page(
    request: HttpRequest,
    page: admin.ModelAdmin,
    event: Event | None,
    form: TelephoneForm | None,
    shown: Shown | None,
    now: datetime.datetime,
) -> HttpResponse:
    faults = form is not None and form.is_bound
    context = {
        **page.admin_site.each_context(request),
        "title": "Register somebody who telephones",
        "subtitle": event.title if event else None,
        "opts": page.opts,
        "event": event,
        "others": [each for each in _open_events(now)[:20] if event is None or each.pk != event.pk],
        "why_not": [each.message for each in rules.of_booking(event, now, by_staff=True)] if event else [],
    }
    if form is not None:
        quotes = {each.pk: prices.quote(each, now) for each in form.tickets}
        key = shown.key if shown else uuid.uuid4()
        context |= {
            "form": form,
            "adminform": AdminForm(form, form.groups(), {}, model_admin=page),
            "errors": AdminErrorList(form, []) if faults else [],
            "page": Shown(key, event.pk, quotes).signed(),
            "media": page.media,
        }
    status = UNPROCESSABLE if faults else 200
    return TemplateResponse(request, "admin/registrations/telephone.html", context, status=status)
