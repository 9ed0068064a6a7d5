"""Ending a transfer, for every writer that does: whoever passes it on, accepts, cancels, or gets another address."""

import datetime

from django.db.models import Max

from registrations.models import Message, MessageKind, Registration, Transfer, TransferState, WorkshopChoice


def end_open(registration: Registration, now: datetime.datetime) -> None:
    """End an open transfer of a registration, under the lock of its event's places."""
    for transfer in registration.transfers.open():
        end(transfer, TransferState.WITHDRAWN, now)


def end(transfer: Transfer, state: TransferState, now: datetime.datetime) -> None:
    """End it, and with it what was written to the colleague: name and address are held for this alone."""
    Message.objects.filter(kind=MessageKind.TRANSFER_OFFERED, facts__transfer=transfer.pk).delete()
    transfer.state, transfer.ended_at, transfer.name, transfer.email = state, now, "", ""
    choices = WorkshopChoice.history.filter(registration_id=transfer.registration_id)
    transfer.last_choice = choices.aggregate(last=Max("history_id"))["last"]
    transfer.save(update_fields=["state", "ended_at", "name", "email", "last_choice"])
