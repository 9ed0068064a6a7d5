"""How often one caller may do something within an hour: counted in PostgreSQL, exact however many ask at once."""

import datetime
from dataclasses import dataclass

from django.db import connection
from django.utils.crypto import salted_hmac

from events.storing.asking import Question, ask
from registrations.models import RateCount

HOUR = datetime.timedelta(hours=1)
KEPT = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """What is counted, and how often it may happen between one full hour and the next.

    `counted` says it of more than one, to whoever has to wait: “answers were sent from your network”.
    """

    name: str
    an_hour: int
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """A limit that is reached, and in how many seconds it is counted anew."""

    limit: Limit
    seconds: int


# For one address. An office of sixty behind one address gets through.
CONFIRMATIONS = Limit("confirmations", 120, "registrations were sent from your network")
STEPS = Limit("steps", 3_000, "answers were sent from your network")
# For one registration: how often it makes us write to an address that somebody types.
ELSEWHERE = Limit("messages elsewhere", 10, "messages to other addresses were asked for from this registration")
# For one registration: how often it is changed, each time with a message to its own address, whoever's that is.
CHANGES = Limit("changes", 30, "changes were asked for to the workshops of this registration")

# One statement, so that nobody comes between looking and counting. What is refused is not counted, so the number
# stays at the limit. Losing some counts in a crash does no harm, hence no waiting for the disk.
_TAKE = """
INSERT INTO registrations_ratecount AS counted ("limit", key_hash, hour, count)
SELECT %s, %s, %s, 1 FROM
    set_config('synchronous_commit', COALESCE(%s, current_setting('synchronous_commit')), true)
WHERE %s > 0
ON CONFLICT ("limit", key_hash, hour) DO UPDATE SET count = counted.count + 1 WHERE counted.count < %s
RETURNING count
"""


def seconds_to_wait(limit: Limit, caller: str, now: datetime.datetime) -> int:
    """Count one attempt of this caller, and return 0 if it is within the limit.

    Else return in how many seconds the next hour begins. The caller is stored as a keyed hash only. Call it
    outside of any transaction: within one its row would stay locked until the end.
    """
    return ask(question(limit, caller, now))


def reached(limit: Limit, caller: str, now: datetime.datetime) -> Reached | None:
    """Count one attempt of this caller, as `seconds_to_wait` does; return the limit if it is reached, else None."""
    seconds = seconds_to_wait(limit, caller, now)
    return Reached(limit, seconds) if seconds else None


def question(limit: Limit, caller: str, now: datetime.datetime) -> Question[int]:
    """Return the same as a question, to be asked along with others."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = salted_hmac(f"registrations.limits.{limit.name}", caller, algorithm="sha256").hexdigest()
    # Of a transaction under way this must not be taken off: it may be a booking's.
    commit = None if connection.in_atomic_block else "off"
    values = [limit.name, key, hour, commit, limit.an_hour, limit.an_hour]
    wait = int((hour + HOUR - now).total_seconds()) + 1
    return Question(_TAKE, values, lambda rows: 0 if rows else wait)


def forget(now: datetime.datetime) -> None:
    """Delete what was counted more than a day ago."""
    RateCount.objects.filter(hour__lt=now - KEPT).delete()
