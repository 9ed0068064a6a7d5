"""Complaints about how personal data is handled: read, answered outside of this site, marked as answered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from events.admin.saving import UNPROCESSABLE
from events.wording import british_time
from registrations.admin.base import LookOnly, now_in
from registrations.admin.filters import AnsweredFilter
from registrations.data_rights import complaining
from registrations.models import Complaint

NOBODY = "Somebody who is erased: nobody can be answered"


class AnsweredForm(forms.ModelForm):
    """When it was answered, and nothing else."""

    def clean_answered_at(self) -> Any:
        """Refuse a moment before the complaint, and one that is still to come."""
        when = self.cleaned_data["answered_at"]
        if when and when < self.instance.made_at:
            raise forms.ValidationError("This is before the complaint was made.")
        if when and when > timezone.now():
            raise forms.ValidationError("This is still to come. Note it once the answer has gone.")
        return when


@admin.register(Complaint)
class ComplaintAdmin(LookOnly):
    """The list, with the oldest of those that wait for an answer first, and a page for each."""

    form = AnsweredForm
    actions = ["mark_answered", "forget_author"]
    list_display = ["made", "whose", "event", "answer"]
    list_filter = [AnsweredFilter]
    list_select_related = ["registration__event"]
    fields = ["made", "whose", "text", "answered_at"]
    readonly_fields = ["made", "whose", "text"]

    def has_change_permission(self, request: HttpRequest, obj: Complaint | None = None) -> bool:
        """Whoever may say that one is answered."""
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_ordering(self, request: HttpRequest) -> list:
        """Return the order of the list."""
        return [F("answered_at").desc(nulls_first=True), "made_at", "pk"]

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """Render the page; with errors, the answer is 422."""
        response = super().render_change_form(request, context, *args, **kwargs)
        if context["errors"]:
            response.status_code = UNPROCESSABLE
        return response

    def save_model(self, request: HttpRequest, obj: Complaint, form: forms.ModelForm, change: bool) -> None:
        """Note when it was answered."""
        complaining.answered(obj, form.cleaned_data["answered_at"])

    @admin.action(description="Mark as answered now", permissions=["change"])
    def mark_answered(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> None:
        """Note that those of these that were open are answered."""
        for complaint in queryset.filter(answered_at=None):
            complaining.answered(complaint, now_in(request))
            self.log_change(request, complaint, "Answered")

    @admin.action(description="Erase the address of who complained and passed on the place", permissions=["change"])
    def forget_author(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> None:
        """Erase the addresses that are kept with these; whoever has a registration is erased there."""
        named = list(queryset.exclude(answer_to=""))
        self.message_user(request, f"Erased: {complaining.forget_author(queryset)}.")
        for complaint in named:
            self.log_change(request, complaint, "Who complained is erased")

    @admin.display(description="made", ordering="made_at")
    def made(self, complaint: Complaint) -> str:
        """When it was made, and until when we promised an answer."""
        return british_time.moment_words(complaint.made_at, _zone(complaint))

    @admin.display(description="who complains")
    def whose(self, complaint: Complaint) -> str:
        """A link to the registration, where name and address stand; or the address to which the answer goes."""
        if complaint.answer_to:
            return f"{complaint.answer_to}, who has passed on the place since"
        if complaint.registration is None:
            return NOBODY
        address = reverse("admin:registrations_registration_change", args=[complaint.registration_id])
        return format_html('<a href="{}">{}</a>', address, complaint.registration)

    @admin.display(description="event")
    def event(self, complaint: Complaint) -> str:
        """The event that they registered for."""
        return str(complaint.registration.event) if complaint.registration else ""

    @admin.display(description="answered", ordering="answered_at")
    def answer(self, complaint: Complaint) -> str:
        """When it was answered; else by when it is to be."""
        if complaint.answered_at:
            return british_time.moment_words(complaint.answered_at, _zone(complaint))
        by = complaint.made_at + complaining.ANSWERED_WITHIN
        return f"Open: answer by {british_time.short_date_words(by, _zone(complaint))}"


def _zone(complaint: Complaint) -> Any:
    return complaint.registration.event.zone if complaint.registration else timezone.get_current_timezone()
