"""Whom a change of the programme affects, in words for whoever makes it: asked of the app that knows who comes.

Numbers only: programme editors see nothing of attendees.
"""

import datetime
from collections.abc import Sequence
from typing import Protocol

from django.db.models import Model

from events.changes import Rows
from events.models import Event, Session


class Knows(Protocol):
    """What the app that knows who comes answers."""

    def affects(self, before: Rows, after: Rows, now: datetime.datetime) -> list[str]:
        """Return whom a change affects and what they will be told, a sentence each; nothing is written yet."""

    def booked(self, row: Event | Session) -> str:
        """Return how many have a place in it, or wait for one."""


_asked: list[Knows] = []


def ask(knows: Knows) -> None:
    """Have this one asked from now on. Call it in an AppConfig's `ready()`."""
    _asked[:] = [knows]


def sentences(saves: Sequence[Model], now: datetime.datetime) -> list[str]:
    """Return whom saving these rows would affect, and what they will be told; empty if nobody."""
    before = [type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None for row in saves]
    return [sentence for each in _asked for sentence in each.affects(before, saves, now)]


def booked(row: Event | Session) -> str:
    """Return how many have a place in it, or wait for one; “Nobody yet”."""
    known = [each.booked(row) for each in _asked] if row.pk else []
    return " ".join(filter(None, known)) or "Nobody yet"
