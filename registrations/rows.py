"""Reads rows by statements written out, for what every page or confirmation asks: Django needs longer to put such a
question together than PostgreSQL to answer it."""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def one(model: type[Row], where: str, values: Sequence[object]) -> Row | None:
    """Return the one row of a model for which this holds, or None. Its JSON comes as text."""
    columns, names = _columns(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {model._meta.db_table} WHERE {where}", values)
        row = cursor.fetchone()
    return model.from_db(connection.alias, names, row) if row else None


def found(model: type[Row], keys: str, values: Sequence[object]) -> list[Row]:
    """Return the rows whose keys this statement gives, by key. Mostly it gives none, and then nothing else is asked."""
    with connection.cursor() as cursor:
        cursor.execute(keys, values)
        wanted = [key for (key,) in cursor.fetchall()]
    return list(model._default_manager.filter(pk__in=wanted).order_by("pk")) if wanted else []


@cache
def _columns(model: type[Row]) -> tuple[str, list[str]]:
    fields = model._meta.concrete_fields
    return ", ".join(f'"{field.column}"' for field in fields), [field.attname for field in fields]
