"""When and where something is, as a message keeps it until it is written, and how “was” and “is now” are said. Pure."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from events.models import Event, Room, Session
from events.wording import british_time
from events.wording.british_time import Zone

NO_ROOM = "no room yet"


@dataclass(frozen=True, slots=True)
class WhenWhere:
    """The hours and the place of a session or of a whole event, in words; and whether it is cancelled."""

    starts: datetime.datetime
    ends: datetime.datetime
    where: str
    cancelled: bool = False

    def stored(self) -> dict[str, Any]:
        """Return it as the facts of a message keep it."""
        moments = {"starts": _iso(self.starts), "ends": _iso(self.ends)}
        return asdict(self) | moments

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "WhenWhere":
        """Return what was stored."""
        moments = {name: datetime.datetime.fromisoformat(stored[name]) for name in ("starts", "ends")}
        return cls(**{**stored, **moments})


def of_session(session: Session, event: Event, rooms: Mapping[int, Room]) -> WhenWhere:
    """Return when and where a session is. `rooms` are known by key, with their venues."""
    room = rooms.get(session.room_id)
    elsewhere = room and room.venue_id != event.venue_id
    where = f"{room.place}, {room.venue.name}" if elsewhere else room.place if room else ""
    return WhenWhere(session.starts, session.ends, where, session.is_cancelled)


def of_event(event: Event) -> WhenWhere:
    """Return when and where the whole event is."""
    venue = event.venue
    return WhenWhere(event.starts, event.ends, ", ".join([venue.name, *venue.address_lines]) if venue else "")


def sentence(was: WhenWhere, now: WhenWhere, zone: Zone) -> str:
    """Return “was 11am to midday, Heddle Room; is now 11:30am to 12:30pm, Heddle Room”.

    The day is said where it is another one, and the room where there is one before or after.
    """
    before, after = (_words(each, was, now, zone) for each in (was, now))
    if now.cancelled:
        return f"will not take place (it was to be {before})"
    if was.cancelled:
        return f"takes place after all: {after}"
    return f"was {before}; is now {after}"


def _words(shown: WhenWhere, was: WhenWhere, now: WhenWhere, zone: Zone) -> str:
    same_day = was.starts.astimezone(zone).date() == now.starts.astimezone(zone).date()
    say_when = british_time.hours_words if same_day else british_time.period_words
    where = shown.where or (NO_ROOM if was.where or now.where else "")
    return ", ".join(part for part in (say_when(shown.starts, shown.ends, zone), where) if part)


def _iso(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat()
