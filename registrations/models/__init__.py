"""The tables of who is coming; each module holds one part. Their `__str__` never names anybody."""

from registrations.models.access_needs import AccessNeeds, AccessNeedsLog
from registrations.models.choice import ChoiceState, WorkshopChoice
from registrations.models.complaint import Complaint
from registrations.models.draft import Draft, DraftAccess
from registrations.models.invoice import Invoice, InvoiceState
from registrations.models.invoice_record import InvoiceRecord
from registrations.models.link_request import LinkRequest
from registrations.models.message import Message, MessageKind, MessageState
from registrations.models.no_part import NoPart
from registrations.models.offer import Offer, OfferState
from registrations.models.places import Places
from registrations.models.rate_count import RateCount
from registrations.models.registration import Registration, RegistrationStatus
from registrations.models.ticket_type import TicketType
from registrations.models.transfer import Transfer, TransferState
from registrations.models.waiting_rules import WaitingRules

__all__ = [
    "AccessNeeds", "AccessNeedsLog", "ChoiceState", "Complaint", "Draft", "DraftAccess", "Invoice", "InvoiceRecord",
    "InvoiceState", "LinkRequest", "Message", "MessageKind", "MessageState", "NoPart", "Offer", "OfferState", "Places",
    "RateCount", "Registration", "RegistrationStatus", "TicketType", "Transfer", "TransferState", "WaitingRules",
    "WorkshopChoice",
]  # fmt: skip
