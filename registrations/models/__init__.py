"""The tables of who is coming; each module holds one part. Their `__str__` never names anybody."""

from registrations.models.access_needs import AccessNeeds, AccessNeedsLog
from registrations.models.choice import ChoiceState, WorkshopChoice
from registrations.models.draft import Draft, DraftAccess
from registrations.models.invoice import Invoice, InvoiceState
from registrations.models.message import Message, MessageKind, MessageState
from registrations.models.places import Places
from registrations.models.rate_count import RateCount
from registrations.models.registration import Registration, RegistrationStatus
from registrations.models.ticket_type import TicketType

__all__ = [
    "AccessNeeds", "AccessNeedsLog", "ChoiceState", "Draft", "DraftAccess", "Invoice", "InvoiceState", "Message",
    "MessageKind", "MessageState", "Places", "RateCount", "Registration", "RegistrationStatus", "TicketType",
    "WorkshopChoice",
]  # fmt: skip
