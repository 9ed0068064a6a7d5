"""What becomes of those who have booked when staff cancel the event: they are told, and asked for nothing more."""

import datetime

from events.models import Event, Status
from registrations import transferring
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import MessageKind, Offer, Registration, Transfer, TransferState
from registrations.places import Ledger
from registrations.programme_changes.change import Change
from registrations.tickets import invoices
from registrations.waiting import offering


def newly_cancelled(change: Change) -> set[int]:
    """Return the keys of the events that were published, and that this change cancels."""
    return _turned(change, Status.PUBLISHED, Status.CANCELLED)


def published_again(change: Change) -> set[int]:
    """Return the keys of the events that were cancelled, and that take place after all."""
    return _turned(change, Status.CANCELLED, Status.PUBLISHED)


def follow(ledger: Ledger, now: datetime.datetime) -> None:
    """Withdraw what was still to be answered, list the refunds, and tell everybody. So many queries for one as for all.

    Registrations and choices stay, as a record. Of an event that is over nobody is told.
    """
    event = ledger.event
    offering.end(ledger, list(Offer.objects.open().filter(event=event).select_related("registration")), now)
    passing = list(Transfer.objects.open().filter(registration__event=event))
    transferring.end_all(passing, TransferState.WITHDRAWN, now)
    invoices.after_event_cancelled(event, now)
    outbox.queue(_letters(event, now), now)


def take_back(event: Event, now: datetime.datetime) -> None:
    """Ask again for what is not paid. Refunds stay listed, and nobody is told: staff know what they have said since."""
    invoices.after_event_resumed(event, now)


def _turned(change: Change, before: Status, after: Status) -> set[int]:
    return {row.pk for was, row in change.events if was and row and (was.status, row.status) == (before, after)}


def _letters(event: Event, now: datetime.datetime) -> list[Letter]:
    if event.is_past(now):
        return []
    return [Letter(MessageKind.EVENT_CANCELLED, each) for each in Registration.objects.live().filter(event=event)]
