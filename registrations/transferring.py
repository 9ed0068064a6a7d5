"""Ending a transfer, for every writer that does: whoever passes it on, accepts, cancels, or gets another address."""

import datetime
from collections.abc import Sequence

from django.db.models import Max

from registrations.models import Message, MessageKind, Registration, Transfer, TransferState, WorkshopChoice


def end_open(registration: Registration, now: datetime.datetime) -> None:
    """End an open transfer of a registration, under the lock of its event's places."""
    for transfer in registration.transfers.open():
        end(transfer, TransferState.WITHDRAWN, now)


def end(transfer: Transfer, state: TransferState, now: datetime.datetime) -> None:
    """End it, and with it what was written to the colleague: name and address are held for this alone."""
    end_all([transfer], state, now)


def end_all(transfers: Sequence[Transfer], state: TransferState, now: datetime.datetime) -> None:
    """End these. So many queries for one as for all."""
    keys = [each.pk for each in transfers]
    Message.objects.filter(kind=MessageKind.TRANSFER_OFFERED, facts__transfer__in=keys).delete()
    choices = WorkshopChoice.history.filter(registration_id__in=[each.registration_id for each in transfers])
    last = dict(choices.order_by().values_list("registration_id").annotate(Max("history_id")))
    for each in transfers:
        each.state, each.ended_at, each.name, each.email = state, now, "", ""
        each.last_choice = last.get(each.registration_id)
    Transfer.objects.bulk_update(transfers, ["state", "ended_at", "name", "email", "last_choice"])
