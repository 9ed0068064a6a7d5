"""What a schedule is made of, and how both of its formats write moments and lengths. Pure: plain values.

The words are those of the apps: see `schedule`, which makes a schedule of an event.
"""

import datetime
import hashlib
import uuid
from dataclasses import dataclass

# What wrote a schedule. The number is that of our way to write it, to be raised when that changes.
GENERATOR, GENERATOR_VERSION = "Clinks events", "1"
LANGUAGE = "en"
TIMESLOT = "00:05"  # the step of an app’s grid


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody in a session; without a page, neither address nor key."""

    name: str
    address: str = ""
    key: int | None = None  # from 1; the same for the same person or organisation, and for nobody else


@dataclass(frozen=True, slots=True)
class Entry:
    """One session. `starts` is in the event's zone; `minutes` have really passed when it ends."""

    key: int
    guid: uuid.UUID
    slug: str
    address: str
    title: str
    subtitle: str
    kind: str
    track: str
    room: str
    starts: datetime.datetime
    minutes: int
    abstract: str
    description: str
    people: tuple[Name, ...]

    @property
    def date(self) -> str:
        """When it starts, as ISO 8601 with the offset."""
        return written(self.starts)

    @property
    def start(self) -> str:
        """When it starts by the clock on the wall: “09:05”."""
        return f"{self.starts:%H:%M}"


@dataclass(frozen=True, slots=True)
class Place:
    """A room. Its name is that of no other room of the schedule."""

    name: str
    guid: uuid.UUID
    description: str
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Track:
    """A series, in its strand's colour."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Day:
    """One calendar day in the event's zone, from midnight to midnight; `rooms` are those in which something begins."""

    index: int
    date: datetime.date
    starts: datetime.datetime
    ends: datetime.datetime
    rooms: tuple[tuple[str, tuple[Entry, ...]], ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The whole of it."""

    acronym: str
    title: str
    description: str
    address: str
    zone: str
    tracks: tuple[Track, ...]
    places: tuple[Place, ...]
    days: tuple[Day, ...]

    @property
    def version(self) -> str:
        """A text that is another one when, and only when, anything else of this is."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


def written(moment: datetime.datetime) -> str:
    """Return a moment of a zone as ISO 8601 with seconds and offset: “2027-06-16T09:05:00+01:00”."""
    return moment.isoformat(timespec="seconds")


def hours(minutes: int) -> str:
    """Return a length as both formats have it: “01:30”."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
