"""Our calendars in other people's programs: the same moments in each, and the right end after several fetches."""

import datetime
import uuid
import zoneinfo

import pytest

from events import calendars
from events.calendars import Standing
from events.models import Status
from tests.builders import LONDON, london, make_event, make_session, save
from tests.events.calendar_readers import NAMES, followed

HOUR = datetime.timedelta(hours=1)
AT = "https://conference.example.org/events/day/"
SAVED = datetime.datetime(2027, 1, 2, tzinfo=datetime.UTC)
# The Sundays on which the clocks change in London: 1am UTC.
CHANGES = ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29"]
pytestmark = pytest.mark.parametrize("name", NAMES)


def entry(number, starts, **values):
    default = {
        "sequence": 0, "changed_at": SAVED, "ends": starts + HOUR, "zone": LONDON, "address": AT,
        "summary": f"Entry {number}",
    }  # fmt: skip
    return calendars.Entry(**{"uid": uuid.UUID(int=number), "starts": starts} | default | values)


def around_every_change():
    """Return the moments on the hour from six hours before to six after each change of three years."""
    middle = [datetime.datetime.fromisoformat(f"{day}T01:00+00:00") for day in CHANGES]
    return [moment + hours * HOUR for moment in middle for hours in range(-6, 7)]


def moments(found):
    return {uid: (each.starts, each.ends) for uid, each in found.items()}


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York"])
def test_the_same_moments_on_both_sides_of_every_clock_change_of_three_years(name, zone):
    zone = zoneinfo.ZoneInfo(zone)
    entries = [entry(number, at, zone=zone) for number, at in enumerate(around_every_change())]
    found = moments(followed(name, calendars.file_of(entries)))
    assert found == {str(each.uid): (each.starts, each.ends) for each in entries}


def test_a_zone_without_summer_time_would_be_noticed(name):
    """The negative control: what London is told as, if its summer time were forgotten."""
    written = calendars.file_of([entry(1, london(10))])
    assert b"DTSTART;TZID=Europe/London:20270616T100000" in written
    wrong = written.replace(b";TZID=Europe/London:20270616T100000", b":20270616T100000Z")
    [found] = followed(name, wrong).values()
    assert found.starts - london(10) == HOUR


def test_a_client_that_keeps_by_uid_ends_right(name, db, client):
    """A session is moved, one renamed, one cancelled, and one is new, between two fetches."""
    event = make_event()
    moved, renamed, cancelled = (make_session(event, hour, title=f"At {hour}") for hour in (10, 11, 12))
    first = client.get(f"/events/{event.slug}/calendar.ics").content
    moved.starts, renamed.title, cancelled.status = london(10, 30), "Another", Status.CANCELLED
    new = make_session(event, 13, title="New")
    save(moved, renamed, cancelled)
    found = followed(name, first, client.get(f"/events/{event.slug}/calendar.ics").content)
    said = {uid: (each.starts, each.summary, each.status) for uid, each in found.items()}
    assert said == {
        str(event.uid): (event.starts, event.title, "CONFIRMED"),
        str(moved.uid): (london(10, 30), "At 10", "CONFIRMED"),
        str(renamed.uid): (london(11), "Another", "CONFIRMED"),
        str(cancelled.uid): (london(12), "Cancelled: At 12", "CANCELLED"),
        str(new.uid): (london(13), "New", "CONFIRMED"),
    }


def test_what_is_waited_for_is_tentative(name):
    waits = calendars.for_somebody(entry(1, london(10)), Standing.TENTATIVE, 3, None)
    [found] = followed(name, calendars.file_of([waits])).values()
    assert (found.summary, found.status) == ("Waiting list: Entry 1", "TENTATIVE")


HOSTILE = 'Semicolons; commas, back\\slash "quotes" Ọlájùmọ̀kẹ́ 👩🏾‍🦽 مرحبا BEGIN:VEVENT'


@pytest.mark.parametrize("text", [HOSTILE, "é" * 5000], ids=["every script", "5,000 letters"])
def test_texts_come_back_whole(name, text):
    [found] = followed(name, calendars.file_of([entry(1, london(10), summary=text, location=text)])).values()
    assert (found.summary, found.location) == (text, text)


def test_a_thousand_entries_and_one_that_lacks_all_it_can(name):
    number = 200 if name == "khal" else 1000  # which writes each into a file of its own
    many = [entry(each, london(9) + each * HOUR, location="Upper Hall", place=(51.5, -0.1)) for each in range(number)]
    found = followed(name, calendars.file_of([*many, entry(number, london(9))]))
    assert len(found) == number + 1 and sum(not each.location for each in found.values()) == 1
