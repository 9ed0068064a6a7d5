"""What schedule.json and schedule.xml have to be, by field, written from the formats' descriptions.

`json_faults` and `xml_faults` return what is wrong with a document, each fault with the field's path; nothing for a
valid one. `times` of either returns what a document says of when each session is, to compare the two.
"""

import datetime
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

Check = Callable[[Any], bool]
UNWANTED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def is_text(value: Any) -> bool:
    return isinstance(value, str) and not UNWANTED.search(value)


def is_text_or_null(value: Any) -> bool:
    return value is None or is_text(value)


def is_list(value: Any) -> bool:
    return isinstance(value, list)


def is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def is_number_or_null(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def fits(pattern: str) -> Check:
    """Return a check that a text holds the pattern, which says itself where it begins and ends."""
    return lambda value: is_text(value) and re.search(pattern, value) is not None


def reads_as(read: Callable[[str], object], pattern: str = "") -> Check:
    """Return a check that a text holds the pattern and can be read by a function."""

    def check(value: Any) -> bool:
        try:
            return fits(pattern)(value) and read(value) is not None
        except ValueError:
            return False

    return check


is_date = reads_as(datetime.date.fromisoformat, r"\A\d{4}-\d\d-\d\d\Z")
is_moment = reads_as(datetime.datetime.fromisoformat, r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")
is_uuid = reads_as(uuid.UUID, r"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
is_address = fits(r"\Ahttps?://[!-;=?-~]+\Z")
is_clock = reads_as(datetime.time.fromisoformat, r"\A[0-2]\d:[0-5]\d\Z")
is_positive = fits(r"\A0*[1-9]\d*\Z")

# field → whether it has to be there, and its rule. A field that is not listed may not be there.
Rules = dict[str, tuple[bool, Check]]
TOP: Rules = {
    "$schema": (False, lambda value: value == "https://c3voc.de/schedule/schema.json"),
    "generator": (False, lambda value: isinstance(value, dict) and is_text(value.get("name"))),
    "schedule": (True, lambda value: isinstance(value, dict)),
}
SCHEDULE: Rules = {
    "version": (True, lambda value: is_text(value) and value != ""),
    "base_url": (False, is_address),
    "conference": (True, lambda value: isinstance(value, dict)),
}
CONFERENCE: Rules = {
    "acronym": (True, fits(r"^[a-z0-9_-][a-z0-9_]{3,}(-2[0-9]{3}-[a-z]+)?$")),
    "title": (True, is_text),
    "start": (True, is_date),
    "end": (True, is_date),
    "daysCount": (True, is_number),
    "timeslot_duration": (True, fits(r"\A[0-9]+:[0-9]{2}\Z")),
    "days": (True, is_list),
    "description": (False, is_text),
    "time_zone_name": (False, fits(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")),
    "url": (False, is_address),
    "tracks": (False, is_list),
    "rooms": (False, is_list),
    "colors": (False, lambda value: isinstance(value, dict)),
    "keywords": (False, is_list),
    "logo": (False, is_address),
    "meta": (False, lambda value: isinstance(value, dict)),
}
TRACK: Rules = {"name": (True, is_text), "color": (False, fits(r"\A#[0-9a-fA-F]{6}\Z"))}
ROOM: Rules = {
    "name": (True, is_text),
    "guid": (True, is_uuid),
    "description": (False, is_text_or_null),
    "capacity": (False, is_number_or_null),
}
DAY: Rules = {
    "index": (True, is_number),
    "date": (True, is_date),
    "day_start": (True, is_moment),
    "day_end": (True, is_moment),
    "rooms": (True, lambda value: isinstance(value, dict) and all(map(is_list, value.values()))),
}
EVENT: Rules = {
    "id": (True, is_number),
    "guid": (True, is_uuid),
    "date": (True, is_moment),
    "start": (True, is_clock),
    "duration": (True, fits(r"\A[0-9]+:[0-5][0-9]\Z")),
    "room": (True, is_text),
    "slug": (True, fits(r"^[a-z0-9_-]+[a-z0-9]$")),
    "url": (True, is_address),
    "title": (True, is_text),
    "subtitle": (True, is_text_or_null),
    "track": (True, is_text_or_null),
    "type": (True, is_text),
    "language": (True, fits(r"\A[a-z]{2}\Z")),
    "abstract": (True, is_text_or_null),
    "persons": (True, is_list),
    "links": (True, is_list),
    "description": (False, is_text_or_null),
    "logo": (False, is_address),
    "recording_license": (False, is_text),
    "do_not_record": (False, lambda value: value is None or isinstance(value, str | bool)),
    "do_not_stream": (False, lambda value: value is None or isinstance(value, str | bool)),
    "attachments": (False, is_list),
    "answers": (False, is_list),
}
LINK: Rules = {"title": (True, is_text), "url": (True, is_address)}

XML_CONFERENCE: Rules = {
    "title": (True, is_text),
    "acronym": (True, is_text),
    "start": (False, is_date),
    "end": (False, is_date),
    "days": (False, is_positive),
    "timeslot_duration": (False, fits(r"\A[0-9]{1,2}:[0-9]{2}\Z")),
    "base_url": (False, is_address),
    "time_zone_name": (False, is_text),
}
XML_DAY: Rules = {
    "date": (True, is_date),
    "start": (True, is_moment),
    "end": (True, is_moment),
    "index": (True, is_positive),
}
XML_EVENT_ATTRIBUTES: Rules = {"id": (True, is_positive), "guid": (True, is_uuid)}
# `persons`, `links` and `url` are not asked for by the XSD, but by the two apps.
XML_EVENT: Rules = {
    "room": (True, is_text),
    "title": (True, is_text),
    "subtitle": (True, is_text),
    "type": (True, is_text),
    "date": (True, is_moment),
    "start": (True, is_clock),
    "duration": (True, fits(r"\A[0-9]{1,2}:[0-5][0-9]\Z")),
    "abstract": (True, is_text),
    "slug": (True, is_text),
    "track": (True, is_text),
    "persons": (True, is_text),
    "links": (True, is_text),
    "url": (True, is_address),
    "logo": (False, is_text),
    "language": (False, is_text),
    "description": (False, is_text),
    "recording": (False, is_text),
    "attachments": (False, is_text),
    "video_download_url": (False, is_address),
}


def broken(path: str, fields: dict[str, Any], rules: Rules) -> Iterator[str]:
    """Yield what is wrong with the fields of one thing, each by itself."""
    yield from (f"{path}.{name}: unknown" for name in fields.keys() - rules.keys())
    for name, (required, check) in rules.items():
        if name not in fields:
            if required:
                yield f"{path}.{name}: missing"
        elif not check(fields[name]):
            yield f"{path}.{name}: {fields[name]!r}"


def repeated(what: str, values: Iterable[Any]) -> Iterator[str]:
    """Yield a fault for each value that is there a second time."""
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            yield f"{what}: {value!r} twice"
        seen.add(value)


def misplaced(path: str, event: dict[str, str], room: str, day: dict[str, str]) -> Iterator[str]:
    """Yield what a session says otherwise than the room and the day in which it stands; `day` has start and end."""
    moment = datetime.datetime.fromisoformat(event["date"])
    begin, end = (datetime.datetime.fromisoformat(day[name]) for name in ("start", "end"))
    if event["room"] != room:
        yield f"{path}.room: stands in {room!r}"
    if event["start"] != f"{moment:%H:%M}":
        yield f"{path}.start: not that of its date"
    if not begin <= moment < end or day["date"] != moment.date().isoformat():
        yield f"{path}.date: not on its day"


def misnumbered(days: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a fault if days are not counted from 1, in their order, each from one midnight to the next."""
    if [int(day["index"]) for day in days] != list(range(1, len(days) + 1)):
        yield "day.index: not 1, 2, 3 …"
    if [day["date"] for day in days] != sorted({day["date"] for day in days}):
        yield "day.date: not in order"
    for day in days:
        date = datetime.date.fromisoformat(day["date"])
        if not day["start"].startswith(f"{date}T00:00:00"):
            yield "day.start: not midnight"
        if not day["end"].startswith(f"{date + datetime.timedelta(1)}T00:00:00"):
            yield "day.end: not the next midnight"


# -- JSON


def json_faults(data: dict[str, Any]) -> list[str]:
    """Return what is wrong with a schedule.json that was read; what is wrong of a field hides what follows from it."""
    return _first_of(lambda: _json_fields(data), lambda: _json_whole(data))


def _first_of(*stages: Callable[[], Iterable[str]]) -> list[str]:
    return next((faults for faults in (list(stage()) for stage in stages) if faults), [])


def _json_fields(data: dict[str, Any]) -> Iterator[str]:
    yield from broken("", data, TOP)
    yield from broken("schedule", data.get("schedule", {}), SCHEDULE)
    conference = data.get("schedule", {}).get("conference", {})
    yield from broken("conference", conference, CONFERENCE)
    for name, rules in (("tracks", TRACK), ("rooms", ROOM), ("days", DAY)):
        for each in conference.get(name, []):
            yield from broken(name, each, rules)
    for event in (event for _, _, event in json_events(data)):
        yield from broken("event", event, EVENT)
        yield from (fault for link in event.get("links", []) for fault in broken("link", link, LINK))
        yield from (f"person: {each}" for each in event.get("persons", []) if not _is_person(each))


def _is_person(person: dict[str, Any]) -> bool:
    """Whether it is a person of just one of the two kinds."""
    kinds = ("public_name" in person and "id" in person, "name" in person)
    addresses = [person[key] for key in ("url", "avatar") if key in person]
    return sum(kinds) == 1 and is_text(person.get("name", "")) and all(map(is_address, addresses))


def json_events(data: dict[str, Any]) -> list[tuple[dict, str, dict]]:
    """Return each session of a schedule.json, with the day and the room in which it stands."""
    days = data.get("schedule", {}).get("conference", {}).get("days", [])
    return [(day, room, each) for day in days for room, events in day.get("rooms", {}).items() for each in events]


def _json_whole(data: dict[str, Any]) -> Iterator[str]:
    found = [(day | {"start": day["day_start"], "end": day["day_end"]}, *rest) for day, *rest in json_events(data)]
    yield from _json_conference(data["schedule"]["conference"], [event for _, _, event in found])
    for name in ("id", "guid", "slug"):
        yield from repeated(f"event.{name}", [event[name] for _, _, event in found])
    for day, room, event in found:
        yield from misplaced("event", event, room, day)


def _json_conference(conference: dict[str, Any], events: list[dict[str, Any]]) -> Iterator[str]:
    days = [day | {"start": day["day_start"], "end": day["day_end"]} for day in conference["days"]]
    rooms, tracks = conference.get("rooms", []), {"", None, *(track["name"] for track in conference.get("tracks", []))}
    yield from misnumbered(days)
    if conference["daysCount"] != len(days):
        yield "conference.daysCount: not the number of days"
    if [conference["start"], conference["end"]] != [days[0]["date"], days[-1]["date"]]:
        yield "conference.start, end: not the first and the last day"
    for name in ("name", "guid"):
        yield from repeated(f"rooms.{name}", [room[name] for room in rooms])
    listed = {room["name"] for room in rooms}
    yield from (f"day.rooms: {event['room']!r} is no room" for event in events if event["room"] not in listed)
    yield from (f"event.track: {event['track']!r} is no track" for event in events if event["track"] not in tracks)


def json_times(data: dict[str, Any]) -> dict[str, tuple]:
    """Return when and where each session is, by its guid."""
    return {
        event["guid"]: (day["date"], room, event["date"], event["start"], event["duration"], event["title"])
        for day, room, event in json_events(data)
    }


# -- XML


def texts(element: Element) -> dict[str, str]:
    """Return what stands in the elements inside this one, by their name; of one that is there twice, the last."""
    return {each.tag: each.text or "" for each in element}


def xml_faults(root: Element) -> list[str]:
    """Return what is wrong with a schedule.xml that was read; what is wrong of a field hides what follows from it."""
    return _first_of(lambda: _xml_fields(root), lambda: _xml_whole(root))


def _xml_fields(root: Element) -> Iterator[str]:
    yield from _xml_order(root)
    for conference in root.iter("conference"):
        yield from once(conference, XML_CONFERENCE)
    for day in root.iter("day"):
        yield from broken("day", day.attrib, XML_DAY)
        yield from (f"day.{each.tag}: unknown" for each in day if each.tag != "room")
    for room in root.findall("day/room"):
        yield from broken("room", room.attrib, {"name": (True, is_text)})
        yield from (f"room.{each.tag}: unknown" for each in room if each.tag != "event")
    for event in root.iter("event"):
        yield from _xml_event(event)


def _xml_order(root: Element) -> Iterator[str]:
    """Yield a fault if the root holds anything but perhaps a generator, a version, a conference and days, in order."""
    order = " ".join(each.tag for each in root)
    if root.tag != "schedule" or not re.fullmatch("(generator )?version conference( day)+", order):
        yield f"{root.tag}: holds {order}"
    if not root.findtext("version"):
        yield "schedule.version: missing"


def once(element: Element, rules: Rules) -> Iterator[str]:
    """Yield what is wrong with an element that holds others in any order, each at most once."""
    yield from broken(element.tag, texts(element), rules)
    yield from repeated(element.tag, [each.tag for each in element])


def _xml_event(event: Element) -> Iterator[str]:
    yield from broken("event@", event.attrib, XML_EVENT_ATTRIBUTES)
    yield from once(event, XML_EVENT)
    for holder, inside, attribute, check in (
        ("persons", "person", "id", is_positive),
        ("links", "link", "href", is_address),
        ("attachments", "attachment", "href", is_address),
    ):
        for each in event.findall(f"{holder}/*"):
            if each.tag != inside or len(each) or not is_text(each.text or ""):
                yield f"event.{holder}: holds {each.tag} {each.text!r}"
            yield from broken(inside, each.attrib, {attribute: (False, check)})
    for recording in event.iter("recording"):
        rules: Rules = {"license": (True, is_text), "optout": (True, fits(r"\A(true|false)\Z"))}
        yield from once(recording, rules)


def xml_events(root: Element) -> list[tuple[dict[str, str], str, Element]]:
    """Return each session of a schedule.xml, with its day's attributes and its room's name."""
    return [(day.attrib, room.get("name"), each) for day in root.iter("day") for room in day for each in room]


def _xml_whole(root: Element) -> Iterator[str]:
    found, days = xml_events(root), [day.attrib for day in root.iter("day")]
    yield from misnumbered(days)
    if root.findtext("conference/days", str(len(days))) != str(len(days)):
        yield "conference.days: not the number of days"
    for name in ("id", "guid"):
        yield from repeated(f"event.{name}", [event.get(name) for _, _, event in found])
    yield from repeated("event.slug", [event.findtext("slug") for _, _, event in found])
    for day, room, event in found:
        yield from misplaced("event", texts(event), room, day)


def xml_times(root: Element) -> dict[str, tuple]:
    """Return when and where each session is, by its guid."""
    return {
        event.get("guid"): (
            day["date"],
            room,
            *(event.findtext(each) for each in ("date", "start", "duration", "title")),
        )
        for day, room, event in xml_events(root)
    }
