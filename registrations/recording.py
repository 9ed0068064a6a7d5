"""Writes several rows with their history: one statement for the rows, one for the history.

The history carries the moment that the writer was given, not the clock's. PostgreSQL copies it from the rows just
written, which is a good deal quicker than simple_history's own way, a model for each row.
"""

import datetime
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from registrations.models import Invoice, Registration, WorkshopChoice

Row = TypeVar("Row", Invoice, Registration, WorkshopChoice)


def create(rows: Sequence[Row], now: datetime.datetime) -> None:
    """Insert these rows of one model, and note it in their history."""
    if rows:
        type(rows[0]).objects.bulk_create(rows)
        _note(rows, "+", now)


def update(rows: Sequence[Row], fields: Sequence[str], now: datetime.datetime) -> None:
    """Save these fields of stored rows of one model, and note it in their history."""
    if rows:
        _save(rows, fields)
        _note(rows, "~", now)


def _save(rows: Sequence[Row], fields: Sequence[str]) -> None:
    """Save these fields: by one plain statement where all rows get the same values, as those of a cascade do."""
    model, names = type(rows[0]), [type(rows[0])._meta.get_field(name).attname for name in fields]
    first = {name: getattr(rows[0], name) for name in names}
    if all(getattr(row, name) == value for row in rows for name, value in first.items()):
        model.objects.filter(pk__in=[row.pk for row in rows]).update(**first)
    else:
        model.objects.bulk_update(rows, fields)


def _note(rows: Sequence[Row], what: str, now: datetime.datetime) -> None:
    """Copy the rows as they are stored now; who did it is whom simple_history's middleware found."""
    model = type(rows[0])
    user = _history_of(model).get_default_history_user(rows[0])
    with connection.cursor() as cursor:
        cursor.execute(_copy(model), [now, what, user and user.pk, [row.pk for row in rows]])


@cache
def _history_of(model: type[Row]) -> type[Model]:
    return model.history.model


@cache
def _copy(model: type[Row]) -> str:
    """Return the statement that copies rows of this model into its history, less the fields it leaves out."""
    history = _history_of(model)
    kept = {field.column for field in history._meta.concrete_fields}
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.column in kept)
    noted = "history_date, history_type, history_user_id, history_change_reason"
    return (
        f"INSERT INTO {history._meta.db_table} ({columns}, {noted}) "
        f"SELECT {columns}, %s, %s, %s, '' FROM {model._meta.db_table} WHERE id = ANY(%s) ORDER BY id"
    )
