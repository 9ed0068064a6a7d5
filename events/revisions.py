"""What has changed in a programme since it was published, found in the history of its revisions. The finding is pure.

Only what visitors saw counts: a change of a draft is none, and what was changed while nobody could see it is one change
at the moment at which it is shown again. A session or a room that was to be announced, and is, is *announced*: never
changed. What staff save as a small correction is no change either; what comes after is compared with it.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from events.asking import Question, Rows, ask_all
from events.models import PUBLIC, Status
from events.showing import Showing

# Why a row of the history was written, where staff said so.
SMALL = "Small correction"
# What is put up in one go is not new: sessions come a moment after their event, or some minutes.
SETTLING = datetime.timedelta(minutes=10)


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
    """A session, or the event itself, as it was saved once. `place` is the key of the room, or of the venue."""

    number: int  # of the row in the history
    at: datetime.datetime
    key: int
    title: str
    starts: datetime.datetime | None
    ends: datetime.datetime | None
    place: int | None
    status: str
    is_small: bool
    of_event: bool = False

    @property
    def is_public(self) -> bool:
        """Whether visitors may see it."""
        return self.status in PUBLIC


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, what, how it was (None for something new) and how it is since."""

    at: datetime.datetime
    whats: tuple[What, ...]
    was: Version | None
    now: Version


def of(showing: Showing) -> list[Change]:
    """Return every change of an event's programme, the earliest first. One round trip, remembered."""
    return showing.remembered("changes", lambda: _read(showing.event.pk))


def marked(showing: Showing) -> list[Change]:
    """Return those that pages still mark: as long as staff have set, and not once the event is over."""
    if showing.past:
        return []
    since = showing.now - datetime.timedelta(days=showing.event.changes_marked_for)
    return [each for each in of(showing) if each.at > since]


def net(changes: Sequence[Change]) -> tuple[tuple[What, ...], Version | None]:
    """Return what all changes of one thing come to, and how it was before them; what was taken back is none.

    Takes the changes of one session, or of the event, the earliest first. What is announced is compared with nothing.
    """
    counted = [each for each in changes if each.whats != (What.ANNOUNCED,)]
    if not counted:
        return (), None
    first, now = counted[0], counted[-1].now
    since = tuple(_differences(first.was or first.now, now))
    return ((What.NEW, *since) if first.was is None else since), first.was or first.now


_SESSIONS = """
    SELECT history_id, history_date, id, title, starts, ends, room_id, status, history_change_reason
    FROM events_historicalsession WHERE event_id = %s AND history_type <> '-' ORDER BY history_date, history_id"""
_EVENT = """
    SELECT history_id, history_date, id, title, starts, ends, venue_id, status, history_change_reason
    FROM events_historicalevent WHERE id = %s AND history_type <> '-' ORDER BY history_date, history_id"""


def _read(event: int) -> list[Change]:
    answers = ask_all(
        {
            "event": Question(_EVENT, [event], lambda rows: _versions(rows, of_event=True)),
            "sessions": Question(_SESSIONS, [event], lambda rows: _versions(rows, of_event=False)),
        }
    )
    return find([*answers["event"], *answers["sessions"]])


def _versions(rows: Rows, *, of_event: bool) -> list[Version]:
    return [Version(*values, reason == SMALL, of_event) for *values, reason in rows]


def find(versions: Iterable[Version]) -> list[Change]:
    """Return the changes in these versions of an event and of its sessions, the earliest first."""
    finder = _Finder()
    # The event after its sessions, where all were saved in one moment: it shows them.
    ordered = sorted(versions, key=lambda each: (each.at, each.of_event, each.number))
    return [change for version in ordered for change in finder.follow(version)]


class _Finder:
    """Follows the versions in their order; `shown` is what visitors saw last, by what it is of."""

    def __init__(self) -> None:
        self.published: datetime.datetime | None = None  # for the first time
        self.is_public = False
        self.latest: dict[int, Version] = {}
        self.shown: dict[tuple[bool, int], Version] = {}

    def follow(self, version: Version) -> Iterator[Change]:
        """Yield what has changed by it for visitors."""
        if not version.of_event:
            self.latest[version.key] = version
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
            for each in self.latest.values():
                yield from self._show(each, version.at)

    def _show(self, now: Version, at: datetime.datetime) -> Iterator[Change]:
        if not now.is_public:
            return
        was = self.shown.get((now.of_event, now.key))
        self.shown[now.of_event, now.key] = now
        is_new = was is None and not now.of_event and at > self.published + SETTLING
        whats = tuple(_differences(was, now)) if was else (What.NEW,) if is_new else ()
        if whats and not now.is_small:
            yield Change(at, whats, was, now)


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
