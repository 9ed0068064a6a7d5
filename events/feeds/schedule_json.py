"""A schedule as schedule.json: https://c3voc.de/schedule/schema.json. Pure: values in, bytes out."""

import json
import re

from events.feeds.schedule_values import (
    GENERATOR,
    GENERATOR_VERSION,
    LANGUAGE,
    TIMESLOT,
    Day,
    Entry,
    Name,
    Place,
    Schedule,
    hours,
    written,
)

SCHEMA = "https://c3voc.de/schedule/schema.json"
# The schema's own pattern, which not every name of a zone fits; then the offsets of the days have to do.
_ZONE = re.compile("^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")


def file_of(schedule: Schedule) -> bytes:
    """Return the file as UTF-8."""
    data = {
        "$schema": SCHEMA,
        "generator": {"name": GENERATOR, "version": GENERATOR_VERSION},
        "schedule": {"version": schedule.version, "base_url": schedule.address, "conference": _conference(schedule)},
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _conference(schedule: Schedule) -> dict[str, object]:
    zone = {"time_zone_name": schedule.zone} if _ZONE.search(schedule.zone) else {}
    return {
        "acronym": schedule.acronym,
        "title": schedule.title,
        "description": schedule.description,
        "start": schedule.days[0].date.isoformat(),
        "end": schedule.days[-1].date.isoformat(),
        "daysCount": len(schedule.days),
        "timeslot_duration": TIMESLOT,
        **zone,
        "url": schedule.address,
        "tracks": [{"name": track.name, "color": track.colour} for track in schedule.tracks],
        "rooms": [_room(place) for place in schedule.places],
        "days": [_day(day) for day in schedule.days],
    }


def _room(place: Place) -> dict[str, object]:
    return {
        "name": place.name,
        "guid": str(place.guid),
        "description": place.description or None,
        "capacity": place.capacity,
    }


def _day(day: Day) -> dict[str, object]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": written(day.starts),
        "day_end": written(day.ends),
        "rooms": {room: [_event(entry) for entry in entries] for room, entries in day.rooms},
    }


def _event(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.key,
        "guid": str(entry.guid),
        "date": entry.date,
        "start": entry.start,
        "duration": hours(entry.minutes),
        "room": entry.room,
        "slug": entry.slug,
        "url": entry.address,
        "title": entry.title,
        "subtitle": entry.subtitle,
        "track": entry.track,
        "type": entry.kind,
        "language": LANGUAGE,
        "abstract": entry.abstract,
        "description": entry.description,
        "persons": [_person(name) for name in entry.people],
        "links": [],
        "attachments": [],
    }


def _person(name: Name) -> dict[str, object]:
    """Return somebody by `name`: the schema takes one with both `id` and `public_name` for another kind of person."""
    return {"name": name.name, "url": name.address} if name.address else {"name": name.name}
