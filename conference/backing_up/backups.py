"""Makes a backup: the database as it is at one moment, and the uploads, in one encrypted file (see `archives`).

What must be gone within a day, and who is signed in, is left out: drafts, lost links, counts of attempts, sessions.
"""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from conference import postgres_programs
from conference.backing_up import archives, postgres_clients
from conference.backing_up.archives import Manifest, Writer
from registrations.models import Draft, DraftAccess, LinkRequest, RateCount

LEFT_OUT = frozenset(model._meta.db_table for model in (Draft, DraftAccess, LinkRequest, RateCount, Session))
NAMED = re.compile(r"conference-(\d{8}T\d{6}Z)\.tar\.age")
_STAMP = "%Y%m%dT%H%M%SZ"
_UNFINISHED = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Made:
    """A backup that was made."""

    file: Path
    manifest: Manifest


def make(folder: Path, recipients: list[str], now: datetime.datetime) -> Made:
    """Write a backup into a folder, for whoever holds the keys of these recipients (arguments of age).

    Nothing is left in the folder when it cannot be made whole. Raises NotDone, OSError and NoPostgres.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / now.astimezone(datetime.UTC).strftime(f"conference-{_STAMP}.tar.age")
    program = postgres_programs.client("pg_dump", server_version())
    with archives.written(file, recipients) as archive:
        with _snapshot() as snapshot:
            rows, applied = count_rows(), migrations()
            _add_dump(archive, program, snapshot)
        # After the database: an upload that it names was there before it was named.
        _add_uploads(archive)
        version = postgres_programs.version_of(program) or 0
        manifest = Manifest(now.isoformat(), server_version(), version, applied, rows, archive.parts)
        archive.add_manifest(manifest)
    return Made(file, manifest)


def forget(folder: Path, days: int, now: datetime.datetime) -> list[Path]:
    """Delete the backups in a folder that are older, and what killed runs left behind; return the backups deleted."""
    old = [file for file in sorted(folder.iterdir()) if (made := made_at(file)) and made < now - _days(days)]
    for file in old:
        file.unlink()
    for file in folder.glob(".conference-*.part"):
        if file.stat().st_mtime < (now - _UNFINISHED).timestamp():
            file.unlink()
    return old


def made_at(file: Path) -> datetime.datetime | None:
    """Return when a backup was made, by its name, or None when the file is not named as one."""
    found = NAMED.fullmatch(file.name)
    return datetime.datetime.strptime(found[1], _STAMP).replace(tzinfo=datetime.UTC) if found else None


def server_version() -> int:
    """Return the major version of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def count_rows() -> dict[str, int]:
    """Return how many rows each table has that a backup holds; a table that is left out has none in it."""
    tables = sorted(connection.introspection.table_names())
    with connection.cursor() as cursor:
        return {table: 0 if table in LEFT_OUT else _count(cursor, table) for table in tables}


def migrations() -> list[str]:
    """Return the migrations that were applied to the database."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _count(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
    return int(cursor.fetchone()[0])


@contextmanager
def _snapshot() -> Iterator[str]:
    """Give the name of a moment of the database: what is asked meanwhile is as it was then, and for pg_dump as well."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _add_dump(archive: Writer, program: Path, snapshot: str) -> None:
    without = [f"--exclude-table-data={table}" for table in sorted(LEFT_OUT)]
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", *without]
    with postgres_clients.dumping(program, *options) as stream:
        archive.add_dump(stream)


def _add_uploads(archive: Writer) -> None:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # deleted this very moment
        with file:
            archive.add_upload(path.relative_to(root).as_posix(), file)


def _days(days: int) -> datetime.timedelta:
    return datetime.timedelta(days=days)
