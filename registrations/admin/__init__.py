"""Who is coming, in the admin. Nothing here sets a status: every button calls one of the writers."""

from registrations.admin import (
    complaints,
    invoice_records,
    invoices,
    log,
    messages,
    registrations,
    ticket_types,
    workshop_choices,
)  # fmt: skip

__all__ = [
    "complaints", "invoice_records", "invoices", "log", "messages", "registrations", "ticket_types",
    "workshop_choices",
]  # fmt: skip
