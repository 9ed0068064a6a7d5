"""What has changed in a programme since it was published, found in the history of its revisions. The finding is pure.

Only what visitors saw counts: a change of a draft is none, and what was changed while nobody could see it is one change
at the moment at which it is shown again. A session or a room that was to be announced, and is, is *announced*: never
changed. What staff save as a small correction is not told either; what comes after is compared with it.

The order is that in which the history was written: its moments may run backwards, by a server's clock.
"""

import datetime
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from events.models import PUBLIC, Status
from events.showing import Showing
from events.storing.asking import Question, Rows, ask_all

# Why a row of the history was written, where staff said so.
SMALL = "Small correction"
# What is put up in one go is not new: sessions come a moment after their event, or some minutes.
SETTLING = datetime.timedelta(minutes=10)
# Several edits within so long are one change, as in the messages to those who have a place.
TOGETHER = datetime.timedelta(hours=1)


class What(StrEnum):
    """What has changed; the words are those of a tag."""

    CANCELLED = "Cancelled"
    RESTORED = "Takes place after all"
    NEW = "New"
    MOVED = "New time"
    ROOM = "New room"
    VENUE = "New venue"
    RENAMED = "New title"
    ANNOUNCED = "Announced"


@dataclass(frozen=True, slots=True)
class Version:
    """A session, or the event itself, as it was saved once.

    `place` is the key of the room, or of the venue, and `place_name` its name today; None if it is on record no longer.
    """

    number: int  # of the row in the history
    at: datetime.datetime
    key: int
    title: str
    starts: datetime.datetime | None
    ends: datetime.datetime | None
    place: int | None
    place_name: str | None
    status: str
    is_small: bool
    of_event: bool = False

    @property
    def is_public(self) -> bool:
        """Whether visitors may see it."""
        return self.status in PUBLIC


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, what, how it was (None for something new) and how it is since. A small one is not told.

    `number` is the row of the history with which it began.
    """

    at: datetime.datetime
    whats: tuple[What, ...]
    was: Version | None
    now: Version
    number: int
    is_small: bool = False


def of(showing: Showing) -> list[Change]:
    """Return every change of an event's programme, small ones too, the earliest first. One round trip, remembered."""
    return showing.remembered("changes", lambda: _read(showing.event.pk))


def marked(showing: Showing) -> list[Change]:
    """Return those that pages still mark, and the small ones among them: as long as staff have set, until the end."""
    if showing.past:
        return []
    days = datetime.timedelta(days=showing.event.changes_marked_for)
    return [each for each in of(showing) if showing.now < _end_of_mark(each.at, days)]


def _end_of_mark(at: datetime.datetime, days: datetime.timedelta) -> datetime.datetime:
    """Return when a mark ends: with a whole minute, as in `page_moments`, so that many end together."""
    return (at + days).replace(second=0, microsecond=0) + datetime.timedelta(minutes=1) if days else at


@dataclass(frozen=True, slots=True)
class Net:
    """What several changes of one thing come to: what, how it was before them and is now, and when the last was."""

    whats: tuple[What, ...]
    was: Version
    now: Version
    at: datetime.datetime


def net(changes: Sequence[Change]) -> Net | None:
    """Return what all changes of one thing come to; None where all was taken back, or only announced.

    Takes the changes of one session, or of the event, the earliest first. What is announced is compared with nothing;
    what a small correction made of something is how it was from the beginning.
    """
    counted = [each for each in changes if not each.is_small and each.whats != (What.ANNOUNCED,)]
    if not counted:
        return None
    first, now = counted[0], changes[-1].now
    was = first.was or first.now
    for each in changes:
        if each.is_small and each.was is not None:
            was = _corrected(was, each.was, each.now)
    whats = (*((What.NEW,) if first.was is None else ()), *_differences(was, now))
    return Net(whats, was, now, counted[-1].at) if whats else None


def told(changes: Iterable[Change]) -> list[Change]:
    """Return what is told of these, the earliest first: changes of one thing within TOGETHER are one, or none.

    Those who have a place are written to in the same way: once, of what it comes to.
    """
    runs: dict[tuple[bool, int], list[list[Change]]] = {}
    for each in changes:
        of_it = runs.setdefault((each.now.of_event, each.now.key), [])
        if each.is_small:
            for run in of_it:  # whenever it comes: how it is now is how it was meant
                run.append(each)
        elif of_it and each.at - of_it[-1][0].at <= TOGETHER:
            of_it[-1].append(each)
        else:
            of_it.append([each])
    told = (_as_one(run) for of_it in runs.values() for run in of_it)
    return sorted(filter(None, told), key=lambda each: (each.at, each.number))


def _as_one(run: list[Change]) -> Change | None:
    """Return what a run comes to, small corrections taken to have been so from the beginning; None if to nothing."""
    first = run[0]
    was, now, at = first.was, first.now, first.at
    for each in run[1:]:
        if not each.is_small:
            now, at = each.now, each.at
        elif each.was is not None:
            was, now = was and _corrected(was, each.was, each.now), _corrected(now, each.was, each.now)
    if was is None:
        is_gone = now.status == Status.CANCELLED and len(run) > 1  # before anybody could make much of it
        return None if is_gone else Change(at, (What.NEW,), None, now, first.number)
    whats = tuple(_differences(was, now))
    return Change(at, whats, was, now, first.number) if whats else None


_FACTS = (("title",), ("starts", "ends"), ("place", "place_name"))


def _corrected(was: Version, wrong: Version, right: Version) -> Version:
    """Return a version with each fact that was wrong in it put right."""
    same = [names for names in _FACTS if all(getattr(was, name) == getattr(wrong, name) for name in names)]
    return replace(was, **{name: getattr(right, name) for names in same for name in names})


_SESSIONS = """
    SELECT h.history_id, h.history_date, h.id, h.title, h.starts, h.ends, h.room_id, room.name, h.status,
        h.history_change_reason
    FROM events_historicalsession h LEFT JOIN events_room room ON room.id = h.room_id
    WHERE h.event_id = %s AND h.history_type <> '-' ORDER BY h.history_id"""
_EVENT = """
    SELECT h.history_id, h.history_date, h.id, h.title, h.starts, h.ends, h.venue_id, venue.name, h.status,
        h.history_change_reason
    FROM events_historicalevent h LEFT JOIN events_venue venue ON venue.id = h.venue_id
    WHERE h.id = %s AND h.history_type <> '-' ORDER BY h.history_id"""


def _read(event: int) -> list[Change]:
    answers = ask_all(
        {
            "event": Question(_EVENT, [event], lambda rows: _versions(rows, of_event=True)),
            "sessions": Question(_SESSIONS, [event], lambda rows: _versions(rows, of_event=False)),
        }
    )
    return find(answers["event"], answers["sessions"])


def _versions(rows: Rows, *, of_event: bool) -> list[Version]:
    """Return the rows as versions, none before the one that was written before it."""
    found: list[Version] = []
    for number, at, *values, reason in rows:
        at = max(at, found[-1].at) if found else at
        found.append(Version(number, at, *values, reason == SMALL, of_event))
    return found


def find(of_event: Iterable[Version], of_sessions: Iterable[Version]) -> list[Change]:
    """Return the changes in these versions of an event and of its sessions, each in their order; the earliest first."""
    finder = _Finder()
    # The event after its sessions, where all were saved in one moment: it shows them.
    ordered = heapq.merge(of_sessions, of_event, key=lambda each: (each.at, each.of_event))
    return [change for version in ordered for change in finder.follow(version)]


class _Finder:
    """Follows the versions in their order; `shown` is what visitors saw last, by what it is of."""

    def __init__(self) -> None:
        self.published: datetime.datetime | None = None  # for the first time
        self.is_public = False
        self.latest: dict[tuple[bool, int], Version] = {}
        self.shown: dict[tuple[bool, int], Version] = {}
        self.not_small: set[tuple[bool, int]] = set()  # what was changed in earnest since it was shown last

    def follow(self, version: Version) -> Iterator[Change]:
        """Yield what has changed by it for visitors."""
        key = (version.of_event, version.key)
        before, self.latest[key] = self.latest.get(key), version
        if not version.is_small and (before is None or any(_differences(before, version))):
            self.not_small.add(key)
        if not version.of_event:
            if self.is_public:
                yield from self._show(version, version.at)
            return
        appears = version.is_public and not self.is_public
        self.is_public = version.is_public
        if not version.is_public:
            return
        self.published = self.published or version.at
        yield from self._show(version, version.at)
        if appears:  # with all that is in it
            for each in [each for each in self.latest.values() if not each.of_event]:
                yield from self._show(each, version.at)

    def _show(self, now: Version, at: datetime.datetime) -> Iterator[Change]:
        if not now.is_public:
            return
        key = (now.of_event, now.key)
        was, is_small = self.shown.get(key), key not in self.not_small
        self.shown[key] = now
        self.not_small.discard(key)
        # What was never there but as cancelled is not new.
        is_new = not now.of_event and now.status != Status.CANCELLED and at > self.published + SETTLING
        whats = tuple(_differences(was, now)) if was else (What.NEW,) if is_new else ()
        if whats:
            # That it is cancelled, or takes place after all, is never small.
            yield Change(at, whats, was, now, now.number, is_small and (was is None or was.status == now.status))


def _differences(was: Version, now: Version) -> Iterator[What]:
    """Yield what differs for a visitor, what matters most first."""
    if now.status != was.status:
        yield What.CANCELLED if now.status == Status.CANCELLED else What.RESTORED
    if now.status == Status.CANCELLED:
        return  # where and when it will not take place is nobody's concern
    if (now.starts, now.ends) != (was.starts, was.ends):
        yield What.MOVED
    if now.place != was.place and was.place is not None:
        yield What.VENUE if now.of_event else What.ROOM
    if now.title != was.title and was.title:
        yield What.RENAMED
    if (now.title and not was.title) or (now.place is not None and was.place is None):
        yield What.ANNOUNCED
