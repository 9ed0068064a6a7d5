"""The rules by which the tests read schedule.json and schedule.xml find what is wrong: their negative controls."""

import copy
import json
import uuid
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from tests.events.schedule_rules import json_events, json_faults, xml_faults


@pytest.fixture
def documents(client, programme) -> tuple[dict, ElementTree.Element]:
    """Two valid documents, of a small programme."""
    at = f"/events/{programme.event.slug}/schedule"
    data, root = json.loads(client.get(f"{at}.json").content), ElementTree.fromstring(client.get(f"{at}.xml").content)
    assert (json_faults(data), xml_faults(root)) == ([], [])
    return data, root


def every(data: dict) -> SimpleNamespace:
    """Return the parts of a schedule.json by short names."""
    conference = data["schedule"]["conference"]
    events = [event for _, _, event in json_events(data)]
    return SimpleNamespace(
        top=data, schedule=data["schedule"], conference=conference, day=conference["days"][0], events=events,
        event=events[0], other=events[1], room=conference["rooms"][0], track=conference["tracks"][0],
    )  # fmt: skip


BAD_JSON = [
    ("unknown", lambda d: d.top.update(more=1)),
    ("schedule.conference: missing", lambda d: d.schedule.pop("conference")),
    ("schedule: missing", lambda d: d.top.pop("schedule")),
    ("$schema", lambda d: d.top.update({"$schema": "x"})),
    ("version", lambda d: d.schedule.update(version=1)),
    ("base_url", lambda d: d.schedule.update(base_url="/events/")),
    ("conference.rooms_", lambda d: d.conference.update(rooms_=[])),
    ("acronym", lambda d: d.conference.update(acronym="annual-conference")),
    ("conference.start", lambda d: d.conference.update(start="16 June")),
    ("conference.start, end", lambda d: d.conference.update(end="2027-06-17")),
    ("daysCount", lambda d: d.conference.update(daysCount=2)),
    ("daysCount", lambda d: d.conference.update(daysCount="1")),
    ("timeslot_duration", lambda d: d.conference.update(timeslot_duration="5")),
    ("time_zone_name", lambda d: d.conference.update(time_zone_name="Etc/GMT+1")),
    ("tracks.color", lambda d: d.track.update(color="red")),
    ("rooms.guid", lambda d: d.room.update(guid="1")),
    ("rooms.name", lambda d: d.conference["rooms"].append(d.room)),
    ("rooms.capacity", lambda d: d.room.update(capacity="80")),
    ("day.rooms", lambda d: d.room.update(name="Elsewhere")),
    ("index", lambda d: d.day.update(index=0)),
    ("index", lambda d: d.day.update(index=2)),
    ("day_start", lambda d: d.day.update(day_start="2027-06-16T00:00:00")),
    ("day.start", lambda d: d.day.update(day_start="2027-06-16T09:00:00+01:00")),
    ("day.end", lambda d: d.day.update(day_end="2027-06-16T23:00:00+01:00")),
    ("event.more", lambda d: d.event.update(more="")),
    *((f"event.{name}: missing", lambda d, name=name: d.event.pop(name)) for name in (
        "abstract", "date", "duration", "guid", "id", "language", "links", "persons", "room", "slug", "start",
        "subtitle", "title", "track", "type", "url",
    )),
    ("event.id", lambda d: d.event.update(id=0)),
    *((f"event.{name}", lambda d, name=name: d.event.update({name: d.other[name]})) for name in ("id", "guid", "slug")),
    ("event.date", lambda d: d.event.update(date="2027-06-16T10:00:00")),
    ("event.date", lambda d: d.event.update(date="2027-06-17T10:00:00+01:00")),
    ("event.start", lambda d: d.event.update(start="9:00")),
    ("event.start", lambda d: d.event.update(start="09:00")),
    ("event.duration", lambda d: d.event.update(duration="60")),
    ("event.room", lambda d: d.event.update(room="Elsewhere")),
    ("event.slug", lambda d: d.event.update(slug="Über-uns")),
    ("event.url", lambda d: d.event.update(url="javascript:alert(1)")),
    ("event.title", lambda d: d.event.update(title="Qu\u202eiet")),
    ("event.title", lambda d: d.event.update(title="Qu\x1biet")),
    ("event.track", lambda d: d.event.update(track="None of these")),
    ("person", lambda d: d.event["persons"].append({"name": "Ada", "id": 1, "public_name": "Ada"})),
    ("person", lambda d: d.event["persons"].append({"id": 1})),
    ("link", lambda d: d.event["links"].append({"title": "Slides"})),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "spoil"), BAD_JSON, ids=range(len(BAD_JSON)))
def test_the_rules_find_a_broken_json(documents, fault, spoil):
    data = copy.deepcopy(documents[0])
    spoil(every(data))
    faults = json_faults(data)
    assert any(fault in each for each in faults), faults


def drop(element: ElementTree.Element, name: str) -> None:
    element.remove(element.find(name))


def put(element: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    """Set the text of the element of that name, which is added if there is none."""
    found = element.find(name)
    found = ElementTree.SubElement(element, name, attributes) if found is None else found
    found.text = text


BAD_XML = [
    ("schedule: holds", lambda x: drop(x, "version")),
    ("schedule: holds", lambda x: drop(x, "day")),
    ("schedule.version: missing", lambda x: put(x, "version", "")),
    ("schedule: holds", lambda x: x.append(x[0])),
    ("schedule: holds", lambda x: x.append(ElementTree.Element("version"))),
    ("plan: holds", lambda x: setattr(x, "tag", "plan")),
    ("conference.title", lambda x: drop(x.find("conference"), "title")),
    ("conference.url", lambda x: put(x.find("conference"), "url", "x")),
    ("conference.end", lambda x: put(x.find("conference"), "end", "later")),
    ("conference.days", lambda x: put(x.find("conference"), "days", "2")),
    ("base_url", lambda x: put(x.find("conference"), "base_url", "/")),
    ("day.date", lambda x: x.find("day").attrib.pop("date")),
    ("day.start", lambda x: x.find("day").set("start", "2027-06-16T00:00:00")),
    ("day.end", lambda x: x.find("day").set("end", "2027-06-16T17:00:00+01:00")),
    ("day.index", lambda x: x.find("day").set("index", "2")),
    ("day.hall", lambda x: put(x.find("day"), "hall", "")),
    ("room.name", lambda x: x.find("day/room").attrib.pop("name")),
    ("event.room", lambda x: x.find("day/room").set("name", "Elsewhere")),
    ("event@.id", lambda x: x.find(".//event").set("id", "0")),
    ("event@.guid", lambda x: x.find(".//event").attrib.pop("guid")),
    ("event.guid", lambda x: [each.set("guid", str(uuid.UUID(int=1))) for each in x.iter("event")]),
    ("event.id", lambda x: [each.set("id", "1") for each in x.iter("event")]),
    ("event.slug", lambda x: [put(each, "slug", "one") for each in x.iter("event")]),
    *((f"event.{name}: missing", lambda x, name=name: drop(x.find(".//event"), name)) for name in (
        "room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track", "persons",
        "links", "url",
    )),
    ("event.answers", lambda x: put(x.find(".//event"), "answers", "")),
    ("'title' twice", lambda x: x.find(".//event").append(ElementTree.Element("title"))),
    ("event.date", lambda x: put(x.find(".//event"), "date", "2027-06-16T10:00:00")),
    ("event.date", lambda x: put(x.find(".//event"), "date", "2027-06-17T10:00:00+01:00")),
    ("event.start", lambda x: put(x.find(".//event"), "start", "09:00")),
    ("event.duration", lambda x: put(x.find(".//event"), "duration", "120:00")),
    ("event.title", lambda x: put(x.find(".//event"), "title", "Qu\u202eiet")),
    ("event.url", lambda x: put(x.find(".//event"), "url", "ftp://example.org/")),
    ("person.id", lambda x: x.find(".//person").set("id", "0")),
    ("event.persons", lambda x: put(x.find(".//persons"), "somebody", "Ada")),
    ("recording.optout", lambda x: put(x.find(".//event"), "recording", "")),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "spoil"), BAD_XML, ids=range(len(BAD_XML)))
def test_the_rules_find_a_broken_xml(documents, fault, spoil):
    root = copy.deepcopy(documents[1])
    spoil(root)
    faults = xml_faults(root)
    assert any(fault in each for each in faults), faults
