"""Calendars as other people's programs read them: five readers, none of which wrote the file with us.

`icalendar` is the library that we write with, reading; `vobject` and `recurring-ical-events` are other libraries,
`khal` is a calendar for the terminal (Debian's package), `ical.js` is Thunderbird's (npm; `tests/readers`). The last
two are skipped where they are not installed; with REQUIRE_READERS in the environment, as in CI, that is a failure.
"""

import datetime
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
import vobject

FOLDER = Path(__file__).parent.parent / "readers"
FROM, UNTIL = datetime.date(2025, 1, 1), datetime.date(2030, 1, 1)


@dataclass(frozen=True)
class Reading:
    """What a program understands of one entry; its moments in UTC."""

    uid: str
    starts: datetime.datetime
    ends: datetime.datetime
    summary: str
    status: str
    sequence: int
    location: str = ""


def with_icalendar(content: bytes) -> Iterator[Reading]:
    """Read with icalendar."""
    for each in icalendar.Calendar.from_ical(content).walk("VEVENT"):
        yield _of_component(each)


def with_recurring(content: bytes) -> Iterator[Reading]:
    """Read with recurring-ical-events, which works out when something is."""
    for each in recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(FROM, UNTIL):
        yield _of_component(each)


def _of_component(each: icalendar.Event) -> Reading:
    starts, ends = _utc(each["DTSTART"].dt), _utc(each["DTEND"].dt)
    words = (str(each["SUMMARY"]), str(each["STATUS"]), int(each["SEQUENCE"]), str(each.get("LOCATION", "")))
    return Reading(str(each["UID"]), starts, ends, *words)


def with_vobject(content: bytes) -> Iterator[Reading]:
    """Read with vobject."""
    for each in vobject.readOne(content.decode()).contents.get("vevent", []):
        yield Reading(
            each.uid.value, _utc(each.dtstart.value), _utc(each.dtend.value), each.summary.value, each.status.value,
            int(each.sequence.value), each.location.value if hasattr(each, "location") else "",
        )  # fmt: skip


def with_ical_js(content: bytes) -> Iterator[Reading]:
    """Read with ical.js in Node.js."""
    _need(
        shutil.which("node") and (FOLDER / "node_modules" / "ical.js").is_dir(),
        "ical.js: npm ci --prefix tests/readers",
    )
    done = subprocess.run(["node", FOLDER / "read.mjs"], input=content, capture_output=True, check=True, timeout=60)
    for each in json.loads(done.stdout):
        moments = {name: datetime.datetime.fromisoformat(each[name]) for name in ("starts", "ends")}
        yield Reading(**{**each, **moments, "location": each["location"] or ""})


# A reader of one file keeps what it has by UID, and takes a change only under a higher number.
READERS: dict[str, Callable[[bytes], Iterator[Reading]]] = {
    "icalendar": with_icalendar,
    "vobject": with_vobject,
    "recurring-ical-events": with_recurring,
    "ical.js": with_ical_js,
}
NAMES = [*READERS, "khal"]


def followed(name: str, *files: bytes) -> dict[str, Reading]:
    """Return what a reader has after it got these files one after the other, by UID."""
    if name == "khal":
        return _with_khal(files)
    kept: dict[str, Reading] = {}
    for content in files:
        for each in READERS[name](content):
            if each.uid not in kept or each.sequence > kept[each.uid].sequence:
                kept[each.uid] = each
    return kept


_CONFIG = """
[calendars]
[[conference]]
path = {at}/kept
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M+00:00
longdatetimeformat = %Y-%m-%dT%H:%M+00:00
[sqlite]
path = {at}/khal.db
"""
_BREAK = "\x1f"  # between the parts of a line, none of which may hold it
_PARTS = _BREAK.join(["{uid}", "{start-long}", "{end-long}", "{title}", "{status}", "{location}"])


def _with_khal(files: tuple[bytes, ...]) -> dict[str, Reading]:
    """Let khal import the files, and list what it has then; it says no SEQUENCE."""
    _need(shutil.which("khal"), "khal: Debian's package")
    with tempfile.TemporaryDirectory() as at:
        (Path(at) / "kept").mkdir()
        (Path(at) / "config").write_text(_CONFIG.format(at=at))
        for number, content in enumerate(files):
            (Path(at) / f"{number}.ics").write_bytes(content)
            _khal(at, "import", "--batch", f"{at}/{number}.ics")
        said = _khal(at, "list", "--once", "--day-format", "", "--format", _PARTS, str(FROM), str(UNTIL))
    found = {}
    for line in said.splitlines():
        uid, starts, ends, title, status, location = line.split(_BREAK)
        moments = (datetime.datetime.fromisoformat(each) for each in (starts, ends))
        found[uid] = Reading(uid, *moments, title, status.strip(), 0, location)
    return found


def _khal(at: str, *command: str) -> str:
    done = subprocess.run(
        ["khal", "-c", f"{at}/config", *command], capture_output=True, check=True, text=True, timeout=60,
        env=os.environ | {"HOME": at, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return done.stdout


def _need(there: object, what: str) -> None:
    if not there:
        (pytest.fail if os.environ.get("REQUIRE_READERS") else pytest.skip)(f"not installed: {what}")


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC)
