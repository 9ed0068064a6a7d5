"""Erasing what is held about attendees. What stays is a row without anybody: numbers and invoices refer to it.

The same is done when somebody asks for it, and a year after the event to everybody who was registered. Why the row
stays, and what else does: docs/decisions/0027-erasing.md.
"""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from registrations import booking, holding, needs, places, references, waiting_list
from registrations.data_rights import erasure_ledger, invoice_records
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import (
    AccessNeeds,
    AccessNeedsLog,
    Complaint,
    Draft,
    LinkRequest,
    Message,
    MessageKind,
    NoPart,
    Offer,
    Registration,
    Transfer,
    WorkshopChoice,
)
from registrations.places import Ledger

NAME = "Erased"
_EMPTIED = {
    "name": NAME, "badge_name": "", "email": "", "phone": "", "organisation": "", "job_title": "", "pronouns": "",
    "name_key": "", "email_key": "", "is_member": False, "photo_consent": False, "mailing_consent": False,
    "wants_bursary": False, "ask_first": False, "seen_at": None,
}  # fmt: skip
_MADE_NEW = ["reference", "idempotency_key", "link_number", "anonymised_at"]
# What hangs on a registration and says something of its attendee. Messages, choices and complaints go their own way.
_HANGING_ON: tuple[type[Model], ...] = (NoPart, Offer, Transfer, AccessNeeds, AccessNeedsLog)
MOST_AT_ONCE = 200


def erase(registration: Registration, now: datetime.datetime) -> Registration:
    """Erase all that is held about somebody, tell them, and return what is left of their registration.

    A place that they still had, or waited for, goes to the next in line. Once the event has begun nothing can go to
    anybody: then the place stays counted, as nobody's. Erasing twice is erasing once. Raises Refused if it
    has passed to somebody else meanwhile, and Busy.
    """
    with places.opened(registration.event_id) as ledger:
        stored = Registration.objects.select_for_update().get(pk=registration.pk)
        if stored.anonymised_at is None:
            holding.refuse_another(stored, registration)
            kept = invoice_records.will_stay(stored.invoice_id, now)
            _give_up(ledger, stored, now)
            outbox.queue([Letter(MessageKind.ERASED, stored, {"reference": stored.reference, "invoice": kept})], now)
            _make_anonymous([stored], now)
            waiting_list.promote(ledger, now)
    return stored


def erase_again(registration: Registration, now: datetime.datetime) -> None:
    """Erase somebody who was erased before, and was told, but came back with a backup. Raises Refused or Busy."""
    with places.opened(registration.event_id) as ledger:
        stored = Registration.objects.select_for_update().get(pk=registration.pk)
        if stored.anonymised_at is None:
            _give_up(ledger, stored, now)
            _make_anonymous([stored], now)
            waiting_list.promote(ledger, now)


def anonymise(event_key: int, now: datetime.datetime) -> int:
    """Erase in the same way everybody who was registered for an event that is long over; nobody is told.

    Return how many they were, and do so many at once that nobody waits long. Raises Busy.
    """
    done = 0
    while True:
        with places.opened(event_key) as ledger:
            named = Registration.objects.select_for_update().filter(event=event_key, anonymised_at=None)
            found = list(named.order_by("pk")[:MOST_AT_ONCE])
            for registration in found:
                _give_up(ledger, registration, now)
            _make_anonymous(found, now)
        done += len(found)
        if len(found) < MOST_AT_ONCE:
            return done


def _give_up(ledger: Ledger, registration: Registration, now: datetime.datetime) -> None:
    """Give back what can still be of use to others, or was only waited for; the claims themselves go with it."""
    if registration.is_confirmed and ledger.event.starts <= now:
        waiting_list.release(ledger, list(registration.choices.waiting()), now)
    elif not registration.is_cancelled:
        booking.end(ledger, registration, now)


def _make_anonymous(registrations: Sequence[Registration], now: datetime.datetime) -> None:
    """Delete what says something of these attendees, and empty their rows."""
    keys = [each.pk for each in registrations]
    for each in registrations:
        needs.address_is_left(each)
    _forget_requests(registrations)
    _forget_drafts(registrations)
    Complaint.objects.filter(registration__in=keys).update(registration=None)
    messages = Message.objects.filter(registration__in=keys).exclude(kind=MessageKind.ERASED, sent_at=None)
    for rows in [messages, *(model.objects.filter(registration__in=keys) for model in _HANGING_ON)]:
        _delete(rows)
    choices = WorkshopChoice.objects.filter(registration__in=keys)
    _forget_log(choices)
    choices.exclude(pk__in=choices.confirmed().values("pk")).delete()
    WorkshopChoice.history.filter(registration__in=keys).delete()
    _forget_log(Registration.objects.filter(pk__in=keys))
    for each in registrations:
        _empty(each, now)
    Registration.objects.bulk_update(registrations, [*_EMPTIED, *_MADE_NEW])
    Registration.history.filter(id__in=keys).delete()
    invoice_records.file(Q(pk__in=[each.invoice_id for each in registrations]), now)
    erasure_ledger.note(registrations)


def _empty(registration: Registration, now: datetime.datetime) -> None:
    for name, value in _EMPTIED.items():
        setattr(registration, name, value)
    registration.reference, registration.idempotency_key = references.new(), uuid.uuid4()
    registration.link_number += 1  # with the key, the end of every link and of every browser that is open
    registration.anonymised_at = now


def _forget_requests(registrations: Sequence[Registration]) -> None:
    """Delete the requests for links of addresses that nobody else has registered with."""
    addresses = {each.email_key for each in registrations} - {""}
    others = Registration.objects.filter(email_key__in=addresses, anonymised_at=None)
    shared = others.exclude(pk__in=[each.pk for each in registrations]).values_list("email_key", flat=True)
    LinkRequest.objects.filter(email_key__in=addresses - set(shared)).delete()


def _forget_drafts(registrations: Sequence[Registration]) -> None:
    """Delete the drafts of which these came, and what colleagues' drafts say of them."""
    keys = [each.idempotency_key for each in registrations]
    mine = Q(registration__in=[each.pk for each in registrations]) | Q(key__in=keys)
    Draft.objects.filter(mine | Q(answers__with__in=[str(key) for key in keys])).delete()


def _delete(rows: Any) -> None:
    _forget_log(rows)
    rows.delete()


def _forget_log(rows: Any) -> None:
    """Delete what the admin's own log says of these rows."""
    kind = ContentType.objects.get_for_model(rows.model)
    keys = [str(key) for key in rows.order_by().values_list("pk", flat=True)]
    LogEntry.objects.filter(content_type=kind, object_id__in=keys).delete()
