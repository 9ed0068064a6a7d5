"""Where stored pages are kept: in the memory of each process, and on the disk of each server.

The memory is what is fast. The disk is what a process that has just started still has when PostgreSQL is away, and what
spares a second process the work of the first. Either may be emptied at any time; nothing but speed, and the pages of a
storm, is lost by it.
"""

import fcntl
import hashlib
import logging
import os
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cachetools import LRUCache
from django.conf import settings
from django.core.cache import caches

log = logging.getLogger(__name__)

MEMORY = 24 * 1024 * 1024  # bytes of one process
LARGEST = 4 * 1024 * 1024  # bytes of one page, in all its encodings; a larger one is made anew each time
PATIENCE = 2.0  # seconds that one request waits for another that is making the same page
_LOCKS = 64

_guard = threading.Lock()
_newest = 0
_memory: LRUCache[str, Any] = LRUCache(MEMORY, getsizeof=lambda page: page.size)


def recall(key: str) -> Any | None:
    """Return what this process remembers under a key, or None."""
    with _guard:
        return _memory.get(key)


def remember(key: str, page: Any) -> None:
    """Remember a page (whose `size` says how many bytes it takes) in this process; the least used go for it."""
    if page.size <= LARGEST:
        with _guard:
            _memory[key] = page


def forget() -> None:
    """Forget everything that this process remembers."""
    global _newest
    with _guard:
        _memory.clear()
        _newest = 0


def read(key: str) -> dict[str, Any] | None:
    """Return what the disk holds under a key, or None; a file that cannot be read is none."""
    try:
        return caches["pages"].get(_name(key))
    except Exception as error:  # written by another release, or cut short: the page is made again
        log.warning("A stored page could not be read: %s", type(error).__name__)
        return None


def write(key: str, page: dict[str, Any], size: int) -> None:
    """Keep a page of plain values on the disk; a disk that is full or may not be written keeps what it has."""
    if size > LARGEST:
        return
    try:
        caches["pages"].set(_name(key), page)
    except OSError as error:
        log.warning("A page could not be stored: %s", error.strerror)


def note_newest(number: int) -> None:
    """Note the number of the programme that PostgreSQL has just said, if it is newer than this server knows."""
    global _newest
    if number > _newest:
        _newest = number
        if _newest_on_disk() < number:
            try:
                _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
                unfinished = _folder() / f"newest.{os.getpid()}.{threading.get_ident()}"
                unfinished.write_text(str(number))
                unfinished.replace(_folder() / "newest")
            except OSError as error:
                log.warning("The programme's number could not be stored: %s", error.strerror)


def newest() -> int:
    """Return the newest number of the programme that any process of this server has heard of."""
    return max(_newest, _newest_on_disk())


def _newest_on_disk() -> int:
    # In a file of its own: from a cache that is full, anything may be thrown out.
    try:
        return int((_folder() / "newest").read_text())
    except (OSError, ValueError):
        return 0


def _folder() -> Path:
    return Path(settings.CACHES["pages"]["LOCATION"])


def _name(key: str) -> str:
    """Return what the disk calls it: an address may be long, and hold any letter."""
    return hashlib.sha256(key.encode()).hexdigest()


@contextmanager
def one_at_a_time(key: str, patience: float | None = None) -> Iterator[bool]:
    """Let one request of this server make a page while the others wait for it, for `patience` seconds at most.

    None is PATIENCE. Give whether it is ours to make; where the disk cannot be written, it is everybody's. The lock is
    a file's, so that it holds between processes as between threads, and ends with whoever held it.
    """
    file, until = _lock_file(key), time.monotonic() + (PATIENCE if patience is None else patience)
    try:
        ours = file is None or _locked(file)
        while not ours and time.monotonic() < until:
            time.sleep(0.01)
            ours = _locked(file)
        yield ours
    finally:
        if file:
            file.close()


def _lock_file(key: str) -> IO[bytes] | None:
    """Return one of a few files to lock, opened for this request alone; None where the disk cannot be written."""
    folder = _folder() / "locks"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (folder / str(zlib.crc32(key.encode()) % _LOCKS)).open("ab")
    except OSError:
        return None


def _locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
