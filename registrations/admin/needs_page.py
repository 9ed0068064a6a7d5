"""The page with somebody's access and dietary needs: only for those who may, and each view is logged."""

import dataclasses

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from events.admin.saving import UNPROCESSABLE
from registrations import needs
from registrations.admin.base import now_in
from registrations.admin.log import by_whom
from registrations.admin.telephone_form import NEEDS, fields_of, say_plainly
from registrations.answering.answers import Needs
from registrations.models import AccessNeeds, Registration

MAY_SEE, MAY_CHANGE = "registrations.view_access_needs", "registrations.change_access_needs"


class NeedsForm(forms.Form):
    """Access and dietary needs."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Take what every form takes."""
        super().__init__(*args, **kwargs)
        self.fields |= fields_of(AccessNeeds, NEEDS)
        say_plainly(self.fields)


def show(request: HttpRequest, object_id: int) -> HttpResponse:
    """Show what somebody needs and log that it was seen; or store a change and log that."""
    changing = request.method == "POST"
    if not request.user.has_perm(MAY_SEE) or (changing and not request.user.has_perm(MAY_CHANGE)):
        raise PermissionDenied
    registration = get_object_or_404(Registration.objects.select_related("event"), pk=object_id, anonymised_at=None)
    if not changing:
        stored = needs.see(registration, request.user, now_in(request))
        return _page(request, registration, NeedsForm(initial=dataclasses.asdict(stored)))
    form = NeedsForm(request.POST)
    if not form.is_valid():
        return _page(request, registration, form)
    needs.change(registration, Needs(**form.cleaned_data), request.user, now_in(request))
    messages.success(request, "Saved. That you did so is in the log; what you wrote is not.")
    return HttpResponseRedirect(request.path)


def _page(request: HttpRequest, registration: Registration, form: NeedsForm) -> HttpResponse:
    if not request.user.has_perm(MAY_CHANGE):
        for field in form.fields.values():
            field.disabled = True
    context = {
        **admin.site.each_context(request),
        "title": "Access and dietary needs",
        "subtitle": str(registration),
        "opts": Registration._meta,
        "registration": registration,
        "adminform": AdminForm(form, [(None, {"fields": NEEDS})], {}),
        "may_change": request.user.has_perm(MAY_CHANGE),
        "log": [
            (entry, by_whom(entry))
            for entry in registration.access_needs_log.select_related("user").order_by("-when", "-pk")[:50]
        ],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return TemplateResponse(request, "admin/registrations/access_needs.html", context, status=status)
