"""script/restore: what comes back, who does not, and what is refused before anything is touched."""

import datetime
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from conference import postgres_programs
from conference.backing_up import backups, restoring
from conference.backing_up.archives import MANIFEST, Manifest, NotDone
from registrations import booking
from registrations.data_rights import erasing, erasure_ledger
from registrations.data_rights.erasure_ledger import Found
from registrations.models import Message, Offer, Registration
from tests.conference.backed_up import (
    NOBODY,
    address,
    back_up,
    encrypted,
    make_key,
    new_database,
    objections,
    restore,
)
from tests.registrations.builders import NOW, register, state
from tests.registrations.canaries import left_of
from tests.registrations.somebody import a_day, whole

pytestmark = pytest.mark.age
ROOT = Path(__file__).resolve().parents[2]
SECOND = datetime.timedelta(seconds=1)


class Before:
    """What there was when the backup was made: a day of two, one of whom has “canary” in all they typed."""

    def __init__(self, folder):
        self.folder, self.key = folder, make_key(folder)
        self.day = a_day()
        self.mine = whole(self.day)
        self.waits = register(self.day, "Waits", take=[self.day.b1], wait=[self.day.a1])
        self.gone = erasing.erase(register(self.day, "Gone before"), NOW)
        (folder / "media" / "photographs").mkdir(parents=True)
        (folder / "media" / "photographs" / "one.webp").write_bytes(os.urandom(100_000))
        self.file = back_up(folder, self.key)
        self.people = dict(Registration.objects.values_list("pk", "reference"))

    def erased(self, *more):
        """A ledger with whoever was erased before, and more."""
        return Found(frozenset((each.pk, each.created_at) for each in (self.gone, *more)), ())


@pytest.fixture(scope="module")
def made(test_database, django_db_blocker, tmp_path_factory):
    from django.test.utils import override_settings

    folder = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "media"):
        yield Before(folder)
        call_command("flush", interactive=False, verbosity=0)
        connection.close()


@pytest.fixture
def before(made, django_db_blocker):
    with django_db_blocker.unblock():
        yield made


@pytest.fixture
def new(before):
    """An empty database, in place of the one that was."""
    with new_database() as name:
        yield name


@pytest.fixture
def media(tmp_path):
    return tmp_path / "media"


def is_empty():
    restoring.refuse_used()
    return True


# What comes back


def test_everything_of_the_backup_is_there(before, new, media):
    good, said = restore(before.file, before.key, media, before.erased())
    assert good, said
    assert "4 registrations, and" in said and "1 uploads, the same to the byte" in said
    assert dict(Registration.objects.values_list("pk", "reference")) == before.people
    assert state(before.mine) == "confirmed 1B, waits 1A, 2B"
    assert left_of("canary") >= {"registrations_registration.name", "registrations_accessneeds.other"}
    name = Path("photographs", "one.webp")
    assert (media / name).read_bytes() == (before.folder / "media" / name).read_bytes()


def test_who_was_erased_since_stays_erased_and_nobody_is_told_again(before, new, media):
    good, said = restore(before.file, before.key, media, before.erased(before.mine))
    assert good and "erased since, and now erased again: 1" in said, said
    assert left_of("canary", before.mine.reference) - {"registrations_complaint.text"} == set()
    assert not Message.objects.filter(registration=before.mine.pk).exists()
    others = {key: reference for key, reference in before.people.items() if key != before.mine.pk}
    left = Registration.objects.exclude(pk=before.mine.pk)
    assert dict(left.values_list("pk", "reference")) == others


def test_their_place_is_offered_to_the_next_in_line(before, new, media):
    assert restore(before.file, before.key, media, before.erased(before.day.bea))[0]
    offers = Offer.objects.filter(session=before.day.a1, state="open").values_list("registration", flat=True)
    assert list(offers) == [before.mine.pk]


def test_doing_it_twice_is_doing_it_once(before, new, media):
    erased = before.erased(before.mine)
    restore(before.file, before.key, media, erased)
    stamp = Registration.objects.get(pk=before.mine.pk).anonymised_at
    said = []
    restoring._bring_to_today(erased, NOW + SECOND, restoring.Verdict(said.append))
    assert said == ["yes  erased since, and now erased again: 0"]
    assert Registration.objects.get(pk=before.mine.pk).anonymised_at == stamp


def test_whoever_got_the_same_number_later_is_left_alone(before, new, media):
    other = Found(before.erased().keys | {(before.mine.pk, before.mine.created_at + SECOND)}, ())
    good, said = restore(before.file, before.key, media, other)
    assert good and "erased again: 0" in said, said
    assert Registration.objects.get(pk=before.mine.pk).name == "Canary Carey"


def test_it_makes_no_difference_when_the_ledger_says_that_they_were_erased(before, new, media, tmp_path):
    """An erasure may be under way while the backup is made; then its moment is before that of the backup."""
    moment = before.mine.created_at
    ledger = [erasure_ledger._line(each.pk, each.created_at, moment) for each in (before.mine, before.gone)]
    (tmp_path / "web1.jsonl").write_text("".join(ledger))
    assert restore(before.file, before.key, media, erasure_ledger.read([tmp_path]))[0]
    assert Registration.objects.get(pk=before.mine.pk).name == "Erased"


def test_what_is_over_by_now_is_deleted(before, new, media):
    later = before.day.event.ends + datetime.timedelta(days=366)
    good, said = restore(before.file, before.key, media, before.erased(), now=later)
    assert good, said
    assert not Registration.objects.exclude(name="Erased").exists()


def test_numbers_that_may_have_been_given_since_are_not_given_again(before, new, media):
    restore(before.file, before.key, media, before.erased())
    assert register(a_day(title="Later day"), "Later").pk > max(before.people) + 9_000


# What is said with NO


def test_a_ledger_without_those_who_were_erased_before_is_the_wrong_one(before, new, media):
    good, said = restore(before.file, before.key, media, NOBODY)
    assert not good and "but not 1 who were erased before the backup" in "".join(objections(said))


def test_so_is_one_that_cannot_be_read(before, new, media):
    broken = Found(before.erased().keys, ("web1.jsonl, line 2",))
    good, said = restore(before.file, before.key, media, broken)
    assert not good and objections(said) == ["NO   lines of the ledger that cannot be read: web1.jsonl, line 2"]


def test_a_broken_invariant_is_said(before, media, tmp_path):
    waits = Message.objects.filter(registration=before.waits)
    kept = list(waits)
    waits.delete()
    file = back_up(tmp_path, before.key)
    Message.objects.bulk_create(kept)
    with new_database():
        good, said = restore(file, before.key, media, before.erased())
    assert not good and "I5: a registration with an address that no message was queued for" in said


def test_other_numbers_of_rows_are_said(before, new, media, monkeypatch):
    rows = backups.count_rows
    monkeypatch.setattr(backups, "count_rows", lambda: rows() | {"registrations_message": 0})
    good, said = restore(before.file, before.key, media, before.erased())
    assert not good and objections(said) == [
        "NO   other numbers of rows than the manifest says: registrations_message"
    ]  # fmt: skip


def test_one_who_cannot_be_erased_does_not_keep_the_others(before, new, media, monkeypatch):
    end = booking.end

    def refuse(ledger, registration, now):
        if registration.pk == before.mine.pk:
            raise erasing.places.Refused([erasing.places.GONE])
        end(ledger, registration, now)

    monkeypatch.setattr(booking, "end", refuse)
    good, said = restore(before.file, before.key, media, before.erased(before.mine, before.waits))
    assert not good and f"registration {before.mine.pk} was erased, and cannot be again" in said
    assert Registration.objects.get(pk=before.waits.pk).name == "Erased"


# What is refused before anything is touched


def refusal(before, file, media, key=None):
    """Return why it is refused, and that neither the database nor the folder has anything of it."""
    with pytest.raises(NotDone) as problem:
        restore(file, key or before.key, media, before.erased())
    assert is_empty() and not media.exists()
    return str(problem.value)


def test_the_wrong_key(before, new, media, tmp_path):
    assert "no identity matched" in refusal(before, before.file, media, make_key(tmp_path))


def test_no_key_and_no_file(before, new, media, tmp_path):
    assert "no-such-key" in refusal(before, before.file, media, type(before.key)(tmp_path / "no-such-key", ""))
    assert "no-such-file" in refusal(before, tmp_path / "no-such-file", media)


@pytest.mark.parametrize("where", [0, 10, 0.01, 0.5, 0.99, -1])
def test_a_file_that_was_cut(before, new, media, tmp_path, where):
    whole_file = before.file.read_bytes()
    cut = tmp_path / "cut.tar.age"
    cut.write_bytes(whole_file[: int(where * len(whole_file)) if isinstance(where, float) else where])
    assert "cannot be read with" in refusal(before, cut, media)


@pytest.mark.parametrize("where", [30, 0.01, 0.3, 0.6, 0.9, -1])
def test_a_file_of_which_one_byte_was_changed(before, new, media, tmp_path, where):
    changed = bytearray(before.file.read_bytes())
    changed[int(where * len(changed)) if isinstance(where, float) else where] ^= 1
    (tmp_path / "changed.tar.age").write_bytes(changed)
    assert "cannot be read with" in refusal(before, tmp_path / "changed.tar.age", media)


def test_a_file_that_is_no_backup(before, new, media, tmp_path):
    text, tar = tmp_path / "text.age", tmp_path / "tar.age"
    subprocess.run(["age", "-r", before.key.public, "-o", text], input=b"words" * 9000, check=True)
    assert "cannot be read" in refusal(before, text, media)
    encrypted(tar, before.key, lambda archive: archive._add(MANIFEST, 2, io.BytesIO(b"{}")))
    assert "is no backup of this site" in refusal(before, tar, media)


def manifest(**values):
    made = {"made_at": NOW.isoformat(), "server": 15, "dumped_by": 15, "migrations": [], "rows": {}, "parts": {}}
    return Manifest(**made | values)


def test_a_part_that_the_manifest_does_not_have(before, new, media, tmp_path):
    def write(archive):
        archive.add_dump(io.BytesIO(b"more"))
        archive.add_manifest(manifest())

    file = encrypted(tmp_path / "more.age", before.key, write)
    assert "does not hold what its manifest says" in refusal(before, file, media)


def test_one_of_a_newer_release_or_of_a_newer_postgresql(before, new, media, tmp_path):
    newer = {"migrations": ["events.0999_later"]}
    file = encrypted(tmp_path / "a.age", before.key, lambda archive: archive.add_manifest(manifest(**newer)))
    assert "of a newer release of this site, with events.0999_later" in refusal(before, file, media)
    file = encrypted(tmp_path / "b.age", before.key, lambda archive: archive.add_manifest(manifest(server=99)))
    assert "The backup is of PostgreSQL 99, this server is" in refusal(before, file, media)


def test_a_dump_that_pg_restore_does_not_take(before, new, media, tmp_path):
    def write(archive):
        archive.add_dump(io.BytesIO(b"PGDMP but nothing more" * 1000))
        archive.add_manifest(manifest(parts=dict(archive.parts)))

    file = encrypted(tmp_path / "broken.age", before.key, write)
    assert "pg_restore ended with 1. pg_restore: error:" in refusal(before, file, media)


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out", ""])
def test_an_upload_that_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(NotDone, match="leads elsewhere"):
        restoring._below(tmp_path, name)
    assert restoring._below(tmp_path, "photographs/a.webp") == tmp_path / "photographs" / "a.webp"


def test_a_folder_that_has_uploads(before, new, media):
    media.mkdir()
    (media / "somebody's").write_text("theirs")
    with pytest.raises(NotDone, match="is not empty"):
        restore(before.file, before.key, media, before.erased())
    assert is_empty() and [each.name for each in media.iterdir()] == ["somebody's"]


def test_a_database_that_has_anything(new):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE somebodys (id int)")
    with pytest.raises(NotDone, match="is not empty"):
        restoring.refuse_used()


def test_a_database_that_cannot_be_made(before, monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "nobodys")
    monkeypatch.setitem(connection.settings_dict, "USER", "nobody_at_all")
    with pytest.raises(DatabaseError, match='role "nobody_at_all" does not exist'):
        restoring.make_database()
    connection.close()


# The command


def run(*words, **environment):
    given = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "ERASURES_FOLDER")}
    return subprocess.run(
        [sys.executable, "-m", "conference.backing_up.restore", *words],
        cwd=ROOT, env=given | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def ledger_of(before, folder):
    folder.mkdir()
    (folder / "web1.jsonl").write_text(erasure_ledger._line(before.gone.pk, before.gone.created_at, NOW))
    return folder


def test_one_command_makes_the_database_and_says_that_all_is_right(before, media, tmp_path):
    ledger = ledger_of(before, tmp_path / "erasures")
    name = f"{connection.settings_dict['NAME']}_run"
    words = [before.file, "--identity", before.key.file, "--into", address(name), "--media", media]
    try:
        done = run(*words, "--erasures", ledger, VAR_DIR=str(tmp_path / "var"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "4 registrations" in done.stdout and "and all is right" in done.stdout
        again = run(*words, "--erasures", ledger, VAR_DIR=str(tmp_path / "var"))
        assert again.returncode == 1 and "is not empty" in again.stderr and "Traceback" not in again.stderr
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def test_what_is_not_right_is_an_exit_code(before, media, tmp_path):
    name = f"{connection.settings_dict['NAME']}_run"
    words = [before.file, "--identity", before.key.file, "--into", address(name), "--media", media]
    try:
        done = run(*words, "--without-erasures", VAR_DIR=str(tmp_path / "var"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    assert done.returncode == 1 and "not all is right" in done.stderr and objections(done.stdout)


def test_a_forgotten_ledger_stops_it_before_anything_is_made(before, media, tmp_path):
    name = f"{connection.settings_dict['NAME']}_never"
    words = [before.file, "--identity", before.key.file, "--into", address(name), "--media", media]
    done = run(*words, VAR_DIR=str(tmp_path))
    assert done.returncode == 1 and "whoever was erased would come back" in done.stderr, done.stderr
    done = run(*words, "--erasures", tmp_path / "nowhere", VAR_DIR=str(tmp_path))
    assert done.returncode == 1 and "There is no ledger of erasures at" in done.stderr
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        assert cursor.fetchone() is None


@pytest.mark.parametrize(
    ("into", "words"),
    [("mysql://localhost/x", "DATABASE_URL must start with postgresql"), ("postgresql://nobody@127.0.0.1:1/x", "1")],
)
def test_an_address_that_leads_nowhere_is_a_sentence(tmp_path, into, words):
    done = run("file", "--identity", "key", "--into", into, "--without-erasures", VAR_DIR=str(tmp_path))
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_a_missing_pg_restore_is_a_sentence(before, new, media, monkeypatch):
    monkeypatch.setattr(postgres_programs, "_clients", lambda name: [])
    with pytest.raises(postgres_programs.NoPostgres, match="pg_restore of PostgreSQL"):
        restore(before.file, before.key, media, before.erased())
    assert is_empty()
