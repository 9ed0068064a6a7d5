"""schedule.json and schedule.xml: whole, valid by `schedule_rules`, and both saying the same as the pages."""

import datetime
import json
import re
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.feeds import schedule, schedule_json, schedule_xml
from events.loading import load_all
from events.models import Event, Room, Series, Session, Status, Venue
from events.wording import clean_text
from tests.builders import (
    DAY,
    london,
    make_appearance,
    make_event,
    make_listing,
    make_organisation,
    make_person,
    make_room,
    make_series,
    make_session,
    make_venue,
    new_session,
    save,
)  # fmt: skip
from tests.events.schedule_rules import json_events, json_faults, json_times, xml_faults, xml_times
from tests.reading import read

SITE = "http://localhost:8000"
BOTH = ("schedule.json", "schedule.xml")
NEXT = DAY + datetime.timedelta(days=1)


def at(event: Event, name: str = "schedule.json") -> str:
    return f"/events/{event.slug}/{name}"


def of(client, event: Event) -> tuple[dict, ElementTree.Element]:
    """Return both documents of an event, read, once each is known to be valid and both to say the same times."""
    data = json.loads(client.get(at(event)).content)
    root = ElementTree.fromstring(client.get(at(event, "schedule.xml")).content)
    assert (json_faults(data), xml_faults(root)) == ([], [])
    assert json_times(data) == xml_times(root)
    return data, root


def entries(client, event: Event) -> list[dict]:
    """Return the sessions that both documents tell of, as the JSON has them."""
    return [entry for _, _, entry in json_events(of(client, event)[0])]


@pytest.fixture
def supplied(db) -> None:
    """What the site comes with: the conference of 2023 and the sample."""
    load_all(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC), sample=True)


# -- What is in it


@pytest.mark.parametrize("slug", ["clinks-annual-conference-2023", "sample-conference"])
def test_the_supplied_programme_is_told_whole(client, supplied, slug):
    event = Event.objects.get(slug=slug)
    told = {entry["guid"] for entry in entries(client, event)}
    assert told == {str(uid) for uid in event.sessions.values_list("uid", flat=True)}


def test_each_session_of_the_sample_says_that_it_is_invented(client, supplied):
    sample, real = Event.objects.get(is_sample=True), Event.objects.get(slug="clinks-annual-conference-2023")
    said = [{schedule.SAMPLE in each["description"] for each in entries(client, event)} for event in (sample, real)]
    assert said == [{True}, {False}]


def test_a_session_is_told_with_all_that_its_page_says(client, furnished):
    [panel] = [each for each in entries(client, furnished.event) if each["type"] == "panel"]
    expected = {
        "id": furnished.panel.pk, "guid": str(furnished.panel.uid), "date": "2027-06-16T10:00:00+01:00",
        "start": "10:00", "duration": "01:00", "room": "Upper Hall", "title": "Opening",
        "slug": f"annual-conference-{furnished.panel.slug}", "subtitle": "Morning keynote panel", "track": "",
        "url": f"{SITE}/events/annual-conference/agenda/{furnished.panel.slug}/", "type": "panel", "language": "en",
        "abstract": "Some words about it.\n\nA part\n\nMore words.",
        "persons": [{"name": "Ọlájùmọ̀kẹ́ Adé", "url": f"{SITE}/events/annual-conference/people/olajumoke-ade/"}],
    }  # fmt: skip
    assert {name: panel[name] for name in expected} == expected
    for line in ("Content note: Prison is spoken of.", "Chair: Ọlájùmọ̀kẹ́ Adé", "BSL interpretation: yes"):
        assert line in panel["description"].split("\n")


def test_the_xml_has_the_same_words(client, furnished):
    data, root = of(client, furnished.event)
    for (_, _, told), event in zip(json_events(data), root.iter("event"), strict=True):
        for name in ("title", "subtitle", "abstract", "description", "track", "type", "slug", "url", "language"):
            assert event.findtext(name) == told[name]
        assert [each.text for each in event.iter("person")] == [each["name"] for each in told["persons"]]
    assert root.findtext("version") == data["schedule"]["version"]


def test_every_address_in_it_is_a_page(client, furnished):
    data, _ = of(client, furnished.event)
    found = set(re.findall(rf'"{SITE}(/[^"]*)"', json.dumps(data)))
    assert len(found) >= 7
    assert {address: client.get(address).status_code for address in found} == dict.fromkeys(found, 200)


def test_a_workshop_wears_its_series_strand(client, programme):
    data, _ = of(client, programme.event)
    series = [make_series(programme.event, number) for number in (2, 3, 4)]
    save(*(new_session(programme.event, 14, kind="workshop", series=each, title="") for each in series))
    tracks = of(client, programme.event)[0]["schedule"]["conference"]["tracks"]
    assert data["schedule"]["conference"]["tracks"] == tracks[:1]
    assert [each["name"] for each in tracks] == [f"Workshop series {number}" for number in (1, 2, 3, 4)]
    tokens = Path("static/css/tokens.css").read_text()
    colours = [re.search(rf"--series-{number}: (#\w+);", tokens)[1].lower() for number in (1, 2, 3, 1)]
    assert [each["color"] for each in tracks] == colours


def test_neither_drafts_nor_cancelled_sessions_are_in_it(client, programme):
    assert len(entries(client, programme.event)) == 3
    programme.first.status, programme.second.status = Status.DRAFT, Status.CANCELLED
    save(programme.first, programme.second)
    assert [each["title"] for each in entries(client, programme.event)] == ["Opening"]
    for name in BOTH:
        text = client.get(at(programme.event, name)).content.decode()
        assert "Reserves and rest" not in text and "Art inside" not in text


def test_a_cancelled_event_has_days_and_nothing_in_them(client, programme):
    assert len(entries(client, programme.event)) == 3
    programme.event.status = Status.CANCELLED
    save(programme.event)
    data, root = of(client, programme.event)
    assert [day["rooms"] for day in data["schedule"]["conference"]["days"]] == [{}]
    assert len(list(root.iter("day"))) == 1 and not list(root.iter("event"))


def test_an_event_without_anything_that_may_be_missing(client, event):
    event.slug = "x"
    save(event)
    make_session(event, title="")
    [entry] = entries(client, event)
    assert (entry["title"], entry["subtitle"]) == ("Plenary, to be announced", "Plenary")
    assert (entry["room"], entry["track"], entry["abstract"], entry["persons"]) == ("Room to be announced", "", "", [])
    assert of(client, event)[0]["schedule"]["conference"]["acronym"] == "x___"


def test_an_event_without_a_session(client, event):
    assert entries(client, event) == []


def test_once_it_is_over_nothing_more_is_announced(client, event, time_machine):
    make_session(event, title="", provisional=True)
    time_machine.move_to(london(16, 59), tick=False)
    [before] = entries(client, event)
    time_machine.move_to(london(17), tick=False)
    [after] = entries(client, event)
    assert (before["title"], after["title"]) == ("Plenary, to be announced", "Plenary, title not in the record")
    assert "Provisional time." in before["description"] and "Time as planned." in after["description"]


# -- Who is in it


def test_people_are_named_as_their_page_names_them(client, event):
    session = make_session(event)
    hidden = make_person("Real Name", has_page=False)
    house = make_organisation("The Long Table")
    make_appearance(session, hidden, wording="Members of the choir")
    make_appearance(session, house, role="host")
    make_appearance(session, make_person("Ada", organisation=house), role="chair"), make_appearance(session, house)
    [entry] = entries(client, event)
    names = {each["name"]: each.get("url", "").removeprefix(f"{SITE}/events/{event.slug}") for each in entry["persons"]}
    expected = {"Members of the choir": "", "The Long Table": "/organisations/the-long-table/", "Ada": "/people/ada/"}
    assert names == expected and len(entry["persons"]) == 3
    assert "Chair: Ada (The Long Table)" in entry["description"]


def test_whoever_is_gone_is_in_neither(client, event, time_machine):
    make_appearance(make_session(event), make_person("Marcia Hale", public_until=DAY))
    time_machine.move_to(london(23), tick=False)
    assert [b"Marcia Hale" in client.get(at(event, name)).content for name in BOTH] == [True, True]
    time_machine.move_to(london(24), tick=False)
    assert [b"Marcia" in client.get(at(event, name)).content for name in BOTH] == [False, False]
    assert entries(client, event)[0]["persons"] == []


def test_no_number_tells_who_has_no_page_and_no_two_share_one(client, event):
    session = make_session(event)
    person, house = make_person(), make_organisation()
    for who in (person, house, make_person("Real Name", has_page=False)):
        make_appearance(session, who)
    numbers = [each.get("id") for each in of(client, event)[1].iter("person")]
    assert numbers == [str(2 * person.pk), str(2 * house.pk + 1), None]


# -- Rooms


def test_rooms_of_one_name_are_told_apart(client, event):
    rooms = [make_room("Main Hall", venue=make_venue(name=name)) for name in ("Town House", "Old School")]
    rooms += [make_room(schedule.NO_ROOM, capacity=80, floor="First floor")]
    save(*(new_session(event, room=room) for room in [*rooms, None]))
    listed = of(client, event)[0]["schedule"]["conference"]["rooms"]
    names = ["Main Hall, Town House", "Main Hall, Old School", "Room to be announced (2)", "Room to be announced"]
    assert [each["name"] for each in listed] == names
    assert (listed[2]["capacity"], listed[2]["description"]) == (80, "First floor")


def test_rooms_that_differ_by_unwanted_characters_only_are_numbered(client, event):
    house = make_venue(name="House")
    rooms = [make_room(name, venue=house) for name in ("Hall", "Other")]
    save(*(new_session(event, room=room) for room in rooms))
    Room.objects.filter(pk=rooms[1].pk).update(name="Ha\u202ell")  # a form would not take it
    assert {each["room"] for each in entries(client, event)} == {"Hall, House", "Hall, House (2)"}


def test_a_room_keeps_its_guid_under_another_name(client, programme):
    def guids():
        return [each["guid"] for each in of(client, programme.event)[0]["schedule"]["conference"]["rooms"]]

    before = guids()
    Room.objects.filter(pk=programme.upper.pk).update(name="Heddle Room")
    assert sorted(guids()) == sorted(before) and len(set(before)) == 2


# -- When it is


SPRING, AUTUMN = datetime.date(2027, 3, 28), datetime.date(2027, 10, 31)


@pytest.mark.parametrize(("day", "minutes"), [(SPRING, "02:00"), (AUTUMN, "04:00"), (DAY, "03:00")])
def test_a_length_is_what_passes_when_clocks_change(client, db, day, minutes):
    event = make_event(starts=london(0, day=day), ends=london(23, day=day))
    make_session(event, starts=london(0, 30, day), ends=london(3, 30, day))
    [entry] = entries(client, event)
    assert (entry["start"], entry["duration"]) == ("00:30", minutes)


@pytest.mark.parametrize(("day", "offsets"), [(SPRING, ("+00:00", "+01:00")), (AUTUMN, ("+01:00", "+00:00"))])
def test_a_day_goes_from_midnight_to_midnight_each_by_its_own_offset(client, db, day, offsets):
    event = make_event(starts=london(9, day=day), ends=london(17, day=day))
    [told] = of(client, event)[0]["schedule"]["conference"]["days"]
    after = day + datetime.timedelta(days=1)
    assert (told["day_start"], told["day_end"]) == (f"{day}T00:00:00{offsets[0]}", f"{after}T00:00:00{offsets[1]}")


def test_the_hour_that_is_there_twice_is_told_by_its_offset(client, db):
    event = make_event(starts=london(0, day=AUTUMN), ends=london(9, day=AUTUMN))
    moments = [datetime.datetime(2027, 10, 31, hour, 30, tzinfo=datetime.UTC) for hour in (0, 1)]
    save(*(new_session(event, starts=moment) for moment in moments))
    assert [each["date"] for each in entries(client, event)] == [
        "2027-10-31T01:30:00+01:00", "2027-10-31T01:30:00+00:00",
    ]  # fmt: skip


def test_each_day_has_its_sessions_and_a_day_without_one_is_there_too(client, db):
    last = NEXT + datetime.timedelta(days=1)
    event = make_event(starts=london(9), ends=london(24, day=last))
    save(new_session(event, 23), new_session(event, starts=london(0, day=last)))
    days = of(client, event)[0]["schedule"]["conference"]["days"]
    held = [[each["date"][:10] for room in day["rooms"].values() for each in room] for day in days]
    assert held == [[str(DAY)], [], [str(last)]]


def test_days_are_those_of_the_events_own_zone(client, db):
    event = make_event(time_zone="America/New_York", starts=london(24), ends=london(26))
    save(new_session(event, starts=london(24)))  # seven in the evening before
    [day] = of(client, event)[0]["schedule"]["conference"]["days"]
    assert (day["date"], day["day_start"]) == (str(DAY), "2027-06-16T00:00:00-04:00")


@pytest.mark.parametrize(("zone", "told"), [("Europe/London", True), ("UTC", True), ("Etc/GMT+1", False)])
def test_a_zone_whose_name_the_schema_does_not_take_is_left_out_of_the_json(client, db, zone, told):
    data, root = of(client, make_event(time_zone=zone))
    assert ("time_zone_name" in data["schedule"]["conference"]) is told
    assert root.findtext("conference/time_zone_name") == zone


def test_a_slip_of_a_hundred_years_makes_no_days_for_them(client, db):
    event = make_event(ends=london(17, day=DAY.replace(year=2127)))
    make_session(event, starts=london(9, day=NEXT))
    days = of(client, event)[0]["schedule"]["conference"]["days"]
    assert [day["date"] for day in days] == [str(DAY), str(NEXT)]


def test_what_goes_on_for_more_than_99_hours_is_cut_in_the_xml_only(client, db):
    event = make_event(ends=london(17, day=DAY + datetime.timedelta(days=9)))
    make_session(event, starts=london(9), ends=london(9, day=DAY + datetime.timedelta(days=5)))
    data = json.loads(client.get(at(event)).content)
    root = ElementTree.fromstring(client.get(at(event, "schedule.xml")).content)
    assert (json_faults(data), xml_faults(root)) == ([], [])
    assert (json_events(data)[0][2]["duration"], root.findtext(".//duration")) == ("120:00", "99:59")


# -- Hostile texts


HOSTILE = [
    'Semicolons; commas, back\\slashes and "quotes"', "Two\nlines\n\nand more", "]]></title><!-- & &amp; \\u003c",
    "Ọlájùmọ̀kẹ́ 👩🏾‍🦽 Nguyễn مرحبا עברית\u200f", "é" * 5000, "{}[],\t'", "\u00a0\ufeff",
]  # fmt: skip
UNWANTED = [
    "\0", "\x01", "\x08", "\x1b", "\x7f", "\x9f", "\u202a", "\u202e", "\u2066", "\u2069", "\ud800", "\udfff", "\ufffe",
    "\uffff",
]  # fmt: skip


def written(text: str) -> tuple[dict, ElementTree.Element]:
    """Return both documents of an unsaved session of which every text is this one, read and valid."""
    zone = {"starts": london(9), "ends": london(17)}
    event = Event(title=text, slug="day", summary=text, **zone)
    room = Room(pk=1, name=text, floor=text, directions=text, venue=Venue(name=text), accessible_toilet=text)
    series = Series(pk=1, number=1, title=text)
    texts = {"title": text, "label": text, "abstract": f"```\n{text}\n```", "content_note": text}
    session = Session(pk=1, event=event, kind="workshop", slug="one", series=series, room=room, **texts, **zone)
    session.credits = [schedule.Credit(text, "chair", None, None, True)]
    whole = schedule.of(event, [session], lambda thing: f"{SITE}/page/", past=False)
    data = json.loads(schedule_json.file_of(whole))
    root = ElementTree.fromstring(schedule_xml.file_of(whole))
    assert (json_faults(data), xml_faults(root)) == ([], [])
    return data, root


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_comes_back_as_it_was(text):
    data, root = written(text)
    [(_, room, told)] = json_events(data)
    assert {room, told["title"], told["track"], told["persons"][0]["name"]} == {text}
    assert told["abstract"].strip() == text.strip() and f"Content note: {text}" in told["description"]
    assert {root.findtext(f".//event/{name}") for name in ("room", "title", "track", "persons/person")} == {text}
    assert root.find("day/room").get("name") == text


@pytest.mark.parametrize("letter", UNWANTED, ids=ascii)
def test_unwanted_characters_are_left_out_of_both(letter):
    data, root = written(f"Qui{letter}et")
    assert {json_events(data)[0][2]["title"], root.findtext(".//event/title")} == {"Quiet"}


@pytest.mark.parametrize("letter", UNWANTED, ids=ascii)
def test_without_the_guard_they_would_be_in_it_or_stop_it(letter, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(schedule, "cleaned", lambda text: text)
    with pytest.raises((AssertionError, ElementTree.ParseError, UnicodeEncodeError)):
        written(f"Qui{letter}et")


@pytest.mark.parametrize("end", ["\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_every_kind_of_line_end_is_one(end):
    assert clean_text.cleaned(f"Two{end}lines") == "Two\nlines"


def test_an_entity_of_markdown_makes_no_unwanted_character(client, event):
    make_session(event, abstract="Turned &#x202E;round *and* more  \nin the next line")
    assert entries(client, event)[0]["abstract"] == "Turned round and more\nin the next line"


# -- How it is served


@pytest.mark.parametrize(("name", "kind"), [(BOTH[0], "application/json"), (BOTH[1], "application/xml")])
def test_it_is_stored_and_asked_for_again_by_its_etag(client, programme, name, kind):
    first = client.get(at(programme.event, name))
    with CaptureQueriesContext(connection) as queries:
        again = client.get(at(programme.event, name), headers={"if-none-match": first["ETag"]})
    assert (first["Content-Type"], again.status_code, len(queries)) == (kind, 304, 1)
    Session.objects.filter(pk=programme.first.pk).update(title="Another title")
    changed = client.get(at(programme.event, name), headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200 and b"Another title" in changed.content


@pytest.mark.parametrize("name", BOTH)
def test_neither_drafts_nor_listings_have_one_and_a_former_address_leads_on(client, programme, name):
    event, draft = programme.event, make_event("Draft", status=Status.DRAFT)
    assert client.get(at(make_listing(), name)).status_code == client.get(at(draft, name)).status_code == 404
    former, event.slug = at(event, name), "moved"
    save(event)
    assert client.get(former)["Location"] == "/events/moved/" + name
    assert client.get(at(event, name)).status_code == 200


def test_the_version_is_another_one_only_with_other_words(client, programme):
    def version():
        return of(client, programme.event)[0]["schedule"]["version"]

    before = version()
    programme.first.materials = "[Slides](https://example.org)"  # which are not told
    save(programme.first)
    assert version() == before
    programme.person.name = "Ada"
    save(programme.person)
    assert version() != before


def populate(event: Event, number: int) -> None:
    """Save that many sessions of an event, each with a person and a room."""
    house = Venue(name=f"House {number}", address="1 High Street\nLondon")
    rooms = [Room(name="Hall" if each % 2 else f"Hall {each}", venue=house, order=each) for each in range(0, number, 2)]
    sessions = [new_session(event, 9 + each % 8, abstract="*Words.*\n\nMore.") for each in range(number)]
    for each, session in enumerate(sessions):
        session.room, session.clash_reason = rooms[each // 2], "Two halves"
    save(house, *rooms, *sessions)


@pytest.mark.parametrize("name", BOTH)
def test_thirty_sessions_take_no_more_queries_than_one(client, db, name):
    taken = []
    for number in (1, 30):
        event = make_event(f"Event of {number}")
        populate(event, number)
        for session in event.sessions.all():
            make_appearance(session, make_person(organisation=make_organisation()))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at(event, name)).status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 12


def test_a_thousand_sessions_are_told_in_little_time(client, event):
    populate(event, 1000)
    started = time.perf_counter()
    for name in BOTH:
        assert client.get(at(event, name)).status_code == 200
    assert time.perf_counter() - started < 6
    assert len(entries(client, event)) == 1000


# -- How it is found


@pytest.mark.parametrize("below", ["", "agenda/"])
def test_the_event_and_its_agenda_say_where_it_is(client, admin_client, programme, below):
    def named(address):
        links = read(admin_client.get(address)).all(".//head/link[@rel='alternate']")
        return {each.get("type"): each.get("href") for each in links if each.get("title")}

    event = programme.event
    assert named(f"/events/{event.slug}/{below}") == {
        "application/json": at(event), "application/xml": at(event, "schedule.xml"),
        "text/calendar": at(event, "calendar.ics"), "application/atom+xml": at(event, "changes.atom"),
    }  # fmt: skip
    assert named(f"/admin/events/event/{event.pk}/preview/{below}") == {}
    assert named(f"/events/{make_listing().slug}/") == {}
