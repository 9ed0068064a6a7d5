"""Who stands where in the waiting lists. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from registrations.models import Registration, WorkshopChoice

_ORDER = [F("waiting_since"), F("pk")]


@dataclass(frozen=True, slots=True)
class Positions:
    """Positions from 1 on: in the event's waiting list by registration, in workshops' by choice."""

    in_event: dict[int, int] = field(default_factory=dict)
    in_workshop: dict[int, int] = field(default_factory=dict)


_EVENTS_WITH_ANY = """
SELECT event_id FROM registrations_registration WHERE event_id = ANY(%(events)s) AND status = 'waiting'
UNION SELECT event_id FROM registrations_workshopchoice WHERE event_id = ANY(%(events)s) AND state = 'waiting'
"""


def events_with_any(event_keys: Iterable[int]) -> set[int]:
    """Return which of these events have anybody in line, for the event or a workshop. One short query."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS_WITH_ANY, {"events": list(event_keys)})
        return {key for (key,) in cursor.fetchall()}


def positions(registrations: Iterable[Registration]) -> Positions:
    """Return the positions of these registrations. At most four short queries.

    Everybody ahead counts, also who waits for the event itself and who would be passed over: so the
    number that somebody was told can only become smaller.
    """
    wanted = list(registrations)
    if not wanted:
        return Positions()
    events = {each.event_id for each in wanted if each.is_waiting}
    lines = set(
        WorkshopChoice.objects.waiting().filter(registration__in=wanted).order_by().values_list("session", flat=True)
    )
    return Positions(
        _numbered(Registration.objects.waiting().filter(event__in=events), "event") if events else {},
        _numbered(WorkshopChoice.objects.waiting().filter(session__in=lines), "session") if lines else {},
    )


def joining_at(line: QuerySet[Any], now: datetime.datetime) -> datetime.datetime:
    """Return the moment with which somebody joins this line: never before the last who stands there.

    So the order is the order of joining, also when the clock was put back or the request waited for the lock.
    """
    last = line.order_by().aggregate(last=Max("waiting_since"))["last"]
    return max(now, last) if last else now


def _numbered(line: QuerySet[Any], part: str) -> dict[int, int]:
    number = Window(RowNumber(), partition_by=[F(part)], order_by=_ORDER)
    return dict(line.order_by().annotate(number=number).values_list("pk", "number"))
