"""What has changed, as pages and the feed say it. Pure."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from events.models import Event, Session, Status
from events.revisions import Change, Net, Version, What, net
from events.wording import british_time
from events.wording.british_time import Zone

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
    """Says changes of one event."""

    def __init__(self, event: Event) -> None:
        self.zone = event.zone
        self.has_days = event.has_days

    def told(self, change: Change, sessions: Mapping[int, Session]) -> Told | None:
        """Return a change in words; None if it is of a session that visitors do not see any more."""
        tags = tuple(_tag(what, change.now) for what in change.whats)
        if change.now.of_event:
            return Told(change, None, "The event itself", tags, self._sentence(change))
        session = sessions.get(change.now.key)
        return Told(change, session, self._named(session), tags, self._sentence(change)) if session else None

    def mark(self, changes: list[Change]) -> Mark | None:
        """Return the mark of what has these changes, the earliest first; None where all was taken back, or announced.

        That something is cancelled is said on its page anyway.
        """
        found = net(changes)
        kept = [what for what in found.whats if what not in (What.ANNOUNCED, What.CANCELLED)] if found else []
        if not found or not kept or found.now.status == Status.CANCELLED:
            return None
        sentences = [self._was(what, found) for what in kept]
        return Mark(found.at, tuple(_tag(what, found.now) for what in kept), " ".join(filter(None, sentences)))

    def _named(self, session: Session) -> str:
        """Return a workshop by its code, anything else by its time: a day has two breaks, and an event several days."""
        if session.full_code:
            return f"{session.full_code} {session.heading}"
        when = british_time.moment_words if self.has_days else british_time.time_words
        return f"{session.heading}, {when(session.starts, self.zone)}"

    def _was(self, what: What, found: Net) -> str:
        if what == What.MOVED:
            return f"It was to be {self._when(found.was, found.now)}."
        if what in (What.ROOM, What.VENUE):
            return f"It was to be in {self._place(found.was)}."
        return f"It was called “{found.was.title}”." if what == What.RENAMED else ""

    def _sentence(self, change: Change) -> str:
        return " ".join(self._part(what, change.was, change.now) for what in change.whats)

    def _part(self, what: What, was: Version | None, now: Version) -> str:
        if what == What.CANCELLED:
            return "Was cancelled."
        if what in (What.NEW, What.RESTORED) or was is None:
            said = "Was put back" if what == What.RESTORED else "Came into the programme"
            return f"{said}: {', '.join(filter(None, (self._when(now, None), self._place(now))))}."
        if what == What.MOVED:
            return f"Moved from {self._when(was, now)} to {self._when(now, was)}."
        if what in (What.ROOM, What.VENUE):
            if now.place is None:
                return f"Is no longer in {self._place(was)}."
            return f"Went from {self._place(was)} to {self._place(now)}."
        if what == What.RENAMED:
            return f"Was called “{was.title}” before."
        parts = ["The title was announced."] if now.title and not was.title else []
        noun = "venue" if now.of_event else "room"
        parts += [f"The {noun} was announced: {self._place(now)}."] if now.place and not was.place else []
        return " ".join(parts)

    def _when(self, shown: Version, other: Version | None) -> str:
        """Return the hours; with the day where it is not the other's, or where there are several and no other."""
        if shown.starts is None or shown.ends is None:
            return "a time to be announced"
        if other is None:
            same = not self.has_days
        else:
            same = other.starts is not None and self._day(other.starts) == self._day(shown.starts)
        say = british_time.hours_words if same else british_time.period_words
        return say(shown.starts, shown.ends, self.zone)

    def _day(self, moment: datetime.datetime) -> datetime.date:
        return moment.astimezone(self.zone).date()

    def _place(self, shown: Version) -> str:
        if shown.place is None:
            return ""
        return shown.place_name or ELSEWHERE


def _tag(what: What, now: Version) -> str:
    """Return the word of a tag; what was taken away is not new."""
    if what in (What.ROOM, What.VENUE) and now.place is None:
        return f"{'Venue' if now.of_event else 'Room'} to be announced"
    return "Title to be announced" if what == What.RENAMED and not now.title else str(what)


def by_day(told: Iterable[Told], zone: Zone) -> list[tuple[str, list[Told]]]:
    """Return these in groups of one day, as it is said; in the order given."""
    found: dict[str, list[Told]] = {}
    for each in told:
        found.setdefault(british_time.date_words(each.change.at, zone), []).append(each)
    return list(found.items())
