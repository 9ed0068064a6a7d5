"""Everything that is held about one attendee, as plain values: the file to take away and the page are made from it.

Only what is theirs: what goes to another address, or was done before the place passed to them, is somebody else's; so
are the address for an invoice that a colleague gave, and, where an address is shared, what somebody needs.
"""

import datetime
from dataclasses import dataclass

from events.page import site_words
from registrations import needs
from registrations.data_rights import personal_records
from registrations.data_rights.personal_records import Entry
from registrations.models import AccessNeeds, Invoice, Registration, TransferState
from registrations.tickets import prices

_TYPED = (
    "name", "badge_name", "pronouns", "organisation", "job_title", "email", "phone", "is_member", "photo_consent",
    "mailing_consent", "wants_bursary",
)  # fmt: skip
WITHHELD = (
    "Something is held. Another registration has, or has had, the same e-mail address, or yours was changed since. So"
    " it is not shown here, where whoever reads that mail might see it: ask us for it, at {help_email} or {help_phone}."
)
_NOT_SAID = ("id", "registration", "address_was_shared")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name in the file, its title on the page, and its entries."""

    key: str
    title: str
    entries: list[Entry]


def of(registration: Registration) -> list[Part]:
    """Return all parts, the empty ones too. Their number of queries does not grow with what is held."""
    since = _theirs_since(registration)
    return [
        Part("registration", "Your registration", [_registration(registration)]),
        Part("changes", "What was changed of it", personal_records.changes(registration, since)),
        Part("workshops", "Your workshops, with each change", personal_records.workshops(registration, since)),
        Part("no_part", "Series in which you take no part", personal_records.no_part(registration)),
        Part("offers", "Places that were kept for you", personal_records.offers(registration, since)),
        Part("access_and_food", "Access and food", _needs(registration)),
        Part("access_log", "Who has seen or changed that", personal_records.access_log(registration, since)),
        Part("invoice", "Who pays", _invoice(registration, since)),
        Part("messages", "Messages", personal_records.messages(registration, since)),
        Part("transfers", "Passing your place on", personal_records.transfers(registration, since)),
        Part("link_requests", "Requests for your link", personal_records.link_requests(registration)),
        Part("drafts", "Unfinished answers", personal_records.drafts(registration)),
        Part("complaints", "Your complaints", personal_records.complaints(registration, since)),
    ]


def _theirs_since(registration: Registration) -> datetime.datetime:
    """Return since when the place is theirs: since a colleague passed it on, or since it was made."""
    passed = registration.transfers.filter(state=TransferState.ACCEPTED).order_by("ended_at").last()
    return passed.ended_at if passed else registration.created_at


def _registration(registration: Registration) -> Entry:
    return {
        "reference": registration.reference,
        "event": registration.event.title,
        "state": registration.get_status_display(),
        "waiting_since": registration.waiting_since,
        "asked_first": registration.ask_first,
        **{name: getattr(registration, name) for name in _TYPED},
        "ticket": registration.ticket_type.name,
        "price": prices.words(registration.price_agreed),
        "registered": registration.created_at,
        "cancelled": registration.cancelled_at,
        "last_looked_at_what_changed": registration.seen_at,
    }


def _needs(registration: Registration) -> list[Entry]:
    stored = AccessNeeds.objects.filter(registration=registration).first()
    if stored is None:
        return []
    if stored.address_was_shared or needs.shares_its_address(registration):
        return [{"not_shown": WITHHELD.format(**site_words(registration.event))}]
    fields = [each for each in AccessNeeds._meta.concrete_fields if each.name not in _NOT_SAID]
    return [{each.name: getattr(stored, each.name) for each in fields}]


def _invoice(registration: Registration, since: datetime.datetime) -> list[Entry]:
    invoice = Invoice.objects.filter(pk=registration.invoice_id).first()
    if invoice is None:
        return []
    first = invoice.registrations.order_by("pk").first()
    gave_it = first == registration and since == registration.created_at
    return [
        {
            "number": invoice.pk,
            "payer": invoice.payer,
            "purchase_order": invoice.purchase_order,
            "state": invoice.get_state_display(),
            **({"address": invoice.address, "email": invoice.email} if gave_it else {}),
        }
    ]
