"""Until when an offer can be answered: never at night, never too late, in every zone."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.waiting import offer_hours

LONDON = ZoneInfo("Europe/London")
FAR = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def london(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("made", "hours", "ends"),
    [
        ("2027-06-10T10:00", 4, "2027-06-10T14:00"),
        ("2027-06-10T16:00", 4, "2027-06-11T11:00"),  # two hours in the evening, two in the morning
        ("2027-06-10T14:00", 4, "2027-06-11T09:00"),  # not at 6pm on the dot: the next morning
        ("2027-06-10T18:00", 4, "2027-06-11T13:00"),
        ("2027-06-10T23:30", 4, "2027-06-11T13:00"),
        ("2027-06-11T03:00", 4, "2027-06-11T13:00"),
        ("2027-06-11T08:59", 1, "2027-06-11T10:00"),
        ("2027-06-10T10:00", 20, "2027-06-12T12:00"),
        ("2027-03-27T16:00", 4, "2027-03-28T11:00"),  # over the change to summer time
        ("2027-10-30T16:00", 4, "2027-10-31T11:00"),  # and back
    ],
)
def test_only_the_hours_from_nine_to_six_count(made, hours, ends):
    assert offer_hours.until(london(made), hours, LONDON, FAR) == london(ends)


def test_what_is_offered_begins_at_the_latest():
    starts = london("2027-06-11T09:30")
    assert offer_hours.until(london("2027-06-10T20:00"), 4, LONDON, starts) == starts
    assert offer_hours.until(starts - datetime.timedelta(minutes=1), 4, LONDON, starts) == starts


moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: FAR - minutes * HOUR / 60)
zones = st.sampled_from([LONDON, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York"), ZoneInfo("UTC")])


@given(moments, st.integers(1, 72), zones)
def test_it_never_ends_at_night_nor_before_its_hours_have_passed(made, hours, zone):
    ends = offer_hours.until(made, hours, zone, FAR + 30 * 24 * HOUR)
    assert 9 <= ends.astimezone(zone).hour < 18
    assert ends - made >= hours * HOUR
    # Nine hours of each day count, so it never takes much longer than that many days.
    assert ends - made <= datetime.timedelta(days=hours // 9 + 2)


@given(moments, st.integers(1, 72), zones, st.timedeltas(datetime.timedelta(seconds=1), datetime.timedelta(days=9)))
def test_it_ends_after_it_was_made_and_never_after_the_start(made, hours, zone, before):
    assert made < offer_hours.until(made, hours, zone, made + before) <= made + before
