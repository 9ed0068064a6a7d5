"""Writes several rows with their history: one statement for the rows, one for the history.

The history carries the moment that the writer was given, not the clock's.
"""

import datetime
from collections.abc import Sequence
from typing import TypeVar

from registrations.models import Invoice, Registration, WorkshopChoice

Row = TypeVar("Row", Invoice, Registration, WorkshopChoice)


def create(rows: Sequence[Row], now: datetime.datetime) -> None:
    """Insert these rows of one model, and note it in their history."""
    if rows:
        model = type(rows[0])
        model.objects.bulk_create(rows)
        model.history.bulk_history_create(rows, default_date=now)


def update(rows: Sequence[Row], fields: Sequence[str], now: datetime.datetime) -> None:
    """Save these fields of stored rows of one model, and note it in their history."""
    if rows:
        model = type(rows[0])
        model.objects.bulk_update(rows, fields)
        model.history.bulk_history_create(rows, update=True, default_date=now)
