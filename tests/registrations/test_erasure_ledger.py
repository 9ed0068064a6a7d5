"""The ledger of erasures: what stands in it, when, and what becomes of it when the disk is full or the power goes."""

import json
import logging
import os
import resource
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from registrations import tasks
from registrations.data_rights import erasing, erasure_ledger, retention
from registrations.models import Registration
from tests.registrations.builders import MINUTE, NOW, make_day, register
from tests.registrations.somebody import a_day, whole

committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A ledger of this test's own."""
    monkeypatch.setenv("ERASURES_FOLDER", str(tmp_path / "erasures"))
    return tmp_path / "erasures"


def lines(place):
    return [json.loads(line) for file in sorted(place.glob("*.jsonl")) for line in file.read_text().splitlines()]


def keys(*places):
    return erasure_ledger.read(places).keys


@committed
def test_an_erasure_is_written_down_and_says_nothing_of_anybody(place):
    mine = whole(a_day())
    left = erasing.erase(mine, NOW)
    assert lines(place) == [
        {"registration": mine.pk, "created": mine.created_at.isoformat(), "erased": NOW.isoformat()}
    ]
    [file] = place.iterdir()
    for word in ("canary", mine.reference, left.reference, str(mine.idempotency_key)):
        assert word.lower() not in file.read_text().lower()
    assert file.stat().st_mode & 0o777 == 0o600 and place.stat().st_mode & 0o777 == 0o700


@committed
def test_what_was_not_committed_is_not_written_down(place):
    ada = register(make_day())
    with transaction.atomic():
        erasing.erase(ada, NOW)
        transaction.set_rollback(True)
    assert lines(place) == []
    erasing.erase(ada, NOW)
    assert keys(place) == {(ada.pk, ada.created_at)}


@committed
def test_so_is_everybody_who_is_forgotten_by_the_clock(place):
    day = make_day()
    people = [register(day), register(day)]
    retention.forget(day.event.ends + retention.REGISTRATIONS_ARE_KEPT)
    assert keys(place) == {(each.pk, each.created_at) for each in people}


@committed
def test_what_cannot_be_written_is_done_all_the_same_and_made_up_for(place, caplog):
    ada = register(make_day(), "Canary")
    place.write_text("no folder")
    with caplog.at_level(logging.ERROR):
        erasing.erase(ada, NOW)
    assert Registration.objects.get().name == "Erased"
    assert "Erasures are not in the ledger" in caplog.text and "anary" not in caplog.text
    with pytest.raises(OSError):
        erasure_ledger.complete()
    place.unlink()
    tasks.forget()
    assert keys(place) == {(ada.pk, ada.created_at)}
    assert erasure_ledger.complete() == 0


@committed
def test_a_full_disk_leaves_no_half_line(place):
    day = make_day()
    ada, bo = register(day), register(day)
    erasing.erase(ada, NOW)
    [file] = place.iterdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 20, before[1]))
    try:
        erasing.erase(bo, NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(file.read_bytes().splitlines()) == 1 and file.read_bytes().endswith(b"\n")
    assert erasure_ledger.complete() == 1 and len(keys(place)) == 2


@committed
def test_a_line_that_a_power_cut_left_is_told_and_then_written_anew(place):
    day = make_day()
    ada, bo = register(day), register(day)
    erasing.erase(ada, NOW)
    [file] = place.iterdir()
    whole_line = file.read_bytes()
    for cut in range(1, len(whole_line)):
        file.write_bytes(whole_line[:cut])
        found = erasure_ledger.read([place])
        # Without its end alone, which says nothing more, a line is as good as whole.
        assert found.unreadable if cut < len(whole_line) - 1 else found.keys
    file.write_bytes(whole_line[:40])
    erasing.erase(bo, NOW)
    assert erasure_ledger.read([place]) == erasure_ledger.Found(frozenset({(bo.pk, bo.created_at)}), ())
    assert erasure_ledger.complete() == 1 and len(keys(place)) == 2


@committed
def test_a_lost_ledger_is_made_anew_from_the_database(place):
    ada = register(make_day())
    erasing.erase(ada, NOW + MINUTE)
    was = lines(place)
    [file] = place.iterdir()
    copy = file.rename(place.parent / file.name.replace("-20", "-19"))
    assert erasure_ledger.complete() == 1
    assert lines(place) == was
    # A copy of the one that was lost is not written over by one of the new one.
    assert [each.name for each in place.iterdir()] != [copy.name]


@pytest.mark.django_db
def test_many_write_at_once_and_no_line_is_lost(place):
    written = [[erasure_ledger._line(number, NOW, NOW)] for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(erasure_ledger._write, written))
    assert keys(place) == {(number, NOW) for number in range(200)}


def test_files_and_folders_of_several_servers_are_read_together(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "web1.jsonl").write_text(erasure_ledger._line(1, NOW, NOW))
    (tmp_path / "one" / "note.txt").write_text("not of the ledger")
    (tmp_path / "two.jsonl").write_text(erasure_ledger._line(2, NOW, NOW) + erasure_ledger._line(1, NOW, NOW))
    assert keys(tmp_path / "one", tmp_path / "two.jsonl") == {(1, NOW), (2, NOW)}
    assert keys(tmp_path / "not there") == frozenset()


@pytest.mark.parametrize(
    "line",
    ["", "x", "1", "[]", "null", '{"registration": 1}', '{"registration": "1", "created": "2027-05-01T09:00:00+00:00"}',
     '{"registration": 1, "created": "2027-05-01T09:00:00"}', '{"registration": 1, "created": null}'],
)  # fmt: skip
def test_a_line_that_is_none_is_told(tmp_path, line):
    (tmp_path / "web1.jsonl").write_text(f"{line}\n")
    assert erasure_ledger.read([tmp_path]).unreadable == ("web1.jsonl, line 1",)


def test_it_is_kept_beside_what_the_site_writes(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("ERASURES_FOLDER")
    settings.VAR_DIR = tmp_path
    assert erasure_ledger.folder() == tmp_path / "erasures"


@committed
class TestErasingAgain:
    def test_nobody_is_told_and_it_can_be_done_twice(self):
        mine = whole(a_day())
        told = set(mine.messages.filter(sent_at=None))
        erasing.erase_again(mine, NOW)
        erasing.erase_again(mine, NOW + MINUTE)
        left = Registration.objects.get(pk=mine.pk)
        assert (left.name, left.anonymised_at) == ("Erased", NOW)
        assert not told and not left.messages.exists()


def test_root_or_not_the_folder_is_ours(place):
    erasure_ledger._write([erasure_ledger._line(1, NOW, NOW)])
    assert place.stat().st_uid == os.geteuid()
