"""An event's programme as apps for conferences know it: days → rooms → entries. Pure: values in, values out.

`schedule_json` and `schedule_xml` write it; what both say stands here. Their words are others than ours: a
session is an “event” there, an event a “conference”, a series a “track”. The formats: https://c3voc.de/wiki/schedule.

Cancelled sessions are left out: those apps show one whose guid they miss as cancelled.
"""

import datetime
import itertools
import uuid
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from events.feeds.schedule_values import Day, Entry, Name, Place, Schedule, Track
from events.models import Event, Organisation, Person, Room, Session, Status
from events.wording import access, british_time, markdown
from events.wording.clean_text import cleaned
from events.wording.credits import Credit, by_role, joined

NO_ROOM = "Room to be announced"
# The three strands by day: --series-1 to --series-3 in static/css/tokens.css.
COLOURS = {1: "#842910", 2: "#0a5550", 3: "#35308a"}
SAMPLE = "Sample: the people, organisations and workshops here are invented."
DAY = datetime.timedelta(days=1)
# Of an event that goes on for longer, by a slip of somebody's finger, only the days with a session are listed.
MOST_DAYS = 366

Thing = Event | Session | Person | Organisation


def of(event: Event, sessions: Iterable[Session], address: Callable[[Thing], str], *, past: bool) -> Schedule:
    """Return the schedule of an event that has a date.

    `sessions` are its public ones in the order of the day, each with `credits`, series, and room with venue loaded.
    `address` returns the absolute address of a page; `past` says that the event is over.
    """
    running = event.status != Status.CANCELLED
    held = [session for session in sessions if running and not session.is_cancelled]
    rooms = _named_apart({session.room for session in held if session.room})
    places = [_place(event, room, name) for room, name in rooms.items()]
    if any(session.room is None for session in held):
        places.append(Place(NO_ROOM, uuid.uuid5(event.uid, "no room"), "", None))
    entries = [_entry(event, session, rooms.get(session.room, NO_ROOM), address, past) for session in held]
    return Schedule(
        acronym=event.slug.replace("-", "_").ljust(4, "_"), title=cleaned(event.title),
        description=cleaned(event.summary), address=address(event), zone=event.time_zone, tracks=_tracks(held),
        places=tuple(places), days=tuple(_days(event, entries, [place.name for place in places])),
    )  # fmt: skip


def _entry(event: Event, session: Session, room: str, address: Callable[[Thing], str], past: bool) -> Entry:
    # In UTC: Python subtracts two moments of one zone by the clock on the wall, which may change between them.
    taken = session.ends.astimezone(datetime.UTC) - session.starts.astimezone(datetime.UTC)
    named = [credit for credit in session.credits if not credit.is_gone]
    return Entry(
        key=session.pk, guid=session.uid, slug=f"{event.slug}-{session.slug}", address=address(session),
        title=cleaned(session.heading_after if past else session.heading),
        subtitle=cleaned(f"{session.label or session.get_kind_display()} {session.full_code}".strip()),
        kind=session.kind, track=cleaned(session.series.name) if session.series else "", room=room,
        starts=session.starts.astimezone(event.zone), minutes=int(taken.total_seconds()) // 60,
        abstract=cleaned(markdown.plain_blocks(cleaned(session.abstract))),
        description=cleaned("\n".join(_facts(event, session, named, past))),
        people=tuple(dict.fromkeys(_name(credit, address) for credit in named)),
    )  # fmt: skip


def _facts(event: Event, session: Session, named: Sequence[Credit], past: bool) -> Iterator[str]:
    """Yield the lines that a session's page has beside its abstract."""
    if event.is_sample:
        yield SAMPLE
    if session.content_note:
        yield f"Content note: {session.content_note}"
    if session.provisional:
        yield "Time as planned." if past else "Provisional time."
    for group in by_role(named):
        yield f"{group.heading}: {joined(_with_below(credit) for credit in group.credits)}"
    if session.room:
        yield f"Room: {', '.join(filter(None, (session.room.place, session.room.directions)))}"
    facts = access.of_session(session, past=past)
    yield from (f"{fact.name}: {fact.words}" for fact in facts)
    if not facts:
        yield "Access: not recorded"


def _with_below(credit: Credit) -> str:
    return f"{credit.name} ({credit.below})" if credit.below else credit.name


def _name(credit: Credit, address: Callable[[Thing], str]) -> Name:
    """Return a name. Nobody without a page has a key: it would tell that two wordings are one person."""
    who = credit.person if credit.is_person else credit.organisation
    if who is None or not credit.has_page:
        return Name(cleaned(credit.name))
    # Both are counted from 1: people get the even keys, organisations the odd ones.
    return Name(cleaned(credit.name), address(who), 2 * who.pk + (not credit.is_person))


def _place(event: Event, room: Room, name: str) -> Place:
    where = ", ".join(filter(None, (room.floor, room.directions)))
    return Place(name, uuid.uuid5(event.uid, f"room {room.pk}"), cleaned(where), room.capacity)


def _named_apart(rooms: Iterable[Room]) -> dict[Room, str]:
    """Return the rooms in their order, each with a name of its own: of two Main Halls each says its venue as well."""
    ordered = sorted(rooms, key=lambda room: (room.order, room.name, room.pk))
    often = Counter(cleaned(room.name) for room in ordered)
    names: dict[Room, str] = {}
    for room in ordered:
        name = cleaned(room.name)
        said = f"{name}, {cleaned(room.venue.name)}" if often[name] > 1 else name
        numbered = (f"{said} ({number})" for number in itertools.count(2))
        taken = {NO_ROOM, *names.values()}
        names[room] = next(each for each in itertools.chain([said], numbered) if each not in taken)
    return names


def _tracks(sessions: Iterable[Session]) -> tuple[Track, ...]:
    """Return a track for each series in its order; two of one name are one track."""
    series = sorted({session.series for session in sessions if session.series}, key=lambda each: each.number)
    colours: dict[str, str] = {}
    for each in series:
        colours.setdefault(cleaned(each.name), COLOURS[each.colour])
    return tuple(Track(name, colour) for name, colour in colours.items())


def _days(event: Event, entries: Sequence[Entry], rooms: Sequence[str]) -> Iterator[Day]:
    """Yield the event's days, and any other with a session. A day ends where the next begins, at midnight.

    Apps take the hour at which a day ends for the one at which days change: one that ends in the evening would put
    the sessions of its morning on the day before.
    """
    for index, date in enumerate(_dates(event, entries), 1):
        today = [entry for entry in entries if entry.starts.date() == date]
        held = [(room, tuple(entry for entry in today if entry.room == room)) for room in rooms]
        yield Day(
            index, date, _midnight(date, event.zone), _midnight(date + DAY, event.zone),
            tuple((room, inside) for room, inside in held if inside),
        )  # fmt: skip


def _dates(event: Event, entries: Iterable[Entry]) -> list[datetime.date]:
    first, last = event.starts.astimezone(event.zone).date(), british_time.last_day(event.ends, event.zone).date()
    whole = (last - first).days + 1
    days = {first + number * DAY for number in range(whole if whole <= MOST_DAYS else 1)}
    return sorted(days | {entry.starts.date() for entry in entries})


def _midnight(date: datetime.date, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(date, datetime.time(), zone)
