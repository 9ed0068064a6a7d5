"""Dates and times as British people write them, always in the event's own zone.

"10am", "10:40am", "midday"; "Wednesday 22 November 2023"; "10am to 5pm". Pure functions: they take
aware datetimes and a zone, and return plain text.
"""

import datetime
import zoneinfo

Moment = datetime.datetime
Zone = zoneinfo.ZoneInfo


def time_words(moment: Moment, zone: Zone) -> str:
    """Return the time of day: “10am”, “10:40am”, “midday”, “midnight”."""
    local = moment.astimezone(zone)
    if local.minute == 0 and local.hour % 12 == 0:
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def date_words(moment: Moment, zone: Zone) -> str:
    """Return the day: “Wednesday 22 November 2023”."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B} {local.year}"


def short_date_words(moment: Moment, zone: Zone) -> str:
    """Return the day without its weekday: “22 November 2023”."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B} {local.year}"


def moment_words(moment: Moment, zone: Zone) -> str:
    """Return day and time: “Wednesday 22 November 2023 at 10am”."""
    return f"{date_words(moment, zone)} at {time_words(moment, zone)}"


def dates_words(starts: Moment, ends: Moment, zone: Zone) -> str:
    """Return the day, or the days: “Tuesday 21 to Wednesday 22 November 2023”.

    What both days share (year, month) is said once.
    """
    first, last = starts.astimezone(zone), last_day(ends, zone)
    if first.date() == last.date():
        return date_words(starts, zone)
    opening = f"{first:%A} {first.day}"
    if first.year != last.year:
        opening += f" {first:%B} {first.year}"
    elif first.month != last.month:
        opening += f" {first:%B}"
    return f"{opening} to {last:%A} {last.day} {last:%B} {last.year}"


def last_day(ends: Moment, zone: Zone) -> Moment:
    """Return a moment of the last day; something that ends at midnight ends on the day before."""
    return (ends - datetime.timedelta(microseconds=1)).astimezone(zone)


def hours_words(starts: Moment, ends: Moment, zone: Zone) -> str:
    """Return “10am to 5pm”."""
    return f"{time_words(starts, zone)} to {time_words(ends, zone)}"


def period_words(starts: Moment, ends: Moment, zone: Zone) -> str:
    """Return “Wednesday 22 November 2023, 10am to 5pm”; over several days the dates, then the first hours."""
    return f"{dates_words(starts, ends, zone)}, {hours_words(starts, ends, zone)}"


def length_words(starts: Moment, ends: Moment) -> str:
    """Return how long it takes: “45 minutes”, “1 hour”, “1 hour 30 minutes”."""
    # In UTC: Python subtracts two moments of one zone by the clock on the wall, which may change between them.
    taken = ends.astimezone(datetime.UTC) - starts.astimezone(datetime.UTC)
    hours, minutes = divmod(int(taken.total_seconds()) // 60, 60)
    parts = [_counted(hours, "hour"), _counted(minutes, "minute")]
    return " ".join(part for part in parts if part) or "no time"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def iso(moment: Moment, zone: Zone) -> str:
    """Return the moment for a datetime attribute: local time with its offset."""
    return moment.astimezone(zone).isoformat(timespec="minutes")
