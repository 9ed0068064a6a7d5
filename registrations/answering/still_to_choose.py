"""What can still be done about each series of workshops, and how that is said where nothing is chosen yet.

The same words on the page of what is confirmed, in messages and in the letter.
"""

import datetime
import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from events.models import Event, Kind, Series, Session, Status
from events.wording.british_time import time_words
from registrations import availability


class Still(enum.StrEnum):
    """What an attendee can still do about a series."""

    OPEN = enum.auto()  # choose, or join a waiting list
    AWAITED = enum.auto()  # none of its workshops is announced
    OVER = enum.auto()  # nothing any more


@dataclass(frozen=True, slots=True)
class SeriesState:
    """One series of an event, the time of its first workshop, and what can still be done about it."""

    series: Series
    at: str
    still: Still

    def words(self, *, waiting: bool, no_part: bool = False) -> str:
        """Return what is said where nothing is chosen in it.

        `waiting` is for who waits for the event itself, `no_part` for who has said that they take no part in it.
        """
        if no_part:
            return "none, as you told us"
        if self.still == Still.AWAITED:
            return "its workshops will be announced, and you can choose then"
        if self.still == Still.OVER:
            return "nothing chosen"
        return "nothing asked for yet" if waiting else "nothing chosen yet"

    def sentence(self, *, waiting: bool, no_part: bool = False) -> str:
        """Return “Workshop series 3, 2:25pm: nothing chosen yet.”."""
        return f"{self.series.name}, {self.at}: {self.words(waiting=waiting, no_part=no_part)}."


def of(event: Event, now: datetime.datetime, *, workshops: Iterable[Session] | None = None) -> list[SeriesState]:
    """Return every series of this event with a published workshop, in order.

    `workshops` are the published ones with their series; whoever has them at hand saves the query.
    """
    if workshops is None:
        found = event.sessions.filter(kind=Kind.WORKSHOP, status=Status.PUBLISHED, series__isnull=False)
        workshops = found.select_related("series").defer("abstract", "search").order_by()
    ordered = sorted(workshops, key=lambda session: (session.series.number, session.starts, session.pk))
    by_series = [list(sessions) for _, sessions in groupby(ordered, key=lambda session: session.series_id)]
    return [
        SeriesState(sessions[0].series, time_words(sessions[0].starts, event.zone), _still(event, sessions, now))
        for sessions in by_series
    ]


def without_a_choice(event: Event, chosen: Collection[int | None], now: datetime.datetime) -> list[SeriesState]:
    """Return the series in which something can be chosen, now or once announced, but for those chosen in already."""
    return [each for each in of(event, now) if each.series.pk not in chosen and each.still != Still.OVER]


def _still(event: Event, sessions: Sequence[Session], now: datetime.datetime) -> Still:
    if event.status != Status.PUBLISHED or event.starts <= now:
        return Still.OVER
    if any(availability.can_be_had(session, now) for session in sessions):
        return Still.OPEN
    return Still.AWAITED if any(session.starts > now for session in sessions) else Still.OVER
