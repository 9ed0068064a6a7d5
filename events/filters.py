"""Filters of the agenda, read from an address. What makes no sense there is ignored, never an error."""

import datetime
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.http import QueryDict

from events import search
from events.models import Event, Kind, Series, Session

# Kinds that somebody looks for; nobody filters for breaks.
OFFERED = (Kind.PANEL, Kind.WORKSHOP, Kind.PLENARY, Kind.PERFORMANCE)
PLURAL = {
    Kind.PANEL: "Panels",
    Kind.WORKSHOP: "Workshops",
    Kind.PLENARY: "Whole conference",
    Kind.PERFORMANCE: "Performances",
}
# Their names in an address.
NAMES = ("q", "series", "kind", "day")


@dataclass(frozen=True)
class Filters:
    """What a visitor asked for."""

    query: str = ""
    series: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)  # ISO dates

    @property
    def active(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.query or self.series or self.kinds or self.days)

    def of(self, sessions: QuerySet[Session], zone: zoneinfo.ZoneInfo, today: datetime.date) -> QuerySet[Session]:
        """Return those of the sessions that were asked for; days are days in the event's zone."""
        if self.series:
            sessions = sessions.filter(series__number__in=self.series)
        if self.kinds:
            sessions = sessions.filter(kind__in=self.kinds)
        if self.days:
            sessions = sessions.annotate(day=TruncDate("starts", tzinfo=zone)).filter(day__in=self.days)
        return search.matching(sessions, self.query, today) if self.query else sessions


def read(asked: QueryDict, event: Event, series: Sequence[Series]) -> Filters:
    """Return the filters in an address, of those that this event, which has these series, can have."""
    numbers = {str(each.number): each.number for each in series}
    return Filters(
        query=search.clean(asked.get("q", "")),
        series=[numbers[number] for number in dict.fromkeys(asked.getlist("series")) if number in numbers],
        kinds=[kind for kind in dict.fromkeys(asked.getlist("kind")) if kind in OFFERED],
        days=[day for day in dict.fromkeys(asked.getlist("day")) if _is_day_of(event, day)],
    )


def _is_day_of(event: Event, words: str) -> bool:
    """Whether it is one of several days; also one on which nothing is, or nothing any more."""
    try:
        day = datetime.date.fromisoformat(words)
    except ValueError:
        return False
    first, last = event.first_and_last_day
    return event.has_days and day.isoformat() == words and first <= day <= last
