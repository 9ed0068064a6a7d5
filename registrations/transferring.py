"""Ending a transfer, for every writer that does: whoever passes it on, accepts, cancels, or gets another address."""

import datetime

from registrations.models import Message, MessageKind, Registration, Transfer, TransferState


def end_open(registration: Registration, now: datetime.datetime) -> None:
    """End an open transfer of a registration, under the lock of its event's places."""
    for transfer in registration.transfers.open():
        end(transfer, TransferState.WITHDRAWN, now)


def end(transfer: Transfer, state: TransferState, now: datetime.datetime) -> None:
    """End it, and with it what was written to the colleague: name and address are held for this alone."""
    Message.objects.filter(kind=MessageKind.TRANSFER_OFFERED, facts__transfer=transfer.pk).delete()
    transfer.state, transfer.ended_at, transfer.name, transfer.email = state, now, "", ""
    transfer.save(update_fields=["state", "ended_at", "name", "email"])
