"""The programme as iCalendar files (RFC 5545, RFC 7986). Pure: values in, bytes out.

What other people's calendars remember must never change:

- the UID is the row's own UUID and nothing else, as RFC 7986 asks; no host is in it, so it outlives the address;
- SEQUENCE is made of revisions, which only rise: a session's is its own and its event's, because a cancelled
  event, or one in another building, changes every session of it. They count in steps of a thousand: in somebody's own
  calendar, how often what they hold has changed stands between two steps (`for_somebody`), so that whoever takes the
  same entry from both calendars ends with the latest of the programme, and then with their own;
- DTSTAMP and LAST-MODIFIED are when the record was last saved, never now: the same record is the same file;
- what is cancelled stays, as STATUS:CANCELLED: many calendars keep an entry that merely is no longer there.
"""

import datetime
import uuid
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import icalendar

from events import time_zones
from events.models import Event, Session, Status, Venue
from events.wording.clean_text import cleaned

PRODUCT = "-//Clinks//Events//EN"
REMINDER_LENGTH = datetime.timedelta(minutes=15)
# How often a calendar that subscribes is asked to look again (RFC 7986, 5.7; the older name is Microsoft's).
REFRESHED = datetime.timedelta(hours=1)


class Standing(StrEnum):
    """STATUS of an entry (RFC 5545, 3.8.1.11), the best first."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


STEP = 1000

# Not every calendar shows the status.
_SAID_FIRST = {Standing.CANCELLED: "Cancelled: ", Standing.TENTATIVE: "Waiting list: ", Standing.CONFIRMED: ""}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar. `place` is latitude and longitude, where they are known.

    `organiser` is a name, and `contact` the e-mail address to ask; METHOD:PUBLISH wants them (RFC 5546, 3.2.1).
    """

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
    standing: Standing = Standing.CONFIRMED
    place: tuple[Decimal, Decimal] | None = None
    organiser: str = ""
    contact: str = ""
    is_given_back: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a calendar that subscribes is told of the whole (RFC 7986).

    `name` is what it is shown as, `page` where people read the same, `source` where it is asked for again; both
    addresses are absolute.
    """

    name: str
    page: str
    source: str


def of_event(event: Event, address: str, changed_at: datetime.datetime) -> Entry:
    """Return the whole day as one entry; `address` is its page, absolute."""
    location = ", ".join([event.venue.name, *event.venue.address_lines]) if event.venue else ""
    return Entry(
        event.uid, event.revision * STEP, changed_at, event.starts, event.ends, event.zone, event.title, address,
        location, event.summary, _standing(event.status), _place(event.venue),
    )  # fmt: skip


def of_session(session: Session, event: Event, address: str, changed_at: datetime.datetime) -> Entry:
    """Return a session as one entry; `changed_at` is the later of its own and its event's last change."""
    places = [session.room.place] if session.room else []
    venue = session.room.venue if session.room else event.venue
    places += [venue.name, *venue.address_lines] if venue else []
    return Entry(
        session.uid, (session.revision + event.revision) * STEP, changed_at, session.starts, session.ends, event.zone,
        f"{session.full_code} {session.heading}".strip(), address, ", ".join(places), event.title,
        _standing(session.status, event.status), _place(venue),
    )  # fmt: skip


def of_booking_opening(event: Event, address: str, changed_at: datetime.datetime) -> Entry:
    """Return the moment at which booking opens as an entry; the event must have one."""
    return Entry(
        uuid.uuid5(event.uid, "booking opens"), event.revision * STEP, changed_at, event.booking_opens,
        event.booking_opens + REMINDER_LENGTH, event.zone, f"Booking opens: {event.title}", address,
        standing=_standing(event.status),
    )  # fmt: skip


def for_somebody(entry: Entry, standing: Standing, revision: int, changed_at: datetime.datetime | None) -> Entry:
    """Return an entry as it stands in somebody's own calendar.

    `revision` counts how often what they hold has changed, and only rises; `changed_at` is when it last did. What is
    cancelled for everybody is cancelled for them; what only they have no longer is said in other words.
    """
    return replace(
        entry,
        sequence=entry.sequence + revision + 1,
        changed_at=max(entry.changed_at, changed_at) if changed_at else entry.changed_at,
        standing=Standing.CANCELLED if entry.standing == Standing.CANCELLED else standing,
        is_given_back=standing == Standing.CANCELLED != entry.standing,
    )


def file_of(entries: Sequence[Entry], subscription: Subscription | None = None) -> bytes:
    """Return a calendar file with these entries, as METHOD:PUBLISH: for the reader to add, with nothing to answer.

    With a subscription it says what it is called, and where and how often it is to be asked for again.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if subscription:
        _describe(calendar, subscription)
    for zone in sorted({entry.zone for entry in entries}, key=str):
        if zone.key != "UTC":  # which is written as a Z
            calendar.add_component(_time_zone(zone, [entry for entry in entries if entry.zone == zone]))
    for entry in entries:
        calendar.add_component(_component(entry))
    return calendar.to_ical()


def _describe(calendar: icalendar.Calendar, subscription: Subscription) -> None:
    name = icalendar.vText(cleaned(subscription.name))  # the library escapes only what it knows to be a text
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what calendars read that do not know RFC 7986
    calendar.add("url", subscription.page)
    calendar.add("source", subscription.source, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESHED).to_ical().decode())


def _standing(*statuses: str) -> Standing:
    # A draft is in no public calendar; in that of somebody who has a place, the event will not be as it was.
    return Standing.CONFIRMED if set(statuses) == {Status.PUBLISHED} else Standing.CANCELLED


def _place(venue: Venue | None) -> tuple[Decimal, Decimal] | None:
    known = venue is not None and venue.latitude is not None and venue.longitude is not None
    return (venue.latitude, venue.longitude) if known else None


def _component(entry: Entry) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", str(entry.uid))
    component.add("sequence", entry.sequence)
    component.add("dtstamp", _utc(entry.changed_at))
    component.add("last-modified", _utc(entry.changed_at))
    component.add("dtstart", _local(entry.starts, entry.zone))
    component.add("dtend", _local(entry.ends, entry.zone))
    component.add("status", str(entry.standing))
    first = "No longer yours: " if entry.is_given_back else _SAID_FIRST[entry.standing]
    component.add("summary", cleaned(first + entry.summary))
    for name, text in (("location", entry.location), ("description", entry.description)):
        if text:
            component.add(name, cleaned(text))
    if entry.place:
        component.add("geo", tuple(float(each) for each in entry.place))
    if entry.contact:
        component.add("organizer", f"mailto:{entry.contact}", parameters={"CN": _parameter(entry.organiser)})
    component.add("url", entry.address)
    return component


def _parameter(text: str) -> str:
    """Return a text as the value of a parameter, which may hold neither quotes nor ends of lines (RFC 5545, 3.2)."""
    return " ".join(cleaned(text).replace('"', "’").split())


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
