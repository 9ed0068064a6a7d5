"""Writes several rows with their history: one statement for the rows, one for the history.

The history carries the moment that the writer was given, not the clock's.
"""

import datetime
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from simple_history.manager import HistoryManager

from registrations.models import Invoice, Registration, WorkshopChoice

Row = TypeVar("Row", Invoice, Registration, WorkshopChoice)


def create(rows: Sequence[Row], now: datetime.datetime) -> None:
    """Insert these rows of one model, and note it in their history."""
    if rows:
        type(rows[0]).objects.bulk_create(rows)
        _history(type(rows[0])).bulk_history_create(rows, default_date=now)


def update(rows: Sequence[Row], fields: Sequence[str], now: datetime.datetime) -> None:
    """Save these fields of stored rows of one model, and note it in their history."""
    if rows:
        type(rows[0]).objects.bulk_update(rows, fields)
        _history(type(rows[0])).bulk_history_create(rows, update=True, default_date=now)


@cache
def _history(model: type[Row]) -> HistoryManager:
    """The manager of a model's history, which simple_history would otherwise make anew, class and all, each time."""
    return model.history
