"""A time zone's rules as iCalendar's VTIMEZONE, for the years that matter. Pure.

Written here, because the library's own are an hour late in spring: RFC 5545 wants the onset of summer time by the
clock as it was before (1am in London), and the library gives it as it is after. Where the years follow a rule, the
rule is written as an RRULE, one for winter and one for summer, which is all that some calendars understand.
"""

import datetime
import functools
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import icalendar

DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Years on either side, so that a rule can be told from a coincidence.
AROUND = 2


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a zone's clocks; `onset` is by the clock as it was before."""

    onset: datetime.datetime
    before: datetime.timedelta
    after: datetime.timedelta
    name: str
    is_summer: bool


@functools.cache  # the same few zones and years again and again; nobody changes what is returned
def component(zone: zoneinfo.ZoneInfo, first: int, last: int) -> icalendar.Timezone:
    """Return the zone's VTIMEZONE for these years and two on either side."""
    start = datetime.datetime(first - AROUND, 1, 1, tzinfo=datetime.UTC)
    changes = list(_changes(zone, start, last + AROUND + 1))
    whole = icalendar.Timezone()
    whole.add("tzid", zone.key)
    rules = _rules(changes, last - first + 1 + 2 * AROUND)
    for change, rule in rules or [(_at_first(zone, start), None), *((change, None) for change in changes)]:
        whole.add_component(_observance(change, rule))
    return whole


def _at_first(zone: zoneinfo.ZoneInfo, start: datetime.datetime) -> Change:
    """What holds from the beginning, as a change from itself to itself."""
    local = start.astimezone(zone)
    return Change(local.replace(tzinfo=None), local.utcoffset(), local.utcoffset(), local.tzname(), bool(local.dst()))


def _changes(zone: zoneinfo.ZoneInfo, start: datetime.datetime, until_year: int) -> Iterator[Change]:
    """Yield the changes of the zone's offset, earliest first."""
    day = start
    while day.year < until_year:
        if day.astimezone(zone).utcoffset() != (day + DAY).astimezone(zone).utcoffset():
            moment = _moment_of_change(zone, day)
            before, after = (moment - SECOND).astimezone(zone), moment.astimezone(zone)
            onset = (moment + before.utcoffset()).replace(tzinfo=None)
            yield Change(onset, before.utcoffset(), after.utcoffset(), after.tzname(), bool(after.dst()))
        day += DAY


def _moment_of_change(zone: zoneinfo.ZoneInfo, day: datetime.datetime) -> datetime.datetime:
    """Halve the day until the second is found from which the new offset holds."""
    old = day.astimezone(zone).utcoffset()
    low, high = 0, int(DAY / SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        same = (day + middle * SECOND).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return day + high * SECOND


def _rules(changes: Sequence[Change], years: int) -> list[tuple[Change, dict]]:
    """Return the first winter's and summer's change, each with its RRULE; nothing where the years follow none."""
    found = []
    for is_summer in (False, True):
        same = [change for change in changes if change.is_summer == is_summer]
        if len(same) != years or len({(each.onset.time(), each.before, each.after, each.name) for each in same}) != 1:
            return []
        rule = _yearly([each.onset for each in same])
        if rule is None:
            return []
        found.append((same[0], rule))
    return found


def _yearly(onsets: Sequence[datetime.datetime]) -> dict | None:
    """Return the rule that these moments follow, one a year: such as the last Sunday of March."""
    months, weekdays = {onset.month for onset in onsets}, {onset.weekday() for onset in onsets}
    if len(months) != 1 or len(weekdays) != 1:
        return None
    weekday = WEEKDAYS[onsets[0].weekday()]
    if all((onset + 7 * DAY).month != onset.month for onset in onsets):
        place = -1
    elif len(numbers := {(onset.day - 1) // 7 + 1 for onset in onsets}) == 1:
        place = numbers.pop()
    else:
        return None
    return {"freq": "yearly", "bymonth": onsets[0].month, "byday": f"{place}{weekday}"}


def _observance(change: Change, rule: dict | None) -> icalendar.cal.Component:
    part = icalendar.TimezoneDaylight() if change.is_summer else icalendar.TimezoneStandard()
    part.add("dtstart", change.onset)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("tzname", change.name)
    if rule:
        part.add("rrule", rule)
    return part
