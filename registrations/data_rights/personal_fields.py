"""What is held about attendees: each field with what it is for, who sees it, and until when.

The page “Your data”, docs/data-protection.md and the test of the privacy page all read it here. The periods are those
by which `retention` deletes. A field of a model stands for its copy in the history of changes as well.
"""

import datetime
from dataclasses import dataclass

from registrations import limits
from registrations.answering import drafts
from registrations.data_rights import complaining, invoice_records, retention
from registrations.way_in import link_requests


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of data. `fields` are those of the models; `what`, `purpose`, `seen_by` and `until` are words."""

    name: str
    what: str
    purpose: str
    seen_by: str
    until: str
    fields: tuple[str, ...]


def period(length: datetime.timedelta) -> str:
    """Return “24 hours”, “30 days”, “12 months”."""
    if length == datetime.timedelta(days=365):
        return "12 months"
    return "24 hours" if length == datetime.timedelta(days=1) else f"{length.days} days"


def _of(model: str, names: str) -> tuple[str, ...]:
    return tuple(f"{model}.{name}" for name in names.split())


AFTER_THE_EVENT = f"{period(retention.REGISTRATIONS_ARE_KEPT)} after the event"
NEEDS_UNTIL = f"{period(retention.ACCESS_NEEDS_ARE_KEPT)} after the event"
WORDS_UNTIL = f"{period(retention.MESSAGES_ARE_KEPT)} after it was sent"
DRAFTS_UNTIL = f"{period(drafts.KEPT)} after the last answer"
REQUESTS_UNTIL = f"{period(link_requests.KEPT)} after you asked"
COUNTS_UNTIL = f"{period(limits.KEPT)} after the hour counted"
COMPLAINTS_UNTIL = f"{period(complaining.KEPT)} after it was answered"
INVOICES_UNTIL = f"{invoice_records.YEARS} years after the end of the financial year"

BOOKINGS, THOSE_WHO_ARRANGE, MANAGERS, NOBODY = (
    "those of our staff who look after bookings",
    "only those who arrange it; each look is recorded",
    "those who manage bookings",
    "nobody; the site uses it",
)

HELD = (
    Held(
        "Who you are", "Name, name on the badge, pronouns, organisation, role, whether you are a member of Clinks.",
        "To keep your place, to make your badge, to find you again when you ring.", BOOKINGS, AFTER_THE_EVENT,
        _of("Registration", "name badge_name pronouns organisation job_title is_member name_key"),
    ),
    Held(
        "How to reach you", "E-mail address, telephone number.",
        "To write to you about your place, or to ring you.", BOOKINGS, AFTER_THE_EVENT,
        _of("Registration", "email email_key phone"),
    ),
    Held(
        "Access and food", "What you said you need in order to take part, and what you eat.",
        "To arrange it.", THOSE_WHO_ARRANGE, NEEDS_UNTIL,
        _of("AccessNeeds", "bsl hearing_loop captions step_free quiet_room prayer_room personal_assistant"
            " materials_in_advance dietary other please_call address_was_shared"),
    ),
    Held(
        "Who has seen that", "Who gave, opened, changed or deleted what you need, and when; never what it is.",
        "So that you can ask who has seen it.", MANAGERS, AFTER_THE_EVENT,
        _of("AccessNeedsLog", "action"),
    ),
    Held(
        "What you allow", "Whether photographs may show you, whether we may send you news.",
        "To do as you wish.", BOOKINGS, AFTER_THE_EVENT,
        _of("Registration", "photo_consent mailing_consent"),
    ),
    Held(
        "Your place", "Reference, ticket, price, whether you have a place or wait for one, and the record of what was"
        " changed, when, and by you or by staff.",
        "To give places in the right order, and to undo mistakes.", BOOKINGS, AFTER_THE_EVENT,
        _of("Registration", "reference status ask_first idempotency_key"),
    ),
    Held(
        "Help with the cost", "Whether you asked us to write to you about help with the cost; no reason.",
        "To write to you about it.", BOOKINGS, AFTER_THE_EVENT,
        _of("Registration", "wants_bursary"),
    ),
    Held(
        "Your workshops", "What you chose, what you wait for, in which series you take no part, places that were kept"
        " for you, and when.",
        "To keep your places.", BOOKINGS, AFTER_THE_EVENT,
        (*_of("WorkshopChoice", "state ask_first"), *_of("NoPart", "series"), *_of("Offer", "state")),
    ),
    Held(
        "Who pays", "Payer, address and e-mail for the invoice, purchase order number, what was invoiced and paid.",
        "To send the invoice.", BOOKINGS, f"{AFTER_THE_EVENT}, and then as below",
        _of("Invoice", "payer address email purchase_order state"),
    ),
    Held(
        "What invoices say", "The same of an invoice that was sent or paid, once you are erased; it is kept apart.",
        "Because the law asks for it.", MANAGERS, INVOICES_UNTIL,
        _of("InvoiceRecord", "event_title payer address email purchase_order state"),
    ),
    Held(
        "That we wrote to you", "Which messages, when, to which address, and whether they arrived; and that our team"
        " was told when you asked to hear from us, without what it is about.",
        "To know what you were told.", BOOKINGS, AFTER_THE_EVENT,
        _of("Message", "kind recipient message_id facts state"),
    ),
    Held(
        "What we wrote", "The words of each message, with its calendar, and what the mail server said.",
        "To send it again when it fails, and to answer questions about it.", BOOKINGS, WORDS_UNTIL,
        _of("Message", "subject text html calendar problem"),
    ),
    Held(
        "A colleague to whom you pass your place", "Their name and e-mail address.",
        "To ask them whether they accept.", BOOKINGS, "they accept, you keep your place, or the event begins",
        _of("Transfer", "name email state"),
    ),
    Held(
        "Requests for your link", "The address that was typed.", "To send the link.", NOBODY, REQUESTS_UNTIL,
        _of("LinkRequest", "email_key"),
    ),
    Held(
        "Unfinished answers", "What you have answered before you confirm it.",
        "So that you can go back and forth.", NOBODY, DRAFTS_UNTIL,
        (*_of("Draft", "key answers"), *_of("DraftAccess", "answers")),
    ),
    Held(
        "How often somebody tries", "Your internet address, in a form from which it cannot be read.",
        "So that machines cannot take places.", NOBODY, COUNTS_UNTIL,
        _of("RateCount", "key_hash"),
    ),
    Held(
        "Complaints about how we handle data",
        "What you wrote; your address with it, once your place has passed to a colleague.",
        "To answer you.", MANAGERS, COMPLAINTS_UNTIL,
        _of("Complaint", "text answer_to"),
    ),
)  # fmt: skip


def as_table() -> str:
    """Return all of it as the table of docs/data-protection.md, a row for each field."""
    lines = ["| field | what for | who sees it | until |", "|---|---|---|---|"]
    for held in HELD:
        rest = f"{held.purpose.rstrip('.')} | {held.seen_by} | {held.until}"
        lines += [f"| `{name}` | {rest} |" for name in held.fields]
    return "\n".join(lines) + "\n"
