"""Registrations: found, read, corrected, cancelled, told again. Their status is never typed."""

import dataclasses
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from events.admin.base import AnyYear
from events.wording import british_time
from registrations.admin import (
    announce_page,
    csv_export,
    finding,
    in_words,
    letter,
    needs_page,
    parts,
    telephone,
    workshops_page,
)
from registrations.admin.base import now_in
from registrations.admin.deeds import CANCEL, CONFIRM_PAYMENT, END_LINKS, RESEND, invoices_of
from registrations.admin.doing import WithDeeds
from registrations.admin.erasure import ERASE
from registrations.admin.filters import HelpFilter, NotDeliveredFilter, OurEventFilter, OwedFilter
from registrations.models import Registration
from registrations.my_day import corrections
from registrations.tickets import owing, prices

PAYMENT = dataclasses.replace(CONFIRM_PAYMENT, targets=invoices_of)
NOT_HERE = (
    "Status, ticket and price follow from what was booked: use the buttons at the head of this page. Access and"
    " dietary needs stand on a page of their own."
)


class InLine(AnyYear):
    """A list whose rows know where they stand in the waiting lists."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the rows of this page, and then the positions of all of them together."""
        super().get_results(request)
        self.result_list = in_words.place(list(self.result_list))


@admin.register(Registration)
class RegistrationAdmin(WithDeeds):
    """The list of registrations, and a page for each."""

    deeds = (CANCEL, RESEND, END_LINKS, ERASE)
    list_deeds = (PAYMENT,)
    actions = ["export_chosen"]
    change_list_template = "admin/registrations/registration_list.html"
    # Attendees are promised that the kind of ticket stands on no list: it is on each registration’s own page only.
    list_display = ["reference", "name", "status_now", "workshops", "owes", "message", "organisation", "event"]
    list_display_links = ["reference", "name"]
    list_filter = [OurEventFilter, "status", OwedFilter, HelpFilter, NotDeliveredFilter]
    search_fields = ["reference"]  # so that there is a search; `finding` says how
    search_help_text = "A reference, a name in any spelling, an e-mail address, a number, an organisation or who pays."
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    fieldsets = [
        (None, {"fields": ["reference", "event", "status_now", "workshop_list", "made"], "description": NOT_HERE}),
        ("Who comes", {"fields": ["name", "badge_name", "pronouns", "organisation", "job_title"]}),
        ("How to reach them", {"fields": ["email", "phone"]}),
        ("What it costs", {"fields": ["ticket", "owes", "payer", "is_member", "wants_bursary"]}),
        ("What they said", {"fields": ["access", "photo_consent", "mailing_consent"]}),
        ("What they were sent", {"fields": ["messages_sent"]}),
    ]
    readonly_fields = [
        "reference", "event", "status_now", "workshop_list", "made", "ticket", "owes", "payer", "wants_bursary",
        "access", "messages_sent",
    ]  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the letter, of access needs, of workshops, of notices and of the export as well."""
        pages = {"letter": letter.show, "access_needs": needs_page.show, "workshops": self.workshops_view}
        name, announce = "registrations_registration_{}".format, partial(announce_page.show, page=self)
        return [
            *(
                path(f"<int:object_id>/{each}/", self.admin_site.admin_view(view), name=name(each))
                for each, view in pages.items()
            ),
            path("announce/<int:series>/", self.admin_site.admin_view(announce), name=name("announce")),
            path("export/", self.admin_site.admin_view(self.export_view), name=name("export")),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type:
        """Return the list, whose rows know their positions."""
        return InLine

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """Return the columns; in the list of one event, its name would only repeat itself."""
        of_one_event = OurEventFilter.parameter_name in request.GET
        return [name for name in self.list_display if name != "event" or not of_one_event]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        """Read along with registrations what is said of them."""
        return in_words.with_all(super().get_queryset(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Registration | None:
        """Return one registration, which knows its positions."""
        found = super().get_object(request, object_id, from_field)
        return in_words.place([found])[0] if found else None

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Return those who fit what was typed."""
        return finding.found(queryset, search_term), False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show the list; that of one event with a link to announce each of its series."""
        announcements = announce_page.links(request, now_in(request))
        return super().changelist_view(request, {**(extra_context or {}), "announcements": announcements})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Register somebody who telephones."""
        return telephone.show(request, self)

    add_view.keeps_answers = True  # also what cannot be taken at all: see registrations.kept

    def has_change_permission(self, request: HttpRequest, obj: Registration | None = None) -> bool:
        """Nothing is changed of somebody who is erased."""
        return super().has_change_permission(request, obj) and not (obj and obj.anonymised_at)

    def write(self, request: HttpRequest, form: forms.ModelForm) -> None:
        """Correct what was typed, and nothing else. Raises Refused."""
        corrections.correct(
            form.instance, {name: form.cleaned_data[name] for name in form.changed_data}, now_in(request)
        )

    def tools(self, request: HttpRequest, row: Registration) -> list[tuple[str, str]]:
        """Return the buttons; the letter is for everybody who may see the registration. One that is erased has none."""
        if row.anonymised_at:
            return []
        at = "admin:registrations_registration_{}".format
        change = (workshops_page.LABEL, reverse(at("workshops"), args=[row.pk]))
        may = request.user.has_perm(workshops_page.MAY_CHANGE) and workshops_page.is_possible(row, now_in(request))
        letter_tool = ("Letter to print", reverse(at("letter"), args=[row.pk]))
        return [*([change] if may else []), *super().tools(request, row), letter_tool]

    def workshops_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Change somebody's workshops."""
        return workshops_page.show(request, self, object_id)

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """Return those who are chosen, as a file for a spreadsheet."""
        return csv_export.response(queryset, now_in(request))

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Return everybody whom the list shows with these filters, on all of its pages."""
        return csv_export.of_list(self, request, now_in(request))

    @admin.display(description="status", ordering="status")
    def status_now(self, registration: Registration) -> str:
        """The status, with the position in the event's waiting list."""
        return in_words.status_words(registration)

    @admin.display(description="workshops")
    def workshops(self, registration: Registration) -> str:
        """The workshops they have and wait for."""
        return in_words.workshop_words(registration)

    @admin.display(description="workshops")
    def workshop_list(self, registration: Registration) -> str:
        """The same with titles and times."""
        return parts.workshops(registration)

    @admin.display(description="owed")
    def owes(self, registration: Registration) -> str:
        """What is owed, and how far that has come."""
        return owing.words(registration)

    @admin.display(description="last message")
    def message(self, registration: Registration) -> str:
        """How far the last message has come."""
        return in_words.message_words(registration)

    @admin.display(description="registered")
    def made(self, registration: Registration) -> str:
        """When it was made, and cancelled."""
        zone = registration.event.zone
        gone = registration.cancelled_at
        cancelled = f"; cancelled {british_time.moment_words(gone, zone)}" if gone else ""
        return british_time.moment_words(registration.created_at, zone) + cancelled

    @admin.display(description="ticket")
    def ticket(self, registration: Registration) -> str:
        """The ticket with the price agreed."""
        return f"{registration.ticket_type}, {prices.words(registration.price_agreed)}"

    @admin.display(description="who pays")
    def payer(self, registration: Registration) -> str:
        """The invoice, as a link."""
        return parts.invoice(registration)

    @admin.display(description="access and food")
    def access(self, registration: Registration) -> str:
        """Whether anything was given; what it is stands on a page of its own."""
        return parts.access(registration)

    @admin.display(description="messages")
    def messages_sent(self, registration: Registration) -> str:
        """Every message with its state, and why it could not be sent."""
        return parts.messages(registration)
