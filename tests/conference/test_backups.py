"""script/backup: what is in the file, who can read it, and that nothing is left when it cannot be made."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from conference import postgres_programs
from conference.backing_up import archives, backups
from pages.loading import TEXTS
from registrations.models import Registration
from tests.conference.backed_up import back_up, make_key, new_database, restore
from tests.events.two_people import Writer
from tests.registrations.builders import NOW, register
from tests.registrations.somebody import a_day, whole

pytestmark = pytest.mark.age
ROOT = Path(__file__).resolve().parents[2]
DAY = datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def site(test_database, django_db_blocker, tmp_path_factory):
    """A database with somebody of whom everything is held, and an upload; a key, and a backup."""
    from django.test.utils import override_settings

    folder = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "media"):
        mine = whole(a_day())
        (folder / "media" / "photographs").mkdir(parents=True)
        (folder / "media" / "photographs" / "one.webp").write_bytes(b"canary" * 100)
        (folder / "media" / "out").symlink_to("/etc/hostname")
        key = make_key(folder)
        yield folder, key, back_up(folder, key), mine
        call_command("flush", interactive=False, verbosity=0)
        connection.close()


@pytest.fixture
def key(site, django_db_blocker):
    with django_db_blocker.unblock():
        yield site[1]


def opened(file, key, folder):
    """Open a backup by hand, as docs/maintaining.md says, without any code of the site."""
    decrypt = subprocess.run(["age", "-d", "-i", key.file, file], check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", folder], input=decrypt.stdout, check=True)
    return folder


def test_nothing_can_be_read_in_it_without_the_key(site):
    _, _, file, mine = site
    words = file.read_bytes().lower()
    for word in ("canary", mine.reference, "registrations_registration", "pgdmp", "manifest"):
        assert word.lower().encode() not in words, word
    assert words.startswith(b"age-encryption.org/v1")


def test_it_is_named_after_its_moment_and_is_its_owners(site):
    folder, _, file, _ = site
    made = backups.made_at(file)
    assert abs(datetime.datetime.now(datetime.UTC) - made) < datetime.timedelta(minutes=10)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []


def test_it_can_be_opened_by_hand(site, key, tmp_path):
    found = opened(site[2], key, tmp_path)
    assert (found / "media" / "photographs" / "one.webp").read_bytes() == b"canary" * 100
    assert not (found / "media" / "out").exists()
    pieces = b"".join(each.read_bytes() for each in sorted((found / "database").iterdir()))
    program = postgres_programs.client("pg_restore", backups.server_version())
    sql = subprocess.run([program, "-f", "-"], input=pieces, check=True, capture_output=True).stdout.lower()
    assert b"canary carey" in sql and b"create table public.registrations_draft " in sql


def test_what_is_gone_within_a_day_is_not_in_it(site, key, tmp_path):
    found = opened(site[2], key, tmp_path)
    pieces = b"".join(each.read_bytes() for each in sorted((found / "database").iterdir()))
    program = postgres_programs.client("pg_restore", backups.server_version())
    listed = subprocess.run([program, "--list"], input=pieces, check=True, capture_output=True).stdout.decode()
    held = {line.split()[6] for line in listed.splitlines() if " TABLE DATA " in line}
    assert "registrations_registration" in held and not held & backups.LEFT_OUT
    assert set(backups.LEFT_OUT) <= set(connection.introspection.table_names())


def test_several_people_can_read_it_each_with_their_key(key, tmp_path):
    second = make_key(tmp_path, "second")
    (tmp_path / "keys").write_text(f"# the office\n{key.public}\n{second.public}\n")
    for said in (f"{key.public}, {second.public}", str(tmp_path / "keys")):
        (tmp_path / "here").mkdir(exist_ok=True)
        call_command("backup", folder=str(tmp_path / "here"), recipients=said, verbosity=0)
        [file] = (tmp_path / "here").iterdir()
        for each in (key, second):
            assert archives.checked(file, each.file).rows["registrations_registration"] >= 2
        file.unlink()


def test_it_is_of_one_moment(site, key, tmp_path, monkeypatch):
    """Somebody who is committed while the dump is being made is not in the numbers, and not in the dump."""
    count, writer = backups.count_rows, Writer()

    def counted():
        rows = count()
        writer.do(lambda: Registration.objects.filter(pk=site[3].pk).update(name="Changed"))
        writer.do(lambda: register(a_day(title="Another day"), "Late"))
        return rows

    monkeypatch.setattr(backups, "count_rows", counted)
    file = back_up(tmp_path, key)
    monkeypatch.undo()
    writer.leave()
    assert Registration.objects.filter(name__in=["Changed", "Late"]).count() == 2
    with new_database():
        good, said = restore(file, key, tmp_path / "media")
        assert good, said
        assert Registration.objects.filter(name__in=["Changed", "Late"]).count() == 0


# What goes wrong leaves nothing


def refused(folder, **given):
    with pytest.raises(CommandError) as refusal:
        call_command("backup", **{"folder": str(folder), **given})
    assert not folder.is_dir() or list(folder.iterdir()) == []
    return str(refusal.value)


@pytest.mark.parametrize("missing", ["folder", "recipients"])
def test_without_a_key_or_a_folder_it_says_what_to_set(key, tmp_path, missing):
    given = {"folder": str(tmp_path / "there"), "recipients": key.public, missing: None}
    with pytest.raises(CommandError, match=r"Set BACKUP_RECIPIENTS .* and BACKUP_FOLDER"):
        call_command("backup", **given)
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize(
    ("recipients", "words"),
    [
        ("age1nokeyatall", "malformed recipient"),
        ("nowhere.txt", "neither a public key"),
    ],
)
def test_a_key_that_is_none_is_a_sentence(key, tmp_path, recipients, words):
    with pytest.raises(CommandError, match=words):
        call_command("backup", folder=str(tmp_path / "there"), recipients=recipients)
    assert not (tmp_path / "there").exists() or list((tmp_path / "there").iterdir()) == []


def test_a_secret_key_is_no_recipient(key, tmp_path):
    said = refused(tmp_path / "there", recipients=str(key.file))
    assert "No backup was made" in said and "AGE-SECRET-KEY" not in said


def test_a_dump_that_breaks_off_leaves_nothing_and_quotes_nobody(key, tmp_path, monkeypatch):
    broken = tmp_path / "pg_dump"
    broken.write_text("#!/bin/sh\necho PGDMP\necho 'pg_dump: error: it broke' >&2\necho 'DETAIL: canary' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(postgres_programs, "client", lambda name, major: broken)
    said = refused(tmp_path / "there", recipients=key.public)
    assert said == "No backup was made. pg_dump ended with 3. pg_dump: error: it broke"


def test_a_missing_age_says_how_to_install_it(key, tmp_path, monkeypatch):
    monkeypatch.setattr(archives.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres_programs, "client", lambda name, major: Path("pg_dump"))
    assert "apt-get install age" in refused(tmp_path / "there", recipients=key.public)


def test_a_folder_that_cannot_be_written_into_is_a_sentence(key, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    said = refused(tmp_path / "file" / "there", recipients=key.public)
    assert said.startswith("No backup was made.") and "Not a directory" in said


def test_a_full_disk_leaves_nothing(site, key, tmp_path):
    """The command in a process whose files may grow to 16 KB: what age writes meets that as it does a full disk."""
    given = connection.get_connection_params()
    here = f"postgresql://{given['user']}@/{given['dbname']}?host={given['host']}&port={given['port']}"
    environment = os.environ | {"DATABASE_URL": here, "PYTHONDONTWRITEBYTECODE": "1", "VAR_DIR": str(site[0])}
    command = [sys.executable, "manage.py", "backup", "--folder", tmp_path / "there", "--recipients", key.public]
    run = subprocess.run(
        ["bash", "-c", 'ulimit -f 16; exec "$@"', "bash", *command],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1 and "No backup was made. age could not write the file" in run.stderr, run.stderr
    assert list((tmp_path / "there").iterdir()) == []


# Old ones go


def named(folder, age):
    file = folder / (NOW - age).strftime("conference-%Y%m%dT%H%M%SZ.tar.age")
    file.write_text("old")
    return file


def test_those_that_are_too_old_are_deleted_and_nothing_else(tmp_path):
    old, kept = named(tmp_path, 31 * DAY), named(tmp_path, 30 * DAY)
    other = tmp_path / "conference-20200101T000000Z.tar.age.copy"
    other.write_text("somebody's")
    left, under_way = (tmp_path / f".conference-{name}.tar.age.part" for name in ("left", "now"))
    left.write_text("")
    under_way.write_text("")
    os.utime(left, (0, (NOW - 2 * DAY).timestamp()))
    os.utime(under_way, (0, NOW.timestamp()))
    assert backups.forget(tmp_path, 30, NOW) == [old]
    assert set(tmp_path.iterdir()) == {kept, other, under_way}


def test_they_are_deleted_only_when_the_new_one_is_there(key, tmp_path):
    old = tmp_path / "conference-20200101T000000Z.tar.age"
    old.write_text("old")
    with pytest.raises(CommandError):
        call_command("backup", folder=str(tmp_path), recipients="age1nokeyatall")
    assert old.exists()
    back_up(tmp_path, key)
    assert not old.exists()


@pytest.mark.parametrize("days", [0, 31])
def test_they_are_kept_for_as_long_as_the_privacy_page_says(key, tmp_path, days):
    with pytest.raises(CommandError, match="must be from 1 to 30"):
        call_command("backup", folder=str(tmp_path), recipients=key.public, keep_days=days)
    assert "deleted after 30 days" in (TEXTS / "privacy.md").read_text()


# Which pg_dump


def program(folder, version):
    folder.mkdir()
    (folder / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    (folder / "pg_dump").chmod(0o755)
    return folder


@pytest.mark.parametrize(("major", "fits"), [(15, "15.4"), (16, "17.2"), (17, "17.2")])
def test_that_of_the_servers_version_or_the_next_newer(tmp_path, monkeypatch, major, fits):
    folders = [program(tmp_path / version, version) for version in ("18.1", "15.4", "17.2", "14.1")]
    monkeypatch.setattr(postgres_programs, "wheel_programs", lambda: None)
    monkeypatch.setattr(postgres_programs, "system_programs", lambda: [*folders, tmp_path / "without"])
    monkeypatch.setattr(postgres_programs.shutil, "which", lambda name: None)
    assert postgres_programs.client("pg_dump", major) == tmp_path / fits / "pg_dump"
    with pytest.raises(postgres_programs.NoPostgres, match=r"19 or newer .* are: 14, 15, 17, 18\."):
        postgres_programs.client("pg_dump", 19)
