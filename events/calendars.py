"""The programme as iCalendar files (RFC 5545, RFC 7986). Pure: values in, bytes out.

What other people's calendars remember must never change:

- the UID is the row's own UUID and nothing else, as RFC 7986 asks; no host is in it, so it outlives the address;
- SEQUENCE is made of revisions, which only rise: a session's is its own and its event's, because a cancelled
  event, or one in another building, changes every session of it;
- DTSTAMP and LAST-MODIFIED are when the record was last saved, never now: the same record is the same file.
"""

import datetime
import uuid
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

import icalendar

from events import time_zones
from events.clean_text import cleaned
from events.models import Event, Session, Status

PRODUCT = "-//Clinks//Events//EN"
REMINDER_LENGTH = datetime.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar."""

    uid: uuid.UUID
    sequence: int
    changed_at: datetime.datetime
    starts: datetime.datetime
    ends: datetime.datetime
    zone: zoneinfo.ZoneInfo
    summary: str
    address: str
    location: str = ""
    description: str = ""
    is_cancelled: bool = False


def of_event(event: Event, address: str, changed_at: datetime.datetime) -> Entry:
    """Return the whole day as one entry; `address` is its page, absolute."""
    place = ", ".join([event.venue.name, *event.venue.address_lines]) if event.venue else ""
    return Entry(
        event.uid, event.revision, changed_at, event.starts, event.ends, event.zone, event.title, address,
        place, event.summary, event.status == Status.CANCELLED,
    )  # fmt: skip


def of_session(session: Session, event: Event, address: str, changed_at: datetime.datetime) -> Entry:
    """Return a session as one entry; `changed_at` is the later of its own and its event's last change."""
    places = [session.room.place] if session.room else []
    venue = session.room.venue if session.room else event.venue
    places += [venue.name, *venue.address_lines] if venue else []
    return Entry(
        session.uid, session.revision + event.revision, changed_at, session.starts, session.ends, event.zone,
        f"{session.full_code} {session.heading}".strip(), address, ", ".join(places), event.title,
        Status.CANCELLED in (session.status, event.status),
    )  # fmt: skip


def of_booking_opening(event: Event, address: str, changed_at: datetime.datetime) -> Entry:
    """Return the moment at which booking opens as an entry; the event must have one."""
    return Entry(
        uuid.uuid5(event.uid, "booking opens"), event.revision, changed_at, event.booking_opens,
        event.booking_opens + REMINDER_LENGTH, event.zone, f"Booking opens: {event.title}", address,
        is_cancelled=event.status == Status.CANCELLED,
    )  # fmt: skip


def file_of(entries: Sequence[Entry]) -> bytes:
    """Return a calendar file with these entries, as METHOD:PUBLISH: for the reader to add, with nothing to answer."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for zone in sorted({entry.zone for entry in entries}, key=str):
        if zone.key != "UTC":  # which is written as a Z
            calendar.add_component(_time_zone(zone, [entry for entry in entries if entry.zone == zone]))
    for entry in entries:
        calendar.add_component(_component(entry))
    return calendar.to_ical()


def _component(entry: Entry) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", str(entry.uid))
    component.add("sequence", entry.sequence)
    component.add("dtstamp", _utc(entry.changed_at))
    component.add("last-modified", _utc(entry.changed_at))
    component.add("dtstart", _local(entry.starts, entry.zone))
    component.add("dtend", _local(entry.ends, entry.zone))
    component.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    # Not every calendar shows the status.
    component.add("summary", cleaned(f"Cancelled: {entry.summary}" if entry.is_cancelled else entry.summary))
    for name, text in (("location", entry.location), ("description", entry.description)):
        if text:
            component.add(name, cleaned(text))
    component.add("url", entry.address)
    return component


def _time_zone(zone: zoneinfo.ZoneInfo, entries: Sequence[Entry]) -> icalendar.Timezone:
    """Return the zone's rules for the years of these entries."""
    moments = [moment.astimezone(zone) for entry in entries for moment in (entry.starts, entry.ends)]
    return time_zones.component(zone, min(moments).year, max(moments).year)


def _local(moment: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """Return the local time; in the hour that the clocks repeat in autumn UTC, because iCalendar cannot say which."""
    local = moment.astimezone(zone)
    is_said_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.astimezone(datetime.UTC) if is_said_twice else local


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC).replace(microsecond=0)
