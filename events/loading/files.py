"""A programme's file: read, and checked in full before anything is made of it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from events.loading import keys
from events.loading.keys import FileProblem

LISTS = {
    "rooms": keys.ROOM,
    "organisations": keys.ORGANISATION,
    "people": keys.PERSON,
    "series": keys.SERIES,
    "sessions": keys.SESSION,
}


@dataclass(frozen=True)
class ProgrammeFile:
    """What one file says of one event. Its tables have known keys, and everything they refer to is in it."""

    name: str
    tables: dict

    @property
    def event(self) -> dict:
        """The event's own table."""
        return self.tables["event"]

    @property
    def is_sample(self) -> bool:
        """Whether it is the invented edition, which has no day of its own."""
        return self.event.get("is_sample", False)

    @property
    def venue(self) -> dict | None:
        """The venue's table, if the file has one."""
        return self.tables.get("venue")

    def rows(self, table: str) -> list[dict]:
        """The tables of one list, such as "sessions", in the order of the file."""
        return self.tables.get(table, [])

    def where(self, table: str, row: dict) -> str:
        """How a sentence names one table of this file."""
        return f"{self.name}, {table}, “{_name(row)}”"


def read(path: Path) -> ProgrammeFile:
    """Return what the file says. Raises FileProblem, naming file and key, if it says it wrongly."""
    programme = ProgrammeFile(path.name, read_tables(path.read_bytes(), path.name))
    _check_event(programme)
    _check_lists(programme)
    _check_references(programme)
    return programme


def read_tables(content: bytes, name: str) -> dict:
    """Return the TOML as a dictionary. Raises FileProblem, naming the file and the line, if it is none."""
    try:
        return tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileProblem(f"{name}: this is not valid TOML: {error}.") from error


def _check_event(programme: ProgrammeFile) -> None:
    known = {"event", "venue", *LISTS}
    for table in programme.tables:
        if table not in known:
            raise FileProblem(
                f"{programme.name}: the key “{table}” is not known. Known are: {', '.join(sorted(known))}."
            )
    event, where = programme.tables.get("event"), f"{programme.name}, event"
    if isinstance(event, dict) and event.get("is_listing"):
        keys.LISTING.check(event, where)
        return
    keys.EVENT.check(event, where)
    for key in ("starts", "ends") if programme.is_sample else ("day", "starts", "ends"):
        if key not in event:
            raise FileProblem(f"{where}: the key “{key}” is missing.")
    if programme.is_sample and "day" in event:
        raise FileProblem(f"{where}: a sample has no “day”; the loader gives it one in the future.")
    if programme.venue is not None:
        keys.VENUE.check(programme.venue, f"{programme.name}, venue")
    elif programme.rows("rooms"):
        raise FileProblem(f"{programme.name}: there are “rooms” but no “venue” that they are in.")


def _check_lists(programme: ProgrammeFile) -> None:
    for table, known in LISTS.items():
        if not isinstance(programme.rows(table), list):
            raise FileProblem(f"{programme.name}: “{table}” has to be {keys.WORDS[list]}.")
        seen = set()
        for number, row in enumerate(programme.rows(table), 1):
            known.check(row, f"{programme.name}, {table}, number {number} (“{_name(row)}”)")
            if _name(row) in seen:
                raise FileProblem(f"{programme.where(table, row)}: this stands in the file twice.")
            seen.add(_name(row))


def _check_references(programme: ProgrammeFile) -> None:
    """Whatever one table names of another has to be in the file."""
    names = {table: {_name(row) for row in programme.rows(table)} for table in LISTS}
    for where, key, table, value in _references(programme):
        if str(value) not in names[table]:
            raise FileProblem(f"{where}: “{key}” is “{value}”, which is not among the {table} of this file.")


def _references(programme: ProgrammeFile) -> Iterator[tuple[str, str, str, object]]:
    for person in programme.rows("people"):
        if "organisation" in person:
            yield programme.where("people", person), "organisation", "organisations", person["organisation"]
    for session in programme.rows("sessions"):
        where = programme.where("sessions", session)
        for key, table in (("room", "rooms"), ("series", "series")):
            if key in session:
                yield where, key, table, session[key]
        for appearance in session.get("appearances", []):
            keys.APPEARANCE.check(appearance, f"{where}, appearances")
            named = [key for key in ("person", "organisation") if key in appearance]
            if len(named) != 1:
                raise FileProblem(f"{where}, appearances: each names a “person” or an “organisation”, one of the two.")
            yield where, named[0], {"person": "people", "organisation": "organisations"}[named[0]], appearance[named[0]]


def _name(row: object) -> str:
    """What a table is called by: its slug, else its name or number."""
    if not isinstance(row, dict):
        return "?"
    return str(row.get("slug") or row.get("name") or row.get("number") or "?")
