"""Dates and times as British people write them, in the zone of the event."""

import datetime
import time
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.wording import british_time

LONDON = zoneinfo.ZoneInfo("Europe/London")
PARIS = zoneinfo.ZoneInfo("Europe/Paris")
UTC = datetime.UTC


def at(day, hour=0, minute=0, month=11, year=2023, zone=LONDON):
    return datetime.datetime(year, month, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "midnight"), (0, 5, "12:05am"), (1, 0, "1am"), (9, 0, "9am"), (10, 0, "10am"), (10, 40, "10:40am"),
        (11, 59, "11:59am"), (12, 0, "midday"), (12, 35, "12:35pm"), (13, 0, "1pm"), (17, 0, "5pm"),
        (23, 59, "11:59pm"),
    ],
)  # fmt: skip
def test_a_time_of_day_is_said_as_people_write_it(hour, minute, words):
    assert british_time.time_words(at(22, hour, minute), LONDON) == words


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (at(22, 9, zone=UTC), LONDON, "9am"),
        (at(22, 9, zone=UTC), PARIS, "10am"),
        (at(16, 9, month=6, zone=UTC), LONDON, "10am"),
        (at(22, 11, zone=UTC), PARIS, "midday"),
        (at(22, 23, zone=UTC), PARIS, "midnight"),
        # The clocks go forward on 29 March 2026 and back on 25 October 2026, both at 1am UTC.
        (at(29, 0, 59, month=3, year=2026, zone=UTC), LONDON, "12:59am"),
        (at(29, 1, 0, month=3, year=2026, zone=UTC), LONDON, "2am"),
        (at(25, 0, 30, month=10, year=2026, zone=UTC), LONDON, "1:30am"),
        (at(25, 1, 30, month=10, year=2026, zone=UTC), LONDON, "1:30am"),
        (at(25, 11, 0, month=10, year=2026, zone=UTC), LONDON, "11am"),
        (at(24, 11, 0, month=10, year=2026, zone=UTC), LONDON, "midday"),
    ],
)
def test_the_time_is_that_of_the_zone_also_when_clocks_change(moment, zone, words):
    assert british_time.time_words(moment, zone) == words


def test_a_date_is_said_with_its_weekday_or_without():
    assert british_time.date_words(at(22, 10), LONDON) == "Wednesday 22 November 2023"
    assert british_time.short_date_words(at(2, 10), LONDON) == "2 November 2023"
    assert british_time.moment_words(at(22, 10), LONDON) == "Wednesday 22 November 2023 at 10am"


def test_the_date_is_that_of_the_zone():
    assert british_time.date_words(at(22, 23, 30, zone=UTC), PARIS) == "Thursday 23 November 2023"


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (at(22, 10), at(22, 17), "Wednesday 22 November 2023"),
        (at(21, 10), at(22, 17), "Tuesday 21 to Wednesday 22 November 2023"),
        (at(30, 10), at(1, 17, month=12), "Thursday 30 November to Friday 1 December 2023"),
        (at(31, 10, month=12), at(1, 17, month=1, year=2024), "Sunday 31 December 2023 to Monday 1 January 2024"),
        (at(22, 18), at(23, 0), "Wednesday 22 November 2023"),
        (at(22, 18), at(23, 0, 1), "Wednesday 22 to Thursday 23 November 2023"),
        (at(28, 10, month=3, year=2026), at(29, 17, month=3, year=2026), "Saturday 28 to Sunday 29 March 2026"),
        (at(24, 18, month=10, year=2026), at(25, 0, month=10, year=2026), "Saturday 24 October 2026"),
        (at(25, 0, month=10, year=2026), at(26, 0, month=10, year=2026), "Sunday 25 October 2026"),
        (at(29, 0, month=3, year=2026), at(30, 0, month=3, year=2026), "Sunday 29 March 2026"),
    ],
)
def test_days_say_once_what_they_share_and_midnight_ends_the_day_before(starts, ends, words):
    assert british_time.dates_words(starts, ends, LONDON) == words


def test_hours_and_periods():
    assert british_time.hours_words(at(22, 10), at(22, 17), LONDON) == "10am to 5pm"
    assert british_time.period_words(at(22, 10), at(22, 17), LONDON) == "Wednesday 22 November 2023, 10am to 5pm"
    assert british_time.hours_words(at(22, 18), at(23), LONDON) == "6pm to midnight"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "no time"), (1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (61, "1 hour 1 minute"),
        (90, "1 hour 30 minutes"), (120, "2 hours"), (1500, "25 hours"),
    ],
)  # fmt: skip
def test_a_length_is_said_in_hours_and_minutes(minutes, words):
    assert british_time.length_words(at(22, 10), at(22, 10) + datetime.timedelta(minutes=minutes)) == words


def test_a_length_over_a_clock_change_is_the_time_that_passes():
    spring = at(29, 0, month=3, year=2026), at(29, 3, month=3, year=2026)
    autumn = at(25, 0, month=10, year=2026), at(25, 3, month=10, year=2026)
    assert [british_time.length_words(*night) for night in (spring, autumn)] == ["2 hours", "4 hours"]


def test_a_machine_is_told_local_time_with_its_offset():
    assert british_time.iso(at(16, 9, month=6, zone=UTC), LONDON) == "2023-06-16T10:00+01:00"
    assert british_time.iso(at(22, 9, zone=UTC), LONDON) == "2023-11-22T09:00+00:00"


moments = st.integers(600_000_000, 3_800_000_000).map(lambda second: datetime.datetime.fromtimestamp(second, UTC))
zones = st.sampled_from(["Europe/London", "Europe/Paris", "America/St_Johns", "Pacific/Kiritimati", "UTC"])


@given(moments, zones)
def test_a_time_in_words_is_always_that_time(moment, name):
    zone = zoneinfo.ZoneInfo(name)
    words = {"midday": "12pm", "midnight": "12am"}.get(said := british_time.time_words(moment, zone), said)
    form = "%I:%M%p" if ":" in words else "%I%p"
    read, local = time.strptime(words, form), moment.astimezone(zone)
    assert (read.tm_hour, read.tm_min) == (local.hour, local.minute)


@given(moments, st.timedeltas(datetime.timedelta(minutes=1), datetime.timedelta(days=500)), zones)
def test_days_in_words_name_the_first_and_the_last_day(starts, length, name):
    zone = zoneinfo.ZoneInfo(name)
    words = british_time.dates_words(starts, starts + length, zone)
    first, last = starts.astimezone(zone), british_time.last_day(starts + length, zone)
    assert words.startswith(f"{first:%A} {first.day}") and words.endswith(f"{last:%A} {last.day} {last:%B} {last.year}")
    assert (" to " in words) == (first.date() != last.date())
