"""Puts a backup into an empty database, and brings it to today: migrations, what is over, who was erased since.

First the whole file is read and found right; until then nothing is touched. Each step is said as a line with yes or NO,
and none is left out because one before it went wrong, so that whoever restores at night sees all of it at once.
"""

import datetime
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import psycopg
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from conference import postgres_programs
from conference.backing_up import archives, backups, postgres_clients
from conference.backing_up.archives import DATABASE, MEDIA, Manifest, NotDone
from registrations import invariants
from registrations.data_rights import erasing, erasure_ledger, retention
from registrations.models import Invoice, Message, MessageState, Registration
from registrations.problems import Busy, Refused

# Numbers that were given after the backup was made, to rows that are lost, are not given again.
SPARED = 10_000


@dataclass
class Verdict:
    """The lines so far."""

    print: Callable[[str], None]
    good: bool = True

    def say(self, good: bool, words: str) -> None:
        """Print one line, and remember whether all was right."""
        self.good &= good
        self.print(f"{'yes' if good else 'NO ':<5}{words}")


@dataclass(frozen=True)
class Source:
    """What is restored: a backup, the key that opens it, and who was erased."""

    file: Path
    identity: Path
    erased: erasure_ledger.Found


def restore(source: Source, media: Path, now: datetime.datetime, verdict: Verdict) -> None:
    """Restore into Django's database, which must be empty, and into an empty folder; say all in the verdict.

    Raises NotDone, DatabaseError, OSError and NoPostgres when it could not be done at all.
    """
    manifest = archives.checked(source.file, source.identity)
    verdict.say(True, f"the backup of {manifest.made_at} can be read to its end")
    _refuse_unfit(manifest)
    _refuse_full(media)
    _load(source, manifest, media)
    _compare(manifest, media, verdict)
    call_command("migrate", interactive=False, verbosity=0)
    _say_erased(source.erased, verdict)
    _spare_numbers()
    _bring_to_today(source.erased, now, verdict)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    waiting = Message.objects.filter(state=MessageState.QUEUED).count()
    verdict.say(True, f"messages that go out once the worker runs, perhaps a second time: {waiting:,}")
    broken = invariants.broken(now)
    verdict.say(not broken, "; ".join(broken) or "the invariants hold: places, choices, waiting lists, messages")


def make_database() -> None:
    """Make Django's database unless it is there. Raises OperationalError when it neither is nor can be made."""
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        name = str(connection.settings_dict["NAME"])
        given = {**connection.get_connection_params(), "dbname": "postgres", "autocommit": True}
        try:
            with psycopg.connect(**_of_libpq(given)) as server:
                server.execute(f"CREATE DATABASE {connection.ops.quote_name(name)} ENCODING 'UTF8' TEMPLATE template0")
        except psycopg.Error:
            raise problem from None
        connection.ensure_connection()


def _of_libpq(given: dict) -> dict:
    return {name: value for name, value in given.items() if name not in ("context", "cursor_factory")}


def refuse_used() -> None:
    """Raise NotDone unless Django's database is empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')"
            " AND relnamespace = ANY (SELECT oid FROM pg_namespace"
            " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')"
        )
        found = cursor.fetchone()[0]
    if found:
        raise NotDone(
            f"The database {connection.settings_dict['NAME']} is not empty ({found} tables and the like). "
            "Name one that is new: it is made."
        )


def _refuse_unfit(manifest: Manifest) -> None:
    """Raise NotDone if this server is older than the backup's, or this code than its database."""
    if (server := backups.server_version()) < manifest.server:
        raise NotDone(
            f"The backup is of PostgreSQL {manifest.server}, this server is {server}: it needs the same or newer."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := set(manifest.migrations) - known:
        raise NotDone(
            f"The backup is of a newer release of this site, with {', '.join(sorted(newer))}. Restore with its code."
        )


def _refuse_full(media: Path) -> None:
    if media.exists() and any(media.iterdir()):
        raise NotDone(f"The folder for uploads, {media}, is not empty. Move it away, or give --media another one.")


def _load(source: Source, manifest: Manifest, media: Path) -> None:
    """Give the pieces of the dump to pg_restore, and then write the uploads."""
    program = postgres_programs.client("pg_restore", max(manifest.dumped_by, backups.server_version()))
    options = ["--no-owner", "--no-privileges", "--no-comments", "--single-transaction", "--exit-on-error"]
    with archives.opened(source.file, source.identity) as parts:
        with postgres_clients.loading(program, *options) as stream:
            for name, content in parts:
                if not name.startswith(DATABASE):
                    break  # the dump is over
                shutil.copyfileobj(content, stream, archives.PIECE)
        media.mkdir(parents=True, exist_ok=True)
        while name.startswith(MEDIA):
            _write(_below(media, name.removeprefix(MEDIA)), content)
            name, content = next(parts)  # the manifest comes last


def _below(folder: Path, name: str) -> Path:
    """Return the path of an upload. Raises NotDone for a name that leads out of the folder."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute():
        raise NotDone(f"The backup has an upload with a name that leads elsewhere: {name!r}.")
    return folder.joinpath(*parts)


def _write(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        shutil.copyfileobj(content, file, archives.PIECE)


def _compare(manifest: Manifest, media: Path, verdict: Verdict) -> None:
    """Say whether the database and the uploads are what the manifest says."""
    rows = backups.count_rows()
    other = sorted(name for name in rows.keys() | manifest.rows.keys() if rows.get(name) != manifest.rows.get(name))
    people = rows.get("registrations_registration", 0)
    words = f"{people:,} registrations, and {sum(rows.values()):,} rows in all, as the manifest says"
    verdict.say(not other, f"other numbers of rows than the manifest says: {', '.join(other)}" if other else words)
    found = {path.relative_to(media).as_posix(): _hash(path) for path in media.rglob("*") if path.is_file()}
    verdict.say(found == manifest.media, f"{len(found):,} uploads, the same to the byte")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return archives.hash_of(file)


def _say_erased(erased: erasure_ledger.Found, verdict: Verdict) -> None:
    """Say whether the ledger can be the right one: it has whoever was erased when the backup was made."""
    gone = Registration.objects.exclude(anonymised_at=None).values_list("pk", "created_at")
    missing = sum(key not in erased.keys for key in gone)
    verdict.say(
        not missing,
        f"the ledger of erasures names {len(erased.keys):,}"
        + (f", but not {missing:,} who were erased before the backup: is it the right one, and whole?" * bool(missing)),
    )
    if erased.unreadable:
        verdict.say(False, f"lines of the ledger that cannot be read: {', '.join(erased.unreadable)}")


def _spare_numbers() -> None:
    """Leave out the numbers that were given since: payers know invoices by theirs, and those are lost."""
    with connection.cursor() as cursor:
        for model in (Invoice, Registration):
            sequence = "pg_get_serial_sequence(%s, 'id')"
            cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + {SPARED})", [model._meta.db_table] * 2)


def _bring_to_today(erased: erasure_ledger.Found, now: datetime.datetime, verdict: Verdict) -> None:
    """Delete what is over by now, and erase again whoever was erased, whatever is wrong with some of them."""
    retention.forget(now)
    named = Registration.objects.filter(anonymised_at=None, pk__in=[key for key, _ in erased.keys])
    again = [each for each in named.order_by("pk") if (each.pk, each.created_at) in erased.keys]
    for each in again:
        try:
            erasing.erase_again(each, now)
        except (Refused, Busy) as problem:
            verdict.say(False, f"registration {each.pk} was erased, and cannot be again: {problem!r}")
    verdict.say(True, f"erased since, and now erased again: {len(again):,}")
