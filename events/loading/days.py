"""On which day the sample takes place, and from when to when it can be booked."""

import datetime
import zoneinfo

AHEAD = datetime.timedelta(days=120)
WEDNESDAY = 2


def sample_day(today: datetime.date) -> datetime.date:
    """Return the fourth Wednesday of the first November in which that is at least four months after today."""
    day = _fourth_wednesday_of_november(today.year)
    return day if day >= today + AHEAD else _fourth_wednesday_of_november(today.year + 1)


def booking_of_sample(
    today: datetime.date, day: datetime.date, zone: zoneinfo.ZoneInfo
) -> tuple[datetime.datetime, datetime.datetime]:
    """Return when booking opens (it is open already: since 9am yesterday) and closes (5pm, a week before the day)."""
    opens = at(today - datetime.timedelta(days=1), datetime.time(9), zone)
    return opens, at(day - datetime.timedelta(days=7), datetime.time(17), zone)


def at(day: datetime.date, time: datetime.time, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """Return the moment at which clocks in this zone show this time on this day."""
    return datetime.datetime.combine(day, time, zone)


def _fourth_wednesday_of_november(year: int) -> datetime.date:
    first = datetime.date(year, 11, 1)
    return first + datetime.timedelta(days=(WEDNESDAY - first.weekday()) % 7 + 21)
