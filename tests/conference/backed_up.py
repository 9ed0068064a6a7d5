"""What tests of backups stand on: keys, a database to restore into, and what is left of a word in it."""

import contextlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from conference.backing_up import archives, restoring
from conference.backing_up.restoring import Source, Verdict
from registrations.data_rights.erasure_ledger import Found
from tests.registrations.builders import NOW

NOBODY = Found(frozenset(), ())


@dataclass(frozen=True)
class Key:
    """A pair of keys of age: the file with the secret one, and the public one."""

    file: Path
    public: str


def make_key(folder, name="key"):
    """Return a new pair."""
    file = folder / f"{name}.txt"
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", file], check=True, capture_output=True, text=True).stdout.strip()
    return Key(file, public)


def back_up(folder, key, **options):
    """Make a backup as the command does, and return its file."""
    before = set(folder.glob("*.age"))
    call_command("backup", folder=str(folder), recipients=key.public, verbosity=0, **options)
    [file] = set(folder.glob("*.age")) - before
    return file


def encrypted(file, key, write):
    """Make a file as a backup is made, with what `write` puts into it, and return it."""
    with archives.written(file, ["--recipient", key.public]) as archive:
        write(archive)
    return file


@contextlib.contextmanager
def new_database():
    """Give an empty database of which Django believes that it is its own; it is dropped afterwards."""
    usual = connection.settings_dict["NAME"]
    new = f"{usual}_new"
    connection.close()
    connection.settings_dict["NAME"] = new
    try:
        restoring.make_database()
        yield new
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{new}"')


def address(name):
    """Return the DATABASE_URL of a database beside that of the tests."""
    given = connection.get_connection_params()
    return f"postgresql://{given['user']}@/{name}?host={given['host']}&port={given['port']}"


def restore(file, key, media, erased=NOBODY, now=NOW):
    """Restore into Django's database, and return whether all was right, and what was said."""
    said = []
    verdict = Verdict(said.append)
    restoring.restore(Source(file, key.file, erased), media, now, verdict)
    return verdict.good, "\n".join(said)


def objections(said):
    """Return the lines with NO."""
    return [line for line in said.splitlines() if line.startswith("NO")]
