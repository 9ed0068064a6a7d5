"""Invoices: who pays can be corrected; how far it has come is set by buttons."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from events.admin.zones import is_key
from events.models import Status
from registrations.admin.base import now_in
from registrations.admin.deeds import CONFIRM_PAYMENT, INVOICED, NOT_PAID, REFUNDED
from registrations.admin.doing import WithDeeds
from registrations.admin.filters import OurEventFilter
from registrations.models import Invoice, RegistrationStatus
from registrations.tickets import owing, payers, prices, refunds

NAMED = 3  # of those on an invoice, in the list


class InvoiceEventFilter(OurEventFilter):
    """The invoices for one event."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep those with a registration for it."""
        if not is_key(self.value()):
            return queryset
        return queryset.filter(pk__in=Invoice.objects.filter(registrations__event=int(self.value())))


@admin.register(Invoice)
class InvoiceAdmin(WithDeeds):
    """The list of invoices, and a page for each."""

    deeds = (INVOICED, CONFIRM_PAYMENT, NOT_PAID, REFUNDED)
    list_display = ["number", "payer", "purchase_order", "amount", "state", "for_whom"]
    list_display_links = ["number", "payer"]
    list_filter = ["state", InvoiceEventFilter]
    search_fields = [
        "payer__unaccent", "email", "purchase_order", "registrations__reference", "registrations__name__unaccent",
    ]  # fmt: skip
    search_help_text = "A payer, a purchase order, or a reference or name of somebody on it."
    ordering = ["-pk"]
    readonly_fields = ["state", "amount", "covers"]
    fieldsets = [
        ("Who pays", {"fields": ["payer", "address", "email", "purchase_order"]}),
        (
            "What is owed",
            {"description": "The buttons at the head of this page say what was done.", "fields": readonly_fields},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        """Add up what is owed, and read who is on the invoices."""
        has_place = Q(registrations__status=RegistrationStatus.CONFIRMED)
        cancelled = Q(registrations__event__status=Status.CANCELLED)
        owed = Sum("registrations__price_agreed", filter=has_place & ~cancelled, default=0)
        annotated = super().get_queryset(request).annotate(owed=owed, goes_back=refunds.SUM)
        return annotated.prefetch_related("registrations")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An invoice is made by a registration."""
        return False

    def write(self, request: HttpRequest, form: forms.ModelForm) -> None:
        """Correct who pays. Raises Refused."""
        facts = {name: form.cleaned_data[name] for name in form.changed_data}
        payers.correct(form.instance, facts, now_in(request))

    @admin.display(description="invoice", ordering="pk")
    def number(self, invoice: Invoice) -> str:
        """Its number here."""
        return str(invoice)

    @admin.display(description="owed", ordering="owed")
    def amount(self, invoice: Invoice) -> str:
        """What those on it who have a place owe together, and what goes back to the payer."""
        owed = prices.words(invoice.owed) if invoice.owed else "Nothing"
        return f"{owed}; up to {prices.words(invoice.goes_back)} goes back" if invoice.goes_back else owed

    @admin.display(description="for")
    def for_whom(self, invoice: Invoice) -> str:
        """The references of those on it."""
        found = [str(each) for each in invoice.registrations.all()]
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        return f"{', '.join(found[:NAMED])}{more}"

    @admin.display(description="for")
    def covers(self, invoice: Invoice) -> Any:
        """Everybody on it, each with a link and what they owe."""
        lines = [
            (reverse("admin:registrations_registration_change", args=[each.pk]), each, each.name, owing.words(each))
            for each in invoice.registrations.select_related("invoice", "event")
        ]
        if not lines:
            return "Nobody"
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a>, {}: {}</li>', lines))
