"""The programme's version, and what this process remembers of it.

Triggers on every table of the programme (and of the tickets and pages of words, by their own apps' migrations) give it
a new number with each statement that writes there, by any path. A request reads that number first, in one short query;
whatever it then reads of the programme may be kept and used again by all who read the same number. Nothing here knows
what the clock says: what depends on the moment is worked out from what is remembered.

What is remembered is shared by all threads, so nobody changes it.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import connection

Read = TypeVar("Read")
MOST = 500  # pieces; when there are more, which takes many events, all is forgotten


class _Memory:
    """What was read while the version had this number."""

    def __init__(self, version: int | None) -> None:
        self.version = version
        self.pieces: dict[Hashable, Any] = {}


_memory = _Memory(None)


def current() -> int | None:
    """Return the programme's version as this transaction sees it; None in a database without one. One short query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM events_programmeversion")
        row = cursor.fetchone()
    return row[0] if row else None


def take_turn() -> None:
    """Let nobody else change the programme until this transaction ends.

    Whoever changes it writes the version sooner or later; taking it first, before any other lock, keeps two
    changes from waiting for each other in a circle.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM events_programmeversion FOR NO KEY UPDATE")


def remembered(version: int | None, key: Hashable, read: Callable[[], Read]) -> Read:
    """Return what `read` returns, called only once for this key in this version. None is not kept.

    Read the version before; then what is kept can be newer than its number, which nobody asks for any more, but
    never older.
    """
    global _memory
    if version is None:
        return read()
    memory = _memory
    if memory.version != version or len(memory.pieces) >= MOST:
        memory = _memory = _Memory(version)
    if key not in memory.pieces:
        found = read()
        if found is None:
            return found
        memory.pieces[key] = found
    return memory.pieces[key]
