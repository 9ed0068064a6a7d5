"""Who pays, and how far that has come."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords


class InvoiceState(models.TextChoices):
    """What is to be done with an invoice."""

    NOTHING_DUE = "nothing_due", "Nothing due"
    TO_INVOICE = "to_invoice", "To be invoiced"
    INVOICED = "invoiced", "Invoiced"
    PAID = "paid", "Paid"
    TO_REFUND = "to_refund", "To be refunded"
    REFUNDED = "refunded", "Refunded"


class Invoice(models.Model):
    """What one payer owes for one registration or several. Its state is set by `tickets.invoices` only."""

    payer = models.CharField(max_length=200)
    address = models.TextField(max_length=500, blank=True)
    email = models.EmailField(blank=True)
    purchase_order = models.CharField("purchase order number", max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=InvoiceState, default=InvoiceState.TO_INVOICE)
    # When staff last said that money went back: whoever cancelled before has had theirs.
    refunded_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords(excluded_fields=["payer", "address", "email", "purchase_order"])

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=InvoiceState.values), name="invoice_state_known")]

    def __str__(self) -> str:
        return f"Invoice {self.pk}"
