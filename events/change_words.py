"""What has changed, as pages and the feed say it. Pure."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from events import british_time
from events.british_time import Zone
from events.models import Event, Session
from events.revisions import Change, Version, What, net

ELSEWHERE = "another place"  # that is no longer on record


@dataclass(frozen=True, slots=True)
class Told:
    """One change in words. `session` is None for the event itself; `about` is what it is called now."""

    change: Change
    session: Session | None
    about: str
    tags: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a page marks on something that has changed: tags, and how it was, in a sentence."""

    at: datetime.datetime
    tags: tuple[str, ...]
    was: str


class Words:
    """Says changes of one event; `rooms` and `venues` are names by key."""

    def __init__(self, event: Event, rooms: Mapping[int, str], venues: Mapping[int, str]) -> None:
        self.event, self.zone, self.rooms, self.venues = event, event.zone, rooms, venues

    def told(self, change: Change, sessions: Mapping[int, Session]) -> Told | None:
        """Return a change in words; None if it is of a session that visitors do not see any more."""
        tags = tuple(str(what) for what in change.whats)
        if change.now.of_event:
            return Told(change, None, self.event.title, tags, self._sentence(change))
        session = sessions.get(change.now.key)
        if session is None:
            return None
        return Told(change, session, f"{session.full_code} {session.heading}".strip(), tags, self._sentence(change))

    def mark(self, changes: list[Change]) -> Mark | None:
        """Return the mark of what has these changes, the earliest first; None where all was taken back, or announced.

        That something is cancelled is said on its page anyway.
        """
        whats, was = net(changes)
        kept = [what for what in whats if what not in (What.ANNOUNCED, What.CANCELLED)]
        if not kept or was is None:
            return None
        sentences = [self._was(what, was) for what in kept]
        return Mark(changes[-1].at, tuple(str(what) for what in kept), " ".join(filter(None, sentences)))

    def _was(self, what: What, was: Version) -> str:
        if what == What.MOVED:
            return f"It was to be {self._when(was, was)}."
        if what in (What.ROOM, What.VENUE):
            return f"It was to be in {self._place(was)}."
        return f"It was called “{was.title}”." if what == What.RENAMED else ""

    def _sentence(self, change: Change) -> str:
        return " ".join(self._part(what, change.was, change.now) for what in change.whats)

    def _part(self, what: What, was: Version | None, now: Version) -> str:
        if what == What.CANCELLED:
            return "Will not take place."
        if what in (What.NEW, What.RESTORED):
            said = "New in the programme" if what == What.NEW else "Takes place after all"
            return f"{said}: {', '.join(filter(None, (self._when(now, None), self._place(now))))}."
        assert was is not None
        if what == What.MOVED:
            return f"Was {self._when(was, now)}, is now {self._when(now, was)}."
        if what in (What.ROOM, What.VENUE):
            return f"Was in {self._place(was)}, is now in {self._place(now) or 'a room to be announced'}."
        if what == What.RENAMED:
            return f"Was called “{was.title}”." if now.title else f"Was called “{was.title}”; it is to be announced."
        parts = ["The title is announced."] if now.title and not was.title else []
        parts += [f"The room is announced: {self._place(now)}."] if now.place and not was.place else []
        return " ".join(parts)

    def _when(self, shown: Version, other: Version | None) -> str:
        """Return the hours, with the day where it is another one than the other's, or for the event itself."""
        if shown.starts is None or shown.ends is None:
            return "at a time to be announced"
        same = other is None or (other.starts and self._day(other.starts) == self._day(shown.starts))
        say = british_time.hours_words if same and not shown.of_event else british_time.period_words
        return say(shown.starts, shown.ends, self.zone)

    def _day(self, moment: datetime.datetime) -> datetime.date:
        return moment.astimezone(self.zone).date()

    def _place(self, shown: Version) -> str:
        if shown.place is None:
            return ""
        return (self.venues if shown.of_event else self.rooms).get(shown.place, ELSEWHERE)


def by_day(told: Iterable[Told], zone: Zone) -> list[tuple[str, list[Told]]]:
    """Return these in groups of one day, as it is said; in the order given."""
    found: dict[str, list[Told]] = {}
    for each in told:
        found.setdefault(british_time.date_words(each.change.at, zone), []).append(each)
    return list(found.items())
