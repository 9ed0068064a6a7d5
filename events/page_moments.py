"""When public pages change by the clock alone: booking opens, a session begins, a day ends.

Every moment of every event counts for every page: more than needed, and never too few. A page that is made once too
often costs some milliseconds; one that says “Register” after booking closed is wrong. `tests/test_page_moments.py`
makes every page between all of them and finds no other words.
"""

import datetime
import zoneinfo
from typing import Any

from django.conf import settings

from events.asking import Question, Rows, ask_all

# On the day "next" stands by the agenda's next part, from two hours before the first and for at most twelve: see
# `agenda._tag`.
_OURS = (
    "SELECT unnest(ARRAY[starts, ends, booking_opens, booking_closes, sorts_at]) FROM events_event",
    "SELECT unnest(ARRAY[starts, ends, starts - interval '2 hours', starts - interval '12 hours']) FROM events_session",
)
_statements: list[str] = list(_OURS)


def add(statement: str) -> None:
    """Have the moments that this statement selects count too. An app above this one calls it once, at the start."""
    if statement not in _statements:
        _statements.append(statement)


def next_after(now: datetime.datetime) -> datetime.datetime:
    """Return the next moment (aware) at which a public page may say something else; `now` itself, if it is one.

    Two short queries in one round trip. Days end where the events are, and where the site is.
    """
    every = " UNION ALL ".join(_statements)
    answers = ask_all(
        {
            "moments": Question(f"SELECT min(m) FROM ({every}) AS every (m) WHERE m >= %s", [now], _values),
            "zones": Question("SELECT DISTINCT time_zone FROM events_event", [], _values),
        }
    )
    midnights = [_midnight_after(now, zoneinfo.ZoneInfo(zone)) for zone in {settings.TIME_ZONE, *answers["zones"]}]
    return min([*midnights, *filter(None, answers["moments"])])


def _values(rows: Rows) -> list[Any]:
    return [value for (value,) in rows]


def _midnight_after(now: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    tomorrow = now.astimezone(zone).date() + datetime.timedelta(days=1)
    return datetime.datetime.combine(tomorrow, datetime.time(), zone)
