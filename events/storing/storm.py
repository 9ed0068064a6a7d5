"""What stands on a stored page that is sent while PostgreSQL cannot be asked: from when it is."""

import datetime
import zoneinfo

from django.conf import settings
from django.template.loader import render_to_string

from events.wording import british_time

# Where the line goes; templates/base.html has it in every page.
PLACE = b"<!--storm-->"


def words(checked: datetime.datetime, now: datetime.datetime, *, filtered: bool) -> str:
    """Return “This page is from 9:02am; places may have changed.”, with the day if it is not today's.

    `checked` is when the page was last known to be right. `filtered` says that a search or a filter was asked for,
    which nobody can answer now.
    """
    zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    today = checked.astimezone(zone).date() == now.astimezone(zone).date()
    said = british_time.time_words(checked, zone)
    if not today:
        said += f" on {british_time.date_words(checked, zone)}"
    line = f"This page is from {said}; places may have changed."
    return f"{line} Searching and filtering do not work for the moment: this is the whole page." if filtered else line


def marked(body: bytes, said: str) -> bytes:
    """Return a page with that line; a file for machines, which has no place for it, as it is."""
    return body.replace(PLACE, render_to_string("components/_storm.html", {"words": said}).strip().encode(), 1)
