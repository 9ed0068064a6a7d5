"""The programme's version, and what this process remembers of it.

Triggers on every table of the programme (and of the tickets and pages of words, by their own apps' migrations) raise
its number with each change, by any path, at the commit. A request reads that number first, in one short query;
whatever it then reads of the programme may be kept and used again by all who read the same number. Nothing here knows
what the clock says: what depends on the moment is worked out from what is remembered.

What is remembered is shared by all threads, so nobody changes it.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection

Read = TypeVar("Read")
# The number, and what this very transaction has written since: empty or None for nothing.
Version = tuple[int, str | None]
MOST = 500  # pieces; when there are more, which takes many events, all is forgotten


class _Memory:
    """What was read while the version had this number."""

    def __init__(self, version: Version | None) -> None:
        self.version = version
        self.pieces: dict[Hashable, Any] = {}


_memory = _Memory(None)


def current() -> Version | None:
    """Return the programme's version as this transaction sees it; None in a database without one. One short query.

    A request asks this first, so it serves as the check whether a connection from before still works, for which
    Django would send a query of its own. After a restart of PostgreSQL it opens a new one. Raises OperationalError
    if PostgreSQL cannot be asked.
    """
    if connection.in_atomic_block:
        return _read()
    connection.health_check_done = True
    try:
        return _read()
    except (OperationalError, InterfaceError):
        connection.close()
        return _read()


def _read() -> Version | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, current_setting('programme.touched', true) FROM events_programmeversion")
        return cursor.fetchone()


def remembered(version: Version | None, key: Hashable, read: Callable[[], Read]) -> Read:
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
