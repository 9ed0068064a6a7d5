"""The page on which staff change somebody's workshops: all series at once, by the one writer, with the site's rules."""

import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from events.admin.saving import UNPROCESSABLE
from events.models import Session
from registrations import rules
from registrations.admin import in_words, parts
from registrations.admin.base import now_in
from registrations.admin.workshops_form import ChangeWorkshopsForm
from registrations.kept import BUSY_SECONDS
from registrations.models import Registration, WorkshopChoice
from registrations.my_day import rechoosing
from registrations.problems import Busy, Refused

MAY_CHANGE = "registrations.change_registration"
LABEL = "Change workshops"
SAVED, UNAVAILABLE = 200, 503
NOT_TOLD = "No message goes out, because they hold and wait for what they did before."
MOST = 50  # entries of the log on the page


def is_possible(registration: Registration, now: datetime.datetime) -> bool:
    """Whether this registration's workshops can still be changed, as far as the event goes."""
    return not rules.of_changing(registration.event, registration, now)


def show(request: HttpRequest, page: admin.ModelAdmin, object_id: int) -> HttpResponse:
    """Show somebody's workshops to choose anew, or save them. What is in the way stands beside its question."""
    if not request.user.has_perm(MAY_CHANGE):
        raise PermissionDenied
    now = now_in(request)
    registration = get_object_or_404(in_words.with_all(Registration.objects.all()), pk=object_id)
    data = request.POST if request.method == "POST" else None
    form = ChangeWorkshopsForm(data, registration=registration, now=now)
    if data is None:
        return _page(request, page, registration, form, 200)
    status = _save(request, page, registration, form, now) if form.is_valid() else UNPROCESSABLE
    if status != SAVED:
        return _page(request, page, registration, form, status)
    return HttpResponseRedirect(reverse("admin:registrations_registration_change", args=[registration.pk]))


def _save(
    request: HttpRequest,
    page: admin.ModelAdmin,
    registration: Registration,
    form: ChangeWorkshopsForm,
    now: datetime.datetime,
) -> int:
    """Change what was touched; or say beside the questions what is in the way. Return the status that this is."""
    wishes = form.wishes()
    if not wishes:
        messages.info(request, "Nothing was changed.")
        return SAVED
    try:
        rechoosing.change(registration, wishes, form.seen(), now, by_staff=True)
    except Busy as busy:
        form.add_error(None, str(busy))
        return UNAVAILABLE
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        return UNPROCESSABLE
    page.log_change(request, registration, LABEL)
    told = _told(registration) if form.moves_any(wishes) else NOT_TOLD
    messages.success(request, f"The workshops of {registration} are changed. {told}")
    return SAVED


def _told(registration: Registration) -> str:
    if registration.email:
        return f"A message about it goes to {registration.email}."
    return "There is no e-mail address: nobody is told unless you tell them."


def _page(
    request: HttpRequest, page: admin.ModelAdmin, registration: Registration, form: ChangeWorkshopsForm, status: int
) -> HttpResponse:
    in_words.place([registration])
    why_not = [] if form.is_bound else rules.of_changing(registration.event, registration, form.now)
    context = {
        **page.admin_site.each_context(request),
        "title": LABEL,
        "subtitle": str(registration),
        "opts": page.opts,
        "registration": registration,
        "status_words": in_words.status_words(registration),
        "held": parts.workshops(registration),
        "why_not": [each.message for each in why_not],
        "told": _told(registration),
        "form": form,
        "has_faults": form.is_bound,
        "log": _log(registration),
        "media": page.media,
    }
    headers = {"Retry-After": str(BUSY_SECONDS)} if status == UNAVAILABLE else None
    return TemplateResponse(request, "admin/registrations/workshops.html", context, status=status, headers=headers)


def _log(registration: Registration) -> list[dict[str, Any]]:
    """Return what became of each of their workshops, when and by whom, the latest first."""
    history = WorkshopChoice.history.filter(registration=registration).select_related("history_user")
    found = list(history.order_by("-history_date", "-history_id")[:MOST])
    sessions = Session.objects.select_related("series").in_bulk({each.session_id for each in found})
    return [
        {
            "when": each.history_date,
            "workshop": sessions.get(each.session_id, "a workshop deleted since"),
            "state": each.get_state_display().lower(),
            "who": each.history_user or "the attendee, or the site itself",
        }
        for each in found
    ]
