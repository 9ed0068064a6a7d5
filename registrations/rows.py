"""Rows read by statements written out, for what every page or confirmation asks: Django needs longer to put such a
question together than PostgreSQL to answer it."""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from events.storing.asking import Question, Rows, ask

Row = TypeVar("Row", bound=Model)


def matching(model: type[Row], where: str, values: Sequence[object], ending: str = "") -> Question[list[Row]]:
    """Return the question for the rows of a model for which this holds. Their JSON comes as text."""
    columns, names = _columns(model)

    def read(rows: Rows) -> list[Row]:
        return [model.from_db(connection.alias, names, row) for row in rows]

    return Question(f"SELECT {columns} FROM {model._meta.db_table} WHERE {where} {ending}", values, read)


def found(model: type[Row], where: str, values: Sequence[object]) -> list[Row]:
    """Return the rows of a model for which this holds, by key."""
    return ask(matching(model, where, values, "ORDER BY id"))


@cache
def _columns(model: type[Row]) -> tuple[str, list[str]]:
    fields = model._meta.concrete_fields
    return ", ".join(f'"{field.column}"' for field in fields), [field.attname for field in fields]
