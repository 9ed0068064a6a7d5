"""What is kept of invoices of people who are erased. For looking only."""

from django.contrib import admin

from registrations.admin.base import LookOnly
from registrations.models import InvoiceRecord
from registrations.tickets import prices


@admin.register(InvoiceRecord)
class InvoiceRecordAdmin(LookOnly):
    """The list, and a page for each."""

    list_display = ["invoice_number", "event_title", "payer", "amount_words", "state", "delete_on"]
    search_fields = ["invoice_number", "payer__unaccent", "email", "purchase_order"]
    search_help_text = "An invoice’s number, a payer, or a purchase order."
    fields = [
        "invoice_number", "event_title", "payer", "address", "email", "purchase_order", "amount_words", "state",
        "made_at", "delete_on",
    ]  # fmt: skip

    @admin.display(description="amount", ordering="amount")
    def amount_words(self, record: InvoiceRecord) -> str:
        """What the places on it cost in all."""
        return prices.words(record.amount)
