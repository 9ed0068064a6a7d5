"""Until when an offer can be answered: a number of hours in which people are awake. Pure.

Only the hours from 9am to 6pm, where the event is, count; so no offer ends while people sleep or are away from their
messages, and whoever is asked in the evening has the whole time on the next day.
"""

import datetime
import zoneinfo

MORNING, EVENING = datetime.time(9), datetime.time(18)
DAY = datetime.timedelta(days=1)


def until(
    made_at: datetime.datetime, hours: int, zone: zoneinfo.ZoneInfo, latest: datetime.datetime
) -> datetime.datetime:
    """Return the moment at which an offer ends: from 9am to before 6pm in this zone, and never after `latest`.

    All moments are aware. `latest`, the start of what is offered, has the last word.
    """
    left, begins = datetime.timedelta(hours=hours), _awake(made_at, zone)
    while begins < latest:
        day = _evening(begins, zone) - begins
        if left < day:
            return min(begins + left, latest)
        left, begins = left - day, _morning(_date(begins, zone) + DAY, zone)
    return latest


def _awake(moment: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """Return this moment, or the next morning if it is outside of the hours that count."""
    date = _date(moment, zone)
    if moment < _morning(date, zone):
        return _morning(date, zone)
    if moment >= _evening(moment, zone):
        return _morning(date + DAY, zone)
    return moment.astimezone(datetime.UTC)


def _date(moment: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.date:
    return moment.astimezone(zone).date()


def _morning(date: datetime.date, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(date, MORNING, zone).astimezone(datetime.UTC)


def _evening(moment: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(_date(moment, zone), EVENING, zone).astimezone(datetime.UTC)
