"""When public pages change by the clock alone: booking opens, a session begins, a day ends.

Every moment of every event counts for every page: more than needed, and never too few. A page that is made once too
often costs some milliseconds; one that says “Register” after booking closed is wrong. `tests/test_page_moments.py`
makes every page between all of them and finds no other words.
"""

import datetime
import zoneinfo
from typing import Any, NamedTuple

from django.conf import settings

from events.storing.asking import Question, Rows, ask_all

# On the day "next" stands by the agenda's next part, from two hours before the first and for at most twelve: see
# `agenda._tag`.
_OURS = (
    "SELECT unnest(ARRAY[starts, ends, booking_opens, booking_closes, sorts_at]) FROM events_event",
    "SELECT unnest(ARRAY[starts, ends, starts - interval '2 hours', starts - interval '12 hours']) FROM events_session",
    # When a change is not marked any more: with a whole minute, as in `revisions`, so that many end together.
    "SELECT DISTINCT date_trunc('minute', history_date + make_interval(days => changes_marked_for))"
    " + interval '1 minute' FROM events_event JOIN (SELECT event_id, history_date FROM events_historicalsession"
    " UNION ALL SELECT id, history_date FROM events_historicalevent) AS history ON history.event_id = events_event.id",
)
_statements: list[str] = list(_OURS)
# The next days on which somebody is shown for the last time. One of them may be over in one zone and not in another.
_LAST_DAYS = "SELECT DISTINCT public_until FROM events_person WHERE public_until >= %s ORDER BY 1 LIMIT 3"


def add(statement: str) -> None:
    """Have the moments that this statement selects count too. An app above this one calls it once, at the start."""
    if statement not in _statements:
        _statements.append(statement)


class Coming(NamedTuple):
    """What the clock will do: when pages may next say something else, and when somebody is next not to be shown."""

    change: datetime.datetime
    leaving: datetime.datetime | None


def coming(now: datetime.datetime) -> Coming:
    """Return the next moments (aware): `now` itself for a change that is just now, and None if nobody says until when.

    Three short queries in one round trip. Days end where the events are, and where the site is.
    """
    every = " UNION ALL ".join(_statements)
    answers = ask_all(
        {
            "moments": Question(f"SELECT min(m) FROM ({every}) AS every (m) WHERE m >= %s", [now], _values),
            "leaving": Question(_LAST_DAYS, [now.date() - datetime.timedelta(days=1)], _values),
            "zones": Question("SELECT DISTINCT time_zone FROM events_event", [], _values),
        }
    )
    zones = [zoneinfo.ZoneInfo(zone) for zone in {settings.TIME_ZONE, *answers["zones"]}]
    change = min([*(_end_of(now.astimezone(zone).date(), zone) for zone in zones), *filter(None, answers["moments"])])
    leaving = [_end_of(day, zone) for day in answers["leaving"] for zone in zones]
    return Coming(change, min((each for each in leaving if each > now), default=None))


def _end_of(day: datetime.date, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), zone)


def _values(rows: Rows) -> list[Any]:
    return [value for (value,) in rows]
