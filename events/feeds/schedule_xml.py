"""A schedule as schedule.xml, frab's format as the C3VOC describes it by an XSD. Pure: values in, bytes out.

The format: https://c3voc.de/wiki/schedule. The apps Giggity and EventFahrplan read it; they want each session's
`persons` and `links` even where there are none.
"""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from events.feeds.schedule_values import (
    GENERATOR,
    GENERATOR_VERSION,
    LANGUAGE,
    TIMESLOT,
    Day,
    Entry,
    Schedule,
    hours,
    written,
)

LONGEST = 99 * 60 + 59  # minutes: the format has two figures for the hours


def file_of(schedule: Schedule) -> bytes:
    """Return the file as UTF-8, with its declaration."""
    root = Element("schedule")
    SubElement(root, "generator", name=GENERATOR, version=GENERATOR_VERSION)
    _write(root, {"version": schedule.version})
    _write(
        SubElement(root, "conference"),
        {
            "title": schedule.title,
            "acronym": schedule.acronym,
            "start": schedule.days[0].date.isoformat(),
            "end": schedule.days[-1].date.isoformat(),
            "days": str(len(schedule.days)),
            "timeslot_duration": TIMESLOT,
            "base_url": schedule.address,
            "time_zone_name": schedule.zone,
        },
    )
    for day in schedule.days:
        _add_day(root, day)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _write(parent: Element, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text


def _add_day(root: Element, day: Day) -> None:
    when = {"date": day.date.isoformat(), "start": written(day.starts), "end": written(day.ends)}
    parent = SubElement(root, "day", index=str(day.index), **when)
    for room, entries in day.rooms:
        inside = SubElement(parent, "room", name=room)
        for entry in entries:
            _add_event(inside, entry)


def _add_event(room: Element, entry: Entry) -> None:
    event = SubElement(room, "event", id=str(entry.key), guid=str(entry.guid))
    _write(
        event,
        {
            "room": entry.room,
            "title": entry.title,
            "subtitle": entry.subtitle,
            "type": entry.kind,
            "date": entry.date,
            "start": entry.start,
            "duration": hours(min(entry.minutes, LONGEST)),
            "abstract": entry.abstract,
            "slug": entry.slug,
            "track": entry.track,
            "language": LANGUAGE,
            "description": entry.description,
            "url": entry.address,
        },
    )
    persons = SubElement(event, "persons")
    for name in entry.people:
        SubElement(persons, "person", {} if name.key is None else {"id": str(name.key)}).text = name.name
    SubElement(event, "links")
