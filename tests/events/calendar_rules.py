"""What RFC 5545, RFC 7986 (iCalendar) and RFC 4287 (Atom) ask of our files, written out by field.

`faults` and `atom_faults` return one sentence for each rule that a file breaks, which begins with the field's name.
"""

import datetime
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)\Z", re.DOTALL)
_TEXT = re.compile(r"(?:[^\\;,\n]|\\[\\;,nN])*\Z")
_UTC = re.compile(r"\d{8}T\d{6}Z\Z")
_LOCAL = re.compile(r"\d{8}T\d{6}Z?\Z")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME")
ONCE = {
    "VCALENDAR": ("PRODID", "VERSION"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE", "URL", "LAST-MODIFIED"),
    "VTIMEZONE": ("TZID",),
    "STANDARD": ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"),
    "DAYLIGHT": ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"),
}


@dataclass
class Part:
    """A component with its lines (name, parameters, value) and the components in it."""

    name: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        return [value for each, _, value in self.lines if each == name]

    def value(self, name: str) -> str:
        return next(iter(self.values(name)), "")

    def whole(self) -> Iterator["Part"]:
        yield self
        for part in self.parts:
            yield from part.whole()


def faults(content: bytes) -> list[str]:
    """Return which rules a calendar file breaks."""
    found = list(_faults_of_lines(content))
    try:
        whole = _read(content)
    except ValueError as error:
        return [*found, str(error)]
    for part in whole.whole():
        found += _faults_of_part(part)
    events = [part for part in whole.parts if part.name == "VEVENT"]
    zones = [part.value("TZID") for part in whole.parts if part.name == "VTIMEZONE"]
    found += [
        f"UID twice: {uid}" for uid, number in Counter(each.value("UID") for each in events).items() if number > 1
    ]
    found += [f"TZID twice: {zone}" for zone, number in Counter(zones).items() if number > 1]
    used = {zone for event in events for _, given, _ in event.lines for zone in re.findall(r";TZID=([^;:]+)", given)}
    found += [f"TZID without its VTIMEZONE: {zone}" for zone in used - set(zones)]
    return found


def _faults_of_lines(content: bytes) -> Iterator[str]:
    if not content.endswith(b"\r\n") or re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        yield "line: ends otherwise than with CRLF"
    for line in content.split(b"\r\n"):
        if len(line) > 75:
            yield f"line: longer than 75 octets: {line[:20]!r}"
        try:
            words = line.decode()
        except UnicodeDecodeError:
            yield f"line: folded within a letter: {line[:20]!r}"
        else:
            if re.search("[\0-\x08\x0a-\x1f\x7f]", words):
                yield f"line: control character: {line[:20]!r}"


def _read(content: bytes) -> Part:
    """Return the calendar. Raises ValueError for what is no calendar at all."""
    lines = content.decode(errors="replace").replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")
    stack: list[Part] = []
    for number, line in enumerate(lines):
        if not line and number == len(lines) - 1:
            break
        if not (fits := _LINE.match(line)):
            raise ValueError(f"line: no content line: {line[:40]}")
        name, given, value = fits.groups()
        if name == "BEGIN":
            stack.append(Part(value))
        elif name == "END":
            part = stack.pop()
            if part.name != value:
                raise ValueError(f"END: {value} ends {part.name}")
            if not stack:
                return part
            stack[-1].parts.append(part)
        else:
            stack[-1].lines.append((name, given, value))
    raise ValueError("END: nothing ends the calendar")


def _faults_of_part(part: Part) -> Iterator[str]:
    for name in ONCE.get(part.name, ()):
        if len(part.values(name)) != 1:
            yield f"{name}: {len(part.values(name))} in a {part.name}"
    for name in ("LOCATION", "DESCRIPTION", "GEO", "METHOD", "NAME", "SOURCE", "REFRESH-INTERVAL"):
        if len(part.values(name)) > 1:
            yield f"{name}: more than one"
    for name, _, value in part.lines:
        if name in TEXTS and not _TEXT.match(value):
            yield f"{name}: not escaped: {value[:40]}"
    if part.name == "VCALENDAR":
        yield from _faults_of_calendar(part)
    if part.name == "VEVENT":
        yield from _faults_of_event(part)
    if part.name == "VTIMEZONE" and not part.parts:
        yield "VTIMEZONE: without a STANDARD or DAYLIGHT"


def _faults_of_calendar(part: Part) -> Iterator[str]:
    if part.value("VERSION") != "2.0":
        yield "VERSION: is not 2.0"
    for name, given, value in part.lines:
        if name == "REFRESH-INTERVAL" and (given != ";VALUE=DURATION" or not re.match(r"P[TDHMSW\d]+\Z", value)):
            yield "REFRESH-INTERVAL: no duration"
        if name == "SOURCE" and (given != ";VALUE=URI" or not re.match(r"https?://", value)):
            yield "SOURCE: no address"


def _faults_of_event(part: Part) -> Iterator[str]:
    if not _UUID.match(part.value("UID")):
        yield "UID: no UUID, as RFC 7986 asks"
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        if not _UTC.match(part.value(name)):
            yield f"{name}: not in UTC"
    for name in ("DTSTART", "DTEND"):
        if not _LOCAL.match(part.value(name)):
            yield f"{name}: no moment"
        for given, value in ((given, value) for each, given, value in part.lines if each == name):
            if (";TZID=" in given) == value.endswith("Z"):
                yield f"{name}: a zone and UTC, or neither"
    if part.value("STATUS") not in ("CONFIRMED", "TENTATIVE", "CANCELLED"):
        yield "STATUS: unknown"
    if not part.value("SEQUENCE").isdecimal():
        yield "SEQUENCE: no number"
    if not re.match(r"https?://\S+\Z", part.value("URL")):
        yield "URL: not absolute"
    organisers = [value for name, _, value in part.lines if name == "ORGANIZER"]
    if len(organisers) != 1 or not re.match(r"mailto:[^@\s]+@\S+\Z", organisers[0]):
        yield "ORGANIZER: not exactly one, as RFC 5546 asks of PUBLISH"
    if geo := part.value("GEO"):
        latitude, _, longitude = geo.partition(";")
        if not (abs(float(latitude)) <= 90 and abs(float(longitude or "999")) <= 180):
            yield "GEO: nowhere"


_ATOM = "{http://www.w3.org/2005/Atom}"


def atom_faults(content: bytes) -> list[str]:
    """Return which rules an Atom feed breaks. Raises ParseError for what is no XML."""
    feed = ET.fromstring(content)
    found = [] if feed.tag == f"{_ATOM}feed" else ["feed: another element"]
    for part in (feed, *feed.findall(f"{_ATOM}entry")):
        found += _faults_of_atom(part)
    if feed.find(f"{_ATOM}author/{_ATOM}name") is None:
        found.append("author: missing")
    ids = Counter(each.findtext(f"{_ATOM}id") for each in feed.findall(f"{_ATOM}entry"))
    return found + [f"id twice: {each}" for each, number in ids.items() if number > 1]


def _faults_of_atom(part: ET.Element) -> Iterator[str]:
    for name in ("id", "title", "updated"):
        if len(part.findall(f"{_ATOM}{name}")) != 1 or not part.findtext(f"{_ATOM}{name}"):
            yield f"{name}: not exactly one"
    try:
        moment = datetime.datetime.fromisoformat(part.findtext(f"{_ATOM}updated") or "")
    except ValueError:
        yield "updated: no moment"
    else:
        if moment.tzinfo is None:
            yield "updated: without its offset"
    if not re.match(r"urn:uuid:", part.findtext(f"{_ATOM}id") or ""):
        yield "id: no IRI of its own"
    for link in part.findall(f"{_ATOM}link"):
        if not re.match(r"https?://", link.get("href", "")):
            yield "link: not absolute"
