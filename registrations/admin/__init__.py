"""Who is coming, in the admin. Nothing here sets a status: every button calls one of the writers."""

from registrations.admin import (
    complaints,
    invoice_records,
    invoices,
    log,
    messages,
    offers,
    registrations,
    ticket_types,
    waiting_rules,
    workshop_choices,
)

__all__ = [
    "complaints", "invoice_records", "invoices", "log", "messages", "offers", "registrations", "ticket_types",
    "waiting_rules", "workshop_choices",
]  # fmt: skip
