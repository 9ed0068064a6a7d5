"""The programme's version, and what this process remembers of it.

Triggers on every table of the programme (and of the tickets and pages of words, by their own apps' migrations) raise
its number with each change, by any path, at the commit. A request reads that number first, in one short query;
whatever it then reads of the programme may be kept and used again by all who read the same number. Nothing here knows
what the clock says: what depends on the moment is worked out from what is remembered.

What is remembered is shared by all threads, so nobody changes it.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from events.storing.asking import Question, Rows, ask

Read = TypeVar("Read")
# The number, and what this very transaction has written since: None for nothing.
Version = tuple[int, str | None]
MOST = 500  # pieces; when there are more, which takes many events, all is forgotten


class _Memory:
    """What was read while the version had this number."""

    def __init__(self, version: Version | None) -> None:
        self.version = version
        self.pieces: dict[Hashable, Any] = {}


_memory = _Memory(None)


CURRENT = Question(
    # The setting is empty, and not null, once a transaction of this connection has had it.
    "SELECT number, NULLIF(current_setting('programme.touched', true), '') FROM events_programmeversion",
    [],
    lambda rows: rows[0] if rows else None,
)


# The programme's version, and the number of the words on an event's pages that are no part of it.
PagesVersion = tuple[int, str | None, int | None]


def of_pages(event: str | None) -> Question[PagesVersion | None]:
    """Return the question for the version of an event's pages, by its address, or of pages about all events (None).

    Its numbers only rise, so that for all events their sum tells that one of them did.
    """
    return Question("SELECT events_pages_version(%s)", [event], _version_of_pages)


def _version_of_pages(rows: Rows) -> PagesVersion | None:
    if rows[0][0] is None:
        return None
    number, words, touched = rows[0][0].split(" ", 2)
    return int(number), touched or None, int(words) if words else None


def current() -> Version | None:
    """Return the programme's version as this transaction sees it; None in a database without one. One short query."""
    return ask(CURRENT)


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
