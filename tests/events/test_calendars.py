"""Calendar files: read back by a library that did not write them, hour by hour over the changes of the clocks."""

import dataclasses
import datetime
import io
import uuid
import zoneinfo

import pytest
import vobject
from dateutil import tz

from events import calendars, changes, time_zones
from events.models import Event, Kind, Session, Status
from tests.builders import LONDON, london, make_event, make_room, make_session, make_venue, save

HOUR = datetime.timedelta(hours=1)
SAVED = datetime.datetime(2027, 1, 2, 3, 4, 5, 678, tzinfo=datetime.UTC)
AT = "https://conference.example.org/events/day/"


def entry(**values):
    """An entry on DAY from 10am to 11am in London."""
    default = {
        "uid": uuid.UUID(int=7), "sequence": 0, "changed_at": SAVED, "starts": london(10), "ends": london(11),
        "zone": LONDON, "summary": "Opening", "address": AT,
    }  # fmt: skip
    return calendars.Entry(**default | values)


def read(*entries):
    """Return the file's entries, as vobject reads them."""
    return list(vobject.readOne(calendars.file_of(entries).decode()).vevent_list)


def of(session):
    session = Session.objects.with_last_change().select_related("event__venue", "room__venue", "series").get(
        pk=session.pk
    )  # fmt: skip
    return calendars.of_session(session, session.event, AT, session.last_change)


# Times


@pytest.mark.parametrize("day", ["2027-03-27", "2027-03-28", "2027-06-16", "2027-10-30", "2027-10-31", "2027-11-01"])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 9, 23])
def test_a_second_library_reads_the_same_moment_on_every_side_of_a_clock_change(day, hour):
    starts = datetime.datetime.fromisoformat(f"{day}T{hour:02}:30+00:00")
    [found] = read(entry(starts=starts, ends=starts + HOUR))
    assert found.dtstart.value.astimezone(datetime.UTC) == starts
    assert found.dtend.value.astimezone(datetime.UTC) == starts + HOUR


def rules_of(zone, year):
    """Return the zone as dateutil understands our VTIMEZONE."""
    text = time_zones.component(zoneinfo.ZoneInfo(zone), year, year).to_ical().decode()
    return tz.tzical(io.StringIO(text.replace("\r\n", "\n"))).get()


def hours_apart(rules, zone, years):
    """Return the local hours of these years, other than those that a change skips or repeats, read differently."""
    ours, moment = zoneinfo.ZoneInfo(zone), datetime.datetime(years[0], 1, 1, 0, 30, tzinfo=datetime.UTC)
    found = []
    while moment.year <= years[-1]:
        local = moment.astimezone(ours)
        naive, moment = local.replace(tzinfo=None, fold=0), moment + HOUR
        if naive.replace(tzinfo=ours).utcoffset() == naive.replace(tzinfo=ours, fold=1).utcoffset():
            found += [naive] if naive.replace(tzinfo=rules).utcoffset() != local.utcoffset() else []
    return found


@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/New_York", "Australia/Sydney", "Asia/Tokyo", "Africa/Casablanca"]
)
def test_a_zone_is_right_in_every_hour_of_three_years(zone):
    assert hours_apart(rules_of(zone, 2027), zone, [2026, 2027, 2028]) == []


def test_the_comparison_would_notice_an_hour():
    """The negative control: summer time that changes nothing."""
    right = time_zones.component(zoneinfo.ZoneInfo("Europe/London"), 2027, 2027).to_ical().decode()
    wrong = right.replace("\r\n", "\n").replace("TZOFFSETTO:+0100", "TZOFFSETTO:+0000")
    assert len(hours_apart(tz.tzical(io.StringIO(wrong)).get(), "Europe/London", [2027])) > 5000


def test_london_follows_one_rule_in_winter_and_one_in_summer():
    written = calendars.file_of([entry()]).decode()
    assert written.count("RRULE") == 2
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in written
    assert "DTSTART:20250330T010000" in written


def test_an_event_elsewhere_is_told_in_its_own_zone():
    written = calendars.file_of([entry(zone=zoneinfo.ZoneInfo("America/New_York"))]).decode()
    assert "DTSTART;TZID=America/New_York:20270616T050000" in written
    assert "Europe/London" not in written
    assert "DTSTART:20270616T090000Z" in calendars.file_of([entry(zone=zoneinfo.ZoneInfo("UTC"))]).decode()


# Identity


def test_the_same_record_is_the_same_file_whenever_it_is_asked_for(event, time_machine):
    session = make_session(event)
    time_machine.move_to(london(9))
    first = calendars.file_of([of(session)])
    time_machine.move_to(london(15))
    assert calendars.file_of([of(session)]) == first


def test_a_uid_is_the_rows_own_and_outlives_the_address_and_the_title(event):
    session = make_session(event)
    [before] = read(of(session))
    session.title, session.slug = "Quite another", "elsewhere"
    save(session)
    [after] = read(dataclasses.replace(of(session), address="https://other.example/"))
    assert before.uid.value == after.uid.value == str(session.uid)


def test_sequence_rises_with_each_change_of_the_session_and_of_its_event(event):
    session = make_session(event)
    numbers = [of(session).sequence]
    changed = [(session, "title", "Other"), (event, "venue", make_venue()), (event, "status", Status.CANCELLED)]
    for row, name, value in changed:
        row = type(row).objects.get(pk=row.pk)
        setattr(row, name, value)
        changes.apply(saves=[row])
        numbers.append(of(session).sequence)
    assert numbers == [0, 1000, 2000, 3000]


def test_the_stamp_is_when_the_record_was_saved(event, time_machine):
    time_machine.move_to(datetime.datetime(2027, 2, 1, 8, 30, tzinfo=datetime.UTC), tick=False)
    [found] = read(of(make_session(event)))
    assert found.dtstamp.value == found.last_modified.value == datetime.datetime(2027, 2, 1, 8, 30, tzinfo=datetime.UTC)


# What it says


@pytest.mark.django_db
def test_a_session_says_what_where_and_when():
    event = make_event(venue=make_venue(name="Loom House", address="1 High Street\nLondon", postcode="N1 1AA"))
    room = make_room("Heddle Room", floor="First floor", venue=event.venue)
    [found] = read(of(make_session(event, title="Rest", kind=Kind.PANEL, room=room)))
    assert found.summary.value == "Rest"
    assert found.location.value == "Heddle Room, first floor, Loom House, 1 High Street, London, N1 1AA"
    assert (found.url.value, found.status.value) == (AT, "CONFIRMED")
    assert found.description.value == event.title


def test_a_workshop_says_its_code_also_before_it_is_announced(programme):
    Session.objects.filter(pk=programme.first.pk).update(title="")
    assert read(of(programme.first))[0].summary.value == "1A Workshop 1A, to be announced"
    assert read(of(programme.second))[0].summary.value == "1B Art inside"


@pytest.mark.parametrize("what", ["session", "event"])
def test_a_cancelled_one_stays_and_says_so(event, what):
    session = make_session(event)
    row = session if what == "session" else event
    row.status = Status.CANCELLED
    save(row)
    [found] = read(of(session))
    assert found.status.value == "CANCELLED"
    assert found.summary.value == f"Cancelled: {session.title}"


def test_the_whole_day_is_one_entry(programme):
    event = Event.objects.with_last_change().select_related("venue").get(pk=programme.event.pk)
    [found] = read(calendars.of_event(event, AT, event.last_change))
    assert found.uid.value == str(event.uid)
    assert (found.dtstart.value, found.dtend.value) == (event.starts, event.ends)


def test_the_moment_booking_opens_is_an_entry_of_its_own(event):
    event.booking_opens = london(9, day=datetime.date(2027, 3, 1))
    save(event)
    event = Event.objects.with_last_change().get(pk=event.pk)
    [found] = read(calendars.of_booking_opening(event, AT, event.last_change))
    assert found.uid.value not in ("", str(event.uid))
    assert (found.dtstart.value, found.summary.value) == (event.booking_opens, f"Booking opens: {event.title}")
    assert found.sequence.value == "1000"


def test_several_entries_share_one_time_zone():
    written = calendars.file_of([entry(), entry(uid=uuid.UUID(int=8))]).decode()
    assert (written.count("BEGIN:VEVENT"), written.count("BEGIN:VTIMEZONE")) == (2, 1)
    assert "\r\nMETHOD:PUBLISH\r\n" in written


# Texts


HOSTILE = [
    "Semicolons; commas, back\\slashes and \"quotes\"",
    "Two\nlines",
    "BEGIN:VEVENT\r\nUID:forged\r\nEND:VEVENT",
    "Ọlájùmọ̀kẹ́ 👩🏾‍🦽 Nguyễn مرحبا " * 9,
    "é" * 5000,
    "<script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_comes_back_as_it_was(text):
    [found] = read(entry(summary=text, location=text, description=text))
    expected = text.replace("\r\n", "\n")
    assert (found.summary.value, found.location.value, found.description.value) == (expected,) * 3
    assert found.uid.value == str(uuid.UUID(int=7))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_lines_are_folded_at_75_bytes_between_letters(text):
    for line in calendars.file_of([entry(summary=text)]).split(b"\r\n"):
        assert len(line) <= 75 and line.decode() is not None


@pytest.mark.parametrize("end", ["\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_no_kind_of_line_end_begins_a_line_of_its_own(end):
    written = calendars.file_of([entry(summary=f"Quiet{end}UID:forged")]).decode()
    assert "SUMMARY:Quiet\\nUID:forged" in written
    assert not [line for line in written.splitlines() if line.startswith("UID:forged")]


def test_what_turns_text_round_or_rings_a_bell_is_left_out():
    assert read(entry(summary="Qu\u202eiet\x07\0\x1b ro\u2066om"))[0].summary.value == "Quiet room"
