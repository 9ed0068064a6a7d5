"""Stored pages: sent as long as nothing was written and the clock has not reached the next moment, and never longer."""

import datetime
import gzip
import threading

import brotli
import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from events.models import Event, Session
from events.storing import page_moments, page_store, release, stored_pages
from tests.builders import london, make_event
from tests.registrations.builders import NOW, make_day, register

MINUTE = datetime.timedelta(minutes=1)
HOME_HEADERS = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Opener-Policy")


@pytest.fixture
def made(monkeypatch):
    """The addresses of the pages that were made, in their order."""
    addresses, make = [], stored_pages._make
    monkeypatch.setattr(stored_pages, "_make", lambda key, *rest: (addresses.append(key), make(key, *rest))[1])
    return addresses


def at(event: Event, below: str = "") -> str:
    return f"/events/{event.slug}/{below}"


def forget_memory() -> None:
    """Have this process know no more than one that has just started."""
    page_store.forget()


def forget_all() -> None:
    """Have it be on a server of its own, which knows nothing."""
    page_store.forget()
    caches["pages"].clear()


def test_a_page_is_made_once_for_all_who_ask(client, programme, made):
    address = at(programme.event, "agenda/")
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        second = client.get(address)
    assert made == [address] and len(queries) == 1
    assert first.content == second.content and b"Reserves and rest" in second.content
    assert [second[name] for name in HOME_HEADERS] == [first[name] for name in HOME_HEADERS]
    assert second["Cache-Control"] == "no-cache" and second["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("forget", [lambda: None, forget_memory, forget_all], ids=["same", "restarted", "other server"])
def test_a_change_of_the_programme_is_there_with_the_next_request(client, programme, forget):
    address = at(programme.event, "agenda/")
    client.get(address)
    forget()
    Session.objects.filter(pk=programme.first.pk).update(title="Another title")
    assert b"Another title" in client.get(address).content


@pytest.mark.django_db(transaction=True)
def test_a_change_is_there_with_its_commit_and_not_before(client):
    event = make_event("Day", summary="Before")
    seen = []
    with transaction.atomic():
        Event.objects.filter(pk=event.pk).update(summary="After")
        other = threading.Thread(target=lambda: (seen.append(client.get(at(event)).content), connection.close()))
        other.start()
        other.join()
    assert b"Before" in seen[0] and b"After" not in seen[0]
    assert b"After" in client.get(at(event)).content


@pytest.mark.django_db(transaction=True)
def test_without_the_triggers_a_change_would_not_be_seen(client):
    """The negative control: it is the version that keeps pages right."""
    event = make_event("Day", summary="Before")
    client.get(at(event))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER USER")
        Event.objects.filter(pk=event.pk).update(summary="After")
        cursor.execute("ALTER TABLE events_event ENABLE TRIGGER USER")
    assert b"Before" in client.get(at(event)).content


def test_a_disk_s_page_spares_a_restarted_process_the_work(client, programme, made):
    address = at(programme.event, "agenda/")
    before = client.get(address)
    forget_memory()
    assert client.get(address).content == before.content
    assert len(made) == 1
    forget_all()
    client.get(address)
    assert len(made) == 2  # the control: without the disk it is made again


def test_a_word_about_places_makes_another_page_and_a_count_does_not(client, db, time_machine, made):
    time_machine.move_to(NOW, tick=False)
    day = make_day(places=(8, None))
    register(day)  # after which the making of the day counts as committed
    address, said = at(day.event, f"agenda/{day.a1.slug}/"), []
    for _ in range(9):
        content = client.get(address).content
        said.append((next((word for word in (b"Last few places", b"Full") if word in content), b"many"), len(made)))
        if len(said) < 9:
            register(day, take=[day.a1])
    assert said == [(b"many", 1)] * 3 + [(b"Last few places", 2)] * 5 + [(b"Full", 3)]


def test_places_of_one_event_do_not_touch_the_pages_of_another(client, db, time_machine, made):
    time_machine.move_to(NOW, tick=False)
    day, other = make_day(places=(1, 1)), make_event("Elsewhere")
    register(day)  # after which the making of both counts as committed
    for address in (at(other, "agenda/"), "/"):
        client.get(address)
    register(day, take=[day.a1])
    made.clear()
    for address in (at(other, "agenda/"), "/"):
        client.get(address)
    assert made == ["/"]  # which may show any event


def test_a_page_ends_with_the_moment_at_which_its_words_change(client, db, time_machine, made):
    opens = london(9) - datetime.timedelta(days=30)
    event = make_event(booking_opens=opens)
    time_machine.move_to(opens - MINUTE, tick=False)
    before = client.get(at(event)).content
    time_machine.move_to(opens - datetime.timedelta(microseconds=1), tick=False)
    assert client.get(at(event)).content == before and len(made) == 1
    time_machine.move_to(opens, tick=False)
    after = client.get(at(event)).content
    assert b"Booking opens on" in before and b"Booking opens on" not in after


def test_without_its_moment_the_page_would_go_on(client, db, time_machine, monkeypatch):
    """The negative control."""
    opens = london(9) - datetime.timedelta(days=30)
    event = make_event(booking_opens=opens)
    monkeypatch.setattr(page_moments, "coming", lambda now: page_moments.Coming(now + datetime.timedelta(days=9), None))
    for moment in (opens - MINUTE, opens):
        time_machine.move_to(moment, tick=False)
        assert b"Booking opens on" in client.get(at(event)).content


def test_a_clock_that_goes_back_gets_the_page_of_that_moment(client, db, time_machine):
    opens = london(9) - datetime.timedelta(days=30)
    event = make_event(booking_opens=opens)
    time_machine.move_to(opens + MINUTE, tick=False)
    assert b"Booking opens on" not in client.get(at(event)).content
    time_machine.move_to(opens - datetime.timedelta(hours=1), tick=False)
    assert b"Booking opens on" in client.get(at(event)).content


@pytest.mark.parametrize("forget", [lambda: None, forget_memory], ids=["memory", "disk"])
def test_a_page_of_another_release_is_made_again(client, programme, made, monkeypatch, forget):
    client.get(at(programme.event))
    forget()
    client.get(at(programme.event))
    assert len(made) == 1
    monkeypatch.setattr(release, "name", lambda: "another")
    forget()
    client.get(at(programme.event))
    assert len(made) == 2


def test_in_development_nothing_is_stored(client, programme, made, settings):
    settings.DEBUG = True
    client.get(at(programme.event))
    assert made == []


def test_a_file_that_cannot_be_read_is_no_page(client, programme, made, caplog, settings):
    client.get(at(programme.event))
    for file in settings.CACHES["pages"]["LOCATION"].glob("*.djcache"):
        file.write_bytes(b"not a page")
    forget_memory()
    assert client.get(at(programme.event)).status_code == 200
    assert len(made) == 2


# -- What browsers ask for


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("GZIP", "gzip"), ("", ""), ("identity", ""),
        ("br;q=0, gzip;q=0.5", "gzip"), ("br;q=0.0,gzip ; q=0", ""), ("br;q=0.01", "br"), ("gzip;q=nonsense", "gzip"),
        (";;;,,q=", ""), ("brr, gzipped", ""), ("br" * 5000, ""),
    ],
)  # fmt: skip
def test_each_browser_gets_an_encoding_that_it_accepts(client, programme, accepted, encoding):
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    answer = client.get(at(programme.event), headers={"accept-encoding": accepted})
    assert answer.get("Content-Encoding", "") == encoding
    assert decode(answer.content).startswith(b"<!doctype html>")
    assert int(answer["Content-Length"]) == len(answer.content)


def test_who_has_the_page_is_told_so(client, programme):
    address = at(programme.event, "agenda/")
    etag = client.get(address)["ETag"]
    for said in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        answer = client.get(address, headers={"if-none-match": said, "accept-encoding": "br"})
        expected = (200, True) if said == "*" else (304, False)
        assert (answer.status_code, bool(answer.content)) == expected, said
        assert (answer["ETag"], answer["Vary"]) == (etag, "Accept-Encoding")
    Session.objects.filter(pk=programme.first.pk).update(title="Another title")
    changed = client.get(address, headers={"if-none-match": etag})
    assert changed.status_code == 200 and changed["ETag"] != etag


def test_pages_of_the_same_words_have_the_same_etag_on_every_server(client, programme):
    etags = []
    for _ in range(2):
        forget_all()
        etags.append(client.get(at(programme.event))["ETag"])
    assert etags[0] == etags[1]


def test_only_heads_and_gets(client, programme):
    address = at(programme.event)
    assert client.head(address).status_code == 200 and client.head(address).content == b""
    assert client.post(address).status_code == 405


def test_marks_of_a_newsletter_make_no_other_page_and_a_search_is_made_anew(client, programme, made):
    address = at(programme.event, "agenda/")
    for query in ("", "?utm_source=news", "?fbclid=x&page=2"):
        assert client.get(address + query).status_code == 200
    assert made == [address]
    assert b"Nothing matches" in client.get(f"{address}?q=zebra&utm_source=news").content
    assert b"Nothing matches" not in client.get(address).content
    assert made == [address]


def test_what_is_not_there_is_not_stored(client, programme, made):
    for _ in range(2):
        assert client.get(at(programme.event, "agenda/nothing/")).status_code == 404
    Event.objects.filter(pk=programme.event.pk).update(status="draft")
    assert client.get(at(programme.event)).status_code == 404
    assert page_store.recall(at(programme.event, "agenda/nothing/")) is None


def answer_with(**headers: str):
    """Return a stored view whose answers have these headers, and the list of its calls."""
    calls = []

    @stored_pages.stored()
    def view(request):
        calls.append(request.path)
        response = HttpResponse("Words", headers={name.replace("_", "-"): value for name, value in headers.items()})
        if request.path == "/cookie/":
            response.set_cookie("who", "ada")
        return response

    return view, calls


@pytest.mark.parametrize(
    ("path", "headers", "times"),
    [
        ("/", {}, 1), ("/cookie/", {}, 2), ("/", {"Cache_Control": "no-store"}, 2), ("/", {"Vary": "Cookie"}, 2),
        ("/", {"Cache_Control": "private"}, 2),
    ],
)  # fmt: skip
def test_what_is_one_person_s_is_never_stored(db, path, headers, times):
    view, calls = answer_with(**headers)
    for _ in range(2):
        view(RequestFactory().get(path))
    assert len(calls) == times


# -- Bounds, and several at once


def test_the_memory_is_bounded(client, programme, monkeypatch):
    monkeypatch.setattr(page_store._memory, "_Cache__maxsize", 40_000)
    for below in ("", "agenda/", "people/", "organisations/") * 2:
        client.get(at(programme.event, below))
    assert 0 < page_store._memory.currsize <= 40_000


def test_a_page_too_large_to_store_is_sent_all_the_same(db, monkeypatch):
    view, calls = answer_with()
    monkeypatch.setattr(page_store, "LARGEST", 3)
    for _ in range(2):
        assert view(RequestFactory().get("/")).content == b"Words"
    assert len(calls) == 2


def test_a_disk_that_cannot_be_written_stops_nobody(client, programme, settings, made):
    settings.CACHES = settings.CACHES | {"pages": settings.CACHES["pages"] | {"LOCATION": "/proc/no/such/place"}}
    for _ in range(2):
        assert client.get(at(programme.event)).status_code == 200
    assert len(made) == 1


def made_at_once(number: int, patience: float = 0.3) -> int:
    """Return how often a page was made for so many who ask for it at the same moment."""
    calls, met = [], threading.Event()

    @stored_pages.stored()
    def view(request):
        calls.append(1)
        if len(calls) > 1:
            met.set()
        met.wait(patience)  # until a second one is in here as well, which must not be
        return HttpResponse("Words")

    def ask():
        assert view(RequestFactory().get("/slow/")).content == b"Words"
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(calls)


@pytest.mark.django_db(transaction=True)
def test_several_requests_for_one_missing_page_make_it_once(monkeypatch):
    monkeypatch.setattr(page_store, "PATIENCE", 60)  # on a busy machine too
    assert made_at_once(6) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_make_it_more_often(monkeypatch):
    """The negative control."""
    monkeypatch.setattr(page_store, "_lock_file", lambda key: None)
    assert made_at_once(6, patience=20) > 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other_words", [True, False])
def test_while_a_word_about_places_is_put_right_others_get_the_page_before(other_words):
    """And nobody does while anything else of the programme is."""
    event = make_event("Day", summary="Before")
    entered, go_on, calls = threading.Event(), threading.Event(), []

    @stored_pages.stored(event="event")
    def view(request, event):
        calls.append(1)
        if len(calls) == 2:
            entered.set()
            go_on.wait(10)
        return HttpResponse(f"Made {len(calls)}")

    def ask() -> bytes:
        return view(RequestFactory().get("/day/"), event="day").content

    assert ask() == b"Made 1"
    if other_words:
        with connection.cursor() as cursor:
            cursor.execute("SELECT events_words_changed(%s)", [event.pk])
    else:
        Event.objects.filter(pk=event.pk).update(summary="After")
    making = threading.Thread(target=lambda: (ask(), connection.close()))
    making.start()
    assert entered.wait(10)
    if not other_words:
        threading.Timer(0.2, go_on.set).start()
    assert ask() == (b"Made 1" if other_words else b"Made 2")
    go_on.set()
    making.join()
    assert ask() == b"Made 2" and len(calls) == 2
