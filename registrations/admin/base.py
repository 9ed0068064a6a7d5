"""What the pages about bookings have in common: saved by the writers only, never deleted, never put back."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from simple_history.models import ModelChange

from events.admin.base import AnyYear, PlainFields
from events.admin.history import PlainWords, WithHistory
from events.problems import Refused as PageRefused
from registrations.problems import Refused


class OneValue(PlainWords):
    """The words for one value of an older version."""

    def say(self, record: Any, field: Field) -> Any:
        """Return the value of a field in this version, as it is said."""
        value = getattr(record, field.name if field.is_relation else field.attname)
        return self.prepare_delta_change_value(ModelChange(field.name, value, value), value)


class BookingAdmin(PlainFields, WithHistory):
    """A page whose form goes to one writer, and whose rows stay.

    An older version is not made so again: who has a place is not a matter of what a form once held.
    """

    list_per_page = 50
    list_max_show_all = 300

    def write(self, request: HttpRequest, form: forms.ModelForm) -> None:
        """Hand a valid form to the writer. Raises registrations.problems.Refused."""
        raise NotImplementedError

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type:
        """Return the list, which takes any year."""
        return AnyYear

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        """Save the form through its writer; if that refuses, the page is made again with the reasons."""
        try:
            self.write(request, form)
        except Refused as refused:
            request.refusals = {form.prefix: [(each.field, each.message) for each in refused.problems]}
            raise PageRefused([]) from refused

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show the list, or do what was chosen: one writer, one transaction, one row after the other."""
        return admin.ModelAdmin.changelist_view(self, request, extra_context)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """Render the page without “Save and add another”: the next caller begins on a page of their own."""
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing of a booking is deleted here; it is cancelled."""
        return False

    def revert_disabled(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An older version can be looked at only."""
        return True

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """Say what changed, also of what no form shows: a status, above all."""
        helper = self.get_historical_record_context_helper(request, None)
        for record, before in pairwise(historical_records):
            record.history_delta_changes = [
                {"field": field.verbose_name, "old": helper.say(before, field), "new": helper.say(record, field)}
                for field in record.tracked_fields
                if getattr(record, field.attname) != getattr(before, field.attname)
            ]

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> "OneValue":
        """Return what puts a value into words."""
        return OneValue(self.model, historical_record)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """Show how a row was; nothing can be made of it."""
        if request.method == "POST":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)


class LookOnly(PlainFields, admin.ModelAdmin):
    """Rows that the site itself writes."""

    list_per_page = 50
    list_max_show_all = 300
    actions = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type:
        """Return the list, which takes any year."""
        return AnyYear

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes one by hand."""
        return False


def done(request: HttpRequest, work: Callable[[], str]) -> bool:
    """Do one piece of work and say how it went; return whether it was done."""
    try:
        messages.success(request, work())
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem.message)
        return False
    return True


def now_in(request: HttpRequest) -> Any:
    """Return the moment of this request, the same wherever it is asked for."""
    if not hasattr(request, "began_at"):
        request.began_at = timezone.now()
    return request.began_at
