"""Who was erased, written down outside of the database, so that a restore from a backup erases them again.

A line says a registration's number, when it was made, and when it was erased: nothing of anybody. The moment at which
it was made belongs to it because a restored database gives the numbers that it lost to other people. The database
itself says who is erased, so a line that could not be written is made up for as long as the database is there.
Why it is made so: docs/decisions/0032-backups.md.
"""

import datetime
import fcntl
import json
import logging
import os
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from registrations.models import Registration

logger = logging.getLogger(__name__)
Key = tuple[int, datetime.datetime]  # of a registration: its number, and when it was made
ENDING = ".jsonl"


@dataclass(frozen=True)
class Found:
    """What stands in some ledgers: who was erased, and the places of lines that cannot be read."""

    keys: frozenset[Key]
    unreadable: tuple[str, ...]


def folder() -> Path:
    """Return where this site keeps its ledger: ERASURES_FOLDER, or var/erasures."""
    return Path(os.environ.get("ERASURES_FOLDER") or settings.VAR_DIR / "erasures")


def note(erased: Sequence[Registration]) -> None:
    """Write down that these were erased, once that is committed. What cannot be written is logged, and made up for."""
    lines = [_line(each.pk, each.created_at, each.anonymised_at) for each in erased]
    transaction.on_commit(partial(_try_to_write, lines))


def complete() -> int:
    """Write down whoever is erased in the database and not in the ledger, and return how many. Raises OSError."""
    known = read([folder()]).keys
    gone = Registration.objects.exclude(anonymised_at=None).order_by("anonymised_at", "pk")
    rows = gone.values_list("pk", "created_at", "anonymised_at")
    lines = [_line(*row) for row in rows if row[:2] not in known]
    if lines:
        _write(lines)
    return len(lines)


def read(places: Iterable[Path]) -> Found:
    """Return what stands in these files, and in the ledgers in these folders. Raises OSError."""
    keys, unreadable = set(), []
    for file in _files(places):
        for number, line in enumerate(file.read_bytes().splitlines(), 1):
            try:
                keys.add(_key(line))
            except (ValueError, KeyError, TypeError):
                unreadable.append(f"{file.name}, line {number}")
    return Found(frozenset(keys), tuple(unreadable))


def _files(places: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        found += sorted(place.glob(f"*{ENDING}")) if place.is_dir() else [place] if place.exists() else []
    return found


def _line(key: int, created_at: datetime.datetime, erased_at: datetime.datetime | None) -> str:
    moments = {"created": created_at, "erased": erased_at}
    said = {name: moment and moment.astimezone(datetime.UTC).isoformat() for name, moment in moments.items()}
    return json.dumps({"registration": key, **said}) + "\n"


def _key(line: bytes) -> Key:
    said = json.loads(line)
    created = datetime.datetime.fromisoformat(said["created"])
    if not isinstance(said["registration"], int) or created.tzinfo is None:
        raise ValueError("This is no line of a ledger.")
    return said["registration"], created


def _try_to_write(lines: list[str]) -> None:
    """Write them, or say in the log that it was not possible: what was asked for is done all the same."""
    try:
        _write(lines)
    except OSError:
        logger.exception("Erasures are not in the ledger; the worker tries again every hour.")


def _write(lines: list[str]) -> None:
    """Add lines to this server's file, and return when they are on the disk; all of them or, with OSError, none."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(_own_file(place), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = _whole(file)
        _append(file, "".join(lines).encode(), size)
        os.fsync(file)
    finally:
        os.close(file)
    if size == 0:
        _sync_folder(place)


def _own_file(place: Path) -> Path:
    """Return this server's file: copies of several lie in one folder, and one that begins anew replaces none there."""
    server = socket.gethostname()
    begun = sorted(place.glob(f"{server}-*{ENDING}"))
    return begun[-1] if begun else place / time.strftime(f"{server}-%Y%m%dT%H%M%SZ{ENDING}", time.gmtime())


def _whole(file: int) -> int:
    """Take away what a power cut left of a last line, and return the size: `complete` writes that line again."""
    size = os.fstat(file).st_size
    rest = os.pread(file, size, 0).rpartition(b"\n")[2] if size and os.pread(file, 1, size - 1) != b"\n" else b""
    if rest:
        os.ftruncate(file, size - len(rest))
    return size - len(rest)


def _append(file: int, words: bytes, size: int) -> None:
    try:
        while words:
            words = words[os.write(file, words) :]
    except OSError:
        os.ftruncate(file, size)
        raise


def _sync_folder(place: Path) -> None:
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
