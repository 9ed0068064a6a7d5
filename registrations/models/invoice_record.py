"""What the law asks to be kept of an invoice once the person is erased."""

from django.db import models


class InvoiceRecord(models.Model):
    """The facts of one invoice, apart from any registration, for six years (HMRC: VAT Notice 700/21, section 2.4)."""

    invoice_number = models.PositiveBigIntegerField(unique=True)
    event_title = models.CharField(max_length=200)
    payer = models.CharField(max_length=200)
    address = models.TextField(max_length=500, blank=True)
    email = models.EmailField(blank=True)
    purchase_order = models.CharField("purchase order number", max_length=60, blank=True)
    amount = models.PositiveIntegerField(help_text="In pence: what the places on it cost in all.")
    state = models.CharField("how far it had come", max_length=40)
    made_at = models.DateTimeField()
    delete_on = models.DateField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Record of invoice {self.invoice_number}"
