"""What is held about somebody, put into words for a page: each value with what it is called."""

import datetime
import zoneinfo
from dataclasses import dataclass
from typing import Any

from events.wording import british_time
from registrations.data_rights.personal_records import Entry

_CALLED = {
    "email": "E-mail address", "bsl": "BSL interpretation", "badge_name": "Name on your badge",
    "asked_first": "Asked before a place is yours", "is_member": "Member of Clinks",
    "photo_consent": "May be photographed",
    "mailing_consent": "Wants news of Clinks", "wants_bursary": "Help with the cost would make it possible to come",
    "personal_assistant": "A free place for a personal assistant", "dietary": "Food", "other": "Anything else",
    "please_call": "Please call me", "phone": "Telephone",
}  # fmt: skip
NOTHING = "Nothing"


@dataclass(frozen=True, slots=True)
class Row:
    """What a value is called, and the value in words; where it is several, such as changes, each by itself."""

    called: str
    words: str
    each: tuple[str, ...] = ()


def rows(entry: Entry, zone: zoneinfo.ZoneInfo) -> list[Row]:
    """Return the rows of a list, one for each value. Moments are in this zone."""
    return [_row(name, value, zone) for name, value in entry.items()]


def _row(name: str, value: Any, zone: zoneinfo.ZoneInfo) -> Row:
    if isinstance(value, dict) and value:
        return Row(_called(name), "", tuple(f"{_called(key)}: {said(each, zone)}" for key, each in value.items()))
    if isinstance(value, list) and value:
        return Row(_called(name), "", tuple(said(each, zone) for each in value))
    return Row(_called(name), said(value, zone))


def _called(name: str) -> str:
    return _CALLED.get(name) or name.replace("_", " ").capitalize()


def said(value: Any, zone: zoneinfo.ZoneInfo) -> str:
    """Return one value in words."""
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.datetime):
        return british_time.moment_words(value, zone)
    if isinstance(value, dict):
        return "; ".join(f"{_called(name).lower()}: {said(each, zone)}" for name, each in value.items())
    return ", ".join(said(each, zone) for each in value) if isinstance(value, list) else str(value)
