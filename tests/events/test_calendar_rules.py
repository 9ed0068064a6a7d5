"""Every calendar and feed obeys its published format, whatever is in the programme; and what does not is found."""

import datetime

import pytest
from django.utils import timezone

from events import calendars
from events.loading import load_all
from events.models import Event, Session, Status
from tests.builders import london, make_event, make_room, make_series, make_session, make_venue, save
from tests.events.calendar_rules import atom_faults, faults
from tests.events.test_calendars import HOSTILE, entry
from tests.registrations.builders import make_day, register

DAY = datetime.timedelta(days=1)


def files(client, event):
    """Return every calendar of an event, and its feed, by their addresses."""
    at = f"/events/{event.slug}/"
    sessions = event.sessions.exclude(status=Status.DRAFT)[:5]
    names = ["calendar.ics", "changes.atom", *(f"agenda/{each.slug}/calendar.ics" for each in sessions)]
    return {name: client.get(at + name).content for name in names}


def wrong(client, event):
    """Return the faults of all of them, by their addresses."""
    found = {
        name: (atom_faults if name.endswith(".atom") else faults)(content)
        for name, content in files(client, event).items()
    }
    return {name: each for name, each in found.items() if each}


@pytest.mark.parametrize("slug", ["clinks-annual-conference-2023", "sample-conference"])
def test_the_supplied_programmes_obey(client, db, slug):
    load_all(timezone.now(), sample=True)
    assert wrong(client, Event.objects.get(slug=slug)) == {}


def test_a_thousand_sessions_obey(client, db):
    event = make_event()
    series = make_series(event)
    rows = [
        Session(event=event, kind="workshop", series=series, starts=london(9), ends=london(10), slug=f"s-{number}")
        for number in range(1000)
    ]
    save(*rows)
    assert wrong(client, event) == {}


def test_an_event_that_lacks_all_it_can_obeys(client, db):
    event = make_event(venue=None, summary="", strapline="", organiser="")
    make_session(event, title="", room=None)
    assert wrong(client, event) == {}


@pytest.mark.parametrize("text", [each[:180] for each in HOSTILE], ids=range(len(HOSTILE)))
def test_hostile_texts_obey(client, db, time_machine, text):
    time_machine.move_to(london(9) - 60 * DAY, tick=False)
    venue = make_venue(name=text, address=text, latitude="51.5", longitude="-0.1")
    event = make_event(text, summary=text, organiser=text, venue=venue)
    session = make_session(event, title=text, room=make_room(text[:100], venue=venue), abstract=text)
    time_machine.shift(DAY)
    session.title = f"{text[:90]} and more"
    save(session)
    assert wrong(client, event) == {} and len(files(client, event)) == 3


def test_both_days_of_a_clock_change_obey(client, db):
    for day in (datetime.date(2027, 3, 28), datetime.date(2027, 10, 31)):
        event = make_event(f"On {day}", starts=london(0, day=day), ends=london(6, day=day))
        make_session(event, starts=london(0, 30, day=day), ends=london(2, 30, day=day))
        assert wrong(client, event) == {}


@pytest.mark.django_db
def test_somebodys_own_calendar_and_the_files_of_messages_obey(client):
    from registrations import calendar_files
    from registrations.way_in import links

    day = make_day(places=(1, 5))
    register(day, "Bea", take=day.a1)
    mine = register(day, "Ada", take=day.b1, wait=day.a1)
    own = client.get(links.calendar(mine).removeprefix("http://localhost:8000")).content
    assert faults(own) == faults(calendar_files.for_registration(mine)) == []


# The negative control: a calendar of each kind of fault, and the field that is named.

ASKED = entry(organiser='The "Clinks"; and\nothers', contact="a@example.org")
GOOD = calendars.file_of([ASKED], calendars.Subscription("Day", "https://a.example/", "https://a.example/c.ics"))
AGAIN = GOOD[GOOD.index(b"BEGIN:VEVENT") : GOOD.index(b"END:VCALENDAR")]
BROKEN = {
    "line: ends": (b"\r\nVERSION", b"\nVERSION"),
    "line: longer": (b"SUMMARY:Opening", b"SUMMARY:" + b"O" * 80),
    "line: folded within": (b"SUMMARY:Opening", "SUMMARY:é".encode()[:-1] + b"\r\n " + "é".encode()[1:]),
    "line: control": (b"SUMMARY:Opening", b"SUMMARY:Open\x07ing"),
    "line: no content line": (b"SUMMARY:Opening", b"Opening"),
    "END": (b"END:VEVENT", b"END:VTODO"),
    "VERSION: is": (b"VERSION:2.0", b"VERSION:1.0"),
    "PRODID": (b"PRODID", b"X-PRODID"),
    "REFRESH-INTERVAL": (b"REFRESH-INTERVAL;VALUE=DURATION:PT1H", b"REFRESH-INTERVAL:often"),
    "SOURCE": (b"SOURCE;VALUE=URI", b"SOURCE"),
    "UID: 0": (b"UID:", b"X-UID:"),
    "UID: no UUID": (b"UID:", b"UID:session-"),
    "UID twice": (b"END:VCALENDAR", AGAIN + b"END:VCALENDAR"),
    "DTSTAMP: not": (b"DTSTAMP:20270102T030405Z", b"DTSTAMP:20270102T030405"),
    "DTSTART: no moment": (b":20270616T100000", b":20270616"),
    "DTSTART: a zone": (b"DTSTART;TZID=Europe/London", b"DTSTART"),
    "TZID without": (b"DTSTART;TZID=Europe/London", b"DTSTART;TZID=Europe/Paris"),
    "STATUS": (b"STATUS:CONFIRMED", b"STATUS:MAYBE"),
    "SEQUENCE: no": (b"SEQUENCE:0", b"SEQUENCE:-1"),
    "SUMMARY: not": (b"SUMMARY:Opening", b"SUMMARY:Open, and closed"),
    "URL: not": (b"URL:https://conference", b"URL:/conference"),
    "ORGANIZER": (b":mailto:a@example.org", b":nobody"),
    "GEO: nowhere": (b"SEQUENCE:0", b"SEQUENCE:0\r\nGEO:91.0;0.0"),
    "VTIMEZONE": (GOOD[GOOD.index(b"BEGIN:STANDARD") : GOOD.index(b"END:VTIMEZONE")], b""),
}  # fmt: skip


def test_the_file_that_is_broken_below_is_whole():
    assert faults(GOOD) == []


@pytest.mark.parametrize("named", BROKEN)
def test_each_fault_is_found(named):
    old, new = BROKEN[named]
    assert old in GOOD
    assert [each for each in faults(GOOD.replace(old, new, 1)) if each.startswith(named)] != []


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:uuid:1</id><title>T</title><updated>2027-01-01T00:00:00Z</updated>
<author><name>A</name></author><link href="https://a.example/"/><entry><id>urn:uuid:2</id><title>E</title>
<updated>2027-01-01T00:00:00Z</updated></entry></feed>"""


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("<title>E</title>", "", "title"), ("urn:uuid:2", "two", "id"), ("2027-01-01T00:00:00Z", "today", "updated"),
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00", "updated"), ("https://a.example/", "/a", "link"),
        ("<author><name>A</name></author>", "", "author"),
    ],
)  # fmt: skip
def test_each_fault_of_a_feed_is_found(old, new, named):
    assert atom_faults(ATOM.encode()) == []
    assert any(each.startswith(named) for each in atom_faults(ATOM.replace(old, new).encode()))
