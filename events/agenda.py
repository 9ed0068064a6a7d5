"""Sessions → days → time slots → rows of parallel sessions. Plain values: no request, no query.

A slot is a start time. What starts together stands together: first the sessions of no series, then a
row for each series. A series of which nothing is announced is one `awaited` row, never its empty cards.
"""

import datetime
import itertools
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from events.models import Kind, Series, Session
from events.wording import british_time


@dataclass(slots=True)
class Row:
    """Sessions side by side: those of one series, or some without a series."""

    series: Series | None
    sessions: list[Session]

    @property
    def awaited(self) -> bool:
        """Whether not one workshop of this series is announced."""
        return self.series is not None and not any(session.title for session in self.sessions)

    @property
    def expected(self) -> int:
        """How many workshops there are or will be."""
        return max(len(self.sessions), self.series.expected_workshops if self.series else 0)

    @property
    def choices(self) -> int:
        """How many of its sessions will take place."""
        return sum(not session.is_cancelled for session in self.sessions)

    @property
    def provisional(self) -> bool:
        """Whether any of its times is not yet final."""
        return any(session.provisional for session in self.sessions)


@dataclass(slots=True)
class Slot:
    """What starts at one time."""

    starts: datetime.datetime
    ends: datetime.datetime  # when the last of its sessions ends
    rows: list[Row]
    anchor: str
    tag: str = ""  # "now", "next" or nothing
    spine: str = ""  # which strands still run past it: "", "from-2", "from-3", "from-none"
    turns: int = 0  # the strand (1 to 3) that turns into this slot's edge, or 0

    @property
    def sessions(self) -> list[Session]:
        """All of its sessions, row by row."""
        return [session for row in self.rows for session in row.sessions]

    @property
    def series(self) -> Series | None:
        """The one series that this slot is, if it is just that."""
        return self.rows[0].series if len(self.rows) == 1 else None

    @property
    def kind(self) -> str:
        """How it is drawn: "series", "peak" (a panel by itself), "break" (thin), or "mixed"."""
        if any(row.series for row in self.rows):
            return "series"
        sessions = self.sessions
        if len(sessions) > 1:
            return "mixed"
        return "peak" if sessions[0].kind == Kind.PANEL else "break"

    @property
    def same_end(self) -> bool:
        """Whether everything in it also ends together."""
        return len({session.ends for session in self.sessions}) == 1


@dataclass(slots=True)
class Day:
    """One calendar day of an event, in the event's zone."""

    date: datetime.date
    heading: str
    slots: list[Slot]


@dataclass(slots=True)
class Agenda:
    """The whole programme in the order of time, and the series that have no time yet."""

    days: list[Day]
    untimed: list[Series] = field(default_factory=list)

    @property
    def slots(self) -> list[Slot]:
        """Every slot of every day."""
        return [slot for day in self.days for slot in day.slots]

    @property
    def total(self) -> int:
        """How many sessions it shows."""
        return sum(len(slot.sessions) for slot in self.slots)

    @property
    def provisional(self) -> bool:
        """Whether any of its times is not yet final."""
        return any(row.provisional for slot in self.slots for row in slot.rows)

    @property
    def wholly_provisional(self) -> bool:
        """Whether none of its times is final, so that one sentence says it of all."""
        sessions = [session for slot in self.slots for session in slot.sessions]
        return bool(sessions) and all(session.provisional for session in sessions)


def build(
    sessions: Iterable[Session], zone: zoneinfo.ZoneInfo, now: datetime.datetime, series: Sequence[Series] = ()
) -> Agenda:
    """Return the agenda of these sessions.

    `zone` is the event's; `now` decides which slot is under way and which comes next; `series` are
    all of the event's, so that one without a session yet is not forgotten.
    """
    ordered = sorted(sessions, key=_place)
    slots = [_slot(list(together)) for _, together in itertools.groupby(ordered, key=lambda each: each.starts)]
    _name_apart(slots)
    _tag(slots, now)
    days = [
        Day(date, british_time.date_words(held[0].starts, zone), held)
        for date, held in ((date, list(group)) for date, group in itertools.groupby(slots, key=_date_in(zone)))
    ]
    _run_strands(slots, one_day=len(days) == 1)
    timed = {session.series_id for session in ordered}
    return Agenda(days, [each for each in series if each.pk not in timed])


def _place(session: Session) -> tuple:
    number = session.series.number if session.series_id else 0
    return session.starts, number, session.code or "~", session.ends, session.title, session.pk or 0


def _date_in(zone: zoneinfo.ZoneInfo):
    return lambda slot: slot.starts.astimezone(zone).date()


def _slot(sessions: list[Session]) -> Slot:
    rows = [
        Row(together[0].series if together[0].series_id else None, together)
        for together in (list(group) for _, group in itertools.groupby(sessions, key=lambda each: each.series_id or 0))
    ]
    anchors = [f"series-{row.series.number}" for row in rows if row.series]
    anchor = anchors[0] if anchors else _anchor_at(sessions[0])
    return Slot(sessions[0].starts, max(session.ends for session in sessions), rows, anchor)


def _anchor_at(session: Session) -> str:
    return f"at-{session.slug}"


def _name_apart(slots: list[Slot]) -> None:
    """Let the first slot of a series keep its anchor, where workshops of one series start at several times."""
    seen: set[str] = set()
    for slot in slots:
        if slot.anchor in seen:
            slot.anchor = _anchor_at(slot.sessions[0])
        seen.add(slot.anchor)


def _tag(slots: list[Slot], now: datetime.datetime) -> None:
    """Mark what is under way as "now" and the first start after it as "next", on the day only."""
    if not slots or now >= max(slot.ends for slot in slots):
        return
    first = slots[0].starts
    coming = [slot for slot in slots if slot.starts > now]
    for slot in slots:
        if slot.starts <= now < slot.ends:
            slot.tag = "now"
    if coming and coming[0].starts - now < datetime.timedelta(hours=12) and now >= first - datetime.timedelta(hours=2):
        coming[0].tag = "next"


def _run_strands(slots: list[Slot], *, one_day: bool) -> None:
    """Let the three strands run down the day, each until its series turns it into its own edge.

    Only a day in which series 1, 2 and 3 begin at three different times, in that order, has a place
    for all of them; any other is drawn without strands running (its cards keep their edges).
    """
    turning = [slot for slot in slots if slot.series is not None]
    if not one_day or [slot.series.number for slot in turning] != [1, 2, 3]:
        for slot in slots:
            slot.spine = "from-none"
        return
    begun = 0
    for slot in slots:
        slot.spine = ("", "from-2", "from-3", "from-none")[begun]
        if slot.series is not None:
            begun += 1
            slot.turns = slot.series.colour
