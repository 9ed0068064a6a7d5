"""What has been loaded before. A thing is remembered by its key for good, even when staff delete it.

What is stored is the key with the row's primary key, as in "person/dee/17": so it is found again under whatever name
or address staff have given it, and never mistaken for something else that has its old address.
"""

import datetime

from django.db import connection
from django.db.models import Model, QuerySet

from events.models import Loaded


def take_turns() -> None:
    """Let only one load run at a time, until the transaction in which this is called ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Loaded._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def is_known(key: str) -> bool:
    """Return whether the thing of this key was ever loaded."""
    return _kept(key).exists()


def find(model: type[Model], key: str) -> Model | None:
    """Return what was loaded under this key, as staff have it now; None if it never was, or is deleted."""
    kept = _kept(key).values_list("key", flat=True).first()
    return model._default_manager.filter(pk=kept.rpartition("/")[2]).first() if kept else None


def remember(key: str, row: Model, now: datetime.datetime) -> None:
    """Remember that this row, which is saved, is what the key stands for from now on."""
    _kept(key).delete()
    Loaded.objects.create(key=f"{key}/{row.pk}", loaded_at=now)


def left_alone(number: int, noun: str) -> list[str]:
    """Return the line, if there is anything to say, that so many things were loaded before."""
    if not number:
        return []
    if number == 1:
        return [f"1 {noun} was loaded before: left as it is."]
    return [f"{number} {noun}s were loaded before: left as they are."]


def _kept(key: str) -> QuerySet[Loaded]:
    return Loaded.objects.filter(key__startswith=f"{key}/")
