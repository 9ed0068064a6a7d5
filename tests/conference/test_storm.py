"""When PostgreSQL cannot be asked, the last pages are read, and what is written is kept."""

import datetime
import re

import pytest
from django.core.cache import caches
from django.db import connection

from events.models import Session
from events.storing import page_store
from tests.builders import london, make_event, make_programme, save
from tests.registrations.builders import NOW, make_day
from tests.registrations.journeys import ADA, Journey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def away():
    """Call it to have PostgreSQL refuse every connection from now on; call what it returns to have it back."""
    port = connection.settings_dict["PORT"]

    def back() -> None:
        connection.close()
        connection.settings_dict["PORT"] = port

    def leave():
        connection.close()
        connection.settings_dict["PORT"] = "1"
        return back

    yield leave
    back()


@pytest.fixture
def agenda():
    return f"/events/{make_programme(make_event()).event.slug}/agenda/"


def line(answer) -> str:
    """The line of a stored page, “” without one."""
    found = re.search(r'<div class="storm">(.*?)</div>', answer.content.decode())
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


@pytest.mark.parametrize("restarted", [False, True])
def test_the_last_page_is_sent_with_a_line_that_says_from_when_it_is(client, agenda, away, time_machine, restarted):
    time_machine.move_to(london(9, 2), tick=False)
    assert line(client.get(agenda)) == ""
    back = away()
    if restarted:
        page_store.forget()
    time_machine.move_to(london(9, 30), tick=False)
    answer = client.get(agenda)
    assert answer.status_code == 200 and b"Reserves and rest" in answer.content
    assert line(answer) == "This page is from 9:02am; places may have changed."
    assert "ETag" not in answer and answer["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    back()
    Session.objects.filter(title="Reserves and rest").update(title="Another title")
    answer = client.get(agenda)
    assert line(answer) == "" and b"Another title" in answer.content


def test_the_line_says_when_the_page_was_last_known_to_be_right(client, agenda, away, time_machine):
    for minute in (2, 5):
        time_machine.move_to(london(9, minute), tick=False)
        client.get(agenda)
    away()
    assert line(client.get(agenda)).startswith("This page is from 9:05am;")
    time_machine.move_to(london(9, 6) + datetime.timedelta(days=9), tick=False)
    assert line(client.get(agenda)).startswith("This page is from 9:05am on Wednesday 16 June 2027;")


@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
def test_it_is_compressed_as_always(client, agenda, away, accepted):
    client.get(agenda)
    away()
    for _ in range(2):
        assert client.get(agenda, headers={"accept-encoding": accepted}).get("Content-Encoding", "") == accepted


def test_a_search_gets_the_whole_page_and_is_told_so(client, agenda, away):
    client.get(agenda)
    assert b"Reserves and rest" not in client.get(f"{agenda}?q=zebra").content
    away()
    answer = client.get(f"{agenda}?q=zebra")
    assert b"Reserves and rest" in answer.content
    assert line(answer).endswith("Searching and filtering do not work for the moment: this is the whole page.")
    assert "Searching" not in line(client.get(agenda))


def test_a_page_that_nobody_has_read_yet_asks_to_try_again(client, agenda, away):
    away()
    answer = client.get(agenda)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"Please try again in a moment" in answer.content


def test_a_page_that_goes_away_while_it_is_made_is_the_last_one(client, agenda, away, monkeypatch):
    from events import programme

    client.get(agenda)
    with connection.cursor() as cursor:
        cursor.execute("SELECT events_words_changed(id) FROM events_event")
    monkeypatch.setattr(programme, "sessions", lambda showing: away() and connection.ensure_connection())
    answer = client.get(agenda)
    assert b"Reserves and rest" in answer.content and line(answer)


def test_answers_that_were_sent_are_kept(client, away, time_machine):
    time_machine.move_to(NOW, tick=False)
    journey = Journey(make_day().event, client).begin()
    back = away()
    answer = journey.post("details", ADA)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"Ada Lovelace" in answer.content
    back()
    assert journey.post("details", ADA).status_code == 302


def test_without_stored_pages_nothing_could_be_read(client, agenda, away):
    """The negative control."""
    client.get(agenda)
    page_store.forget()
    caches["pages"].clear()
    away()
    assert client.get(agenda).status_code == 503


def test_what_was_taken_off_does_not_come_back_in_a_storm(client, away):
    programme = make_programme(make_event())
    at = f"/events/{programme.event.slug}/"
    for below in ("agenda/", "people/"):
        client.get(at + below)
    Session.objects.filter(pk=programme.first.pk).update(status="draft")
    client.get(f"{at}people/")  # by which this server learns of it
    away()
    for restarted in (False, True):
        if restarted:
            page_store.forget()
        assert client.get(f"{at}agenda/").status_code == 503
        assert client.get(f"{at}people/").status_code == 200  # the control: made since


def test_who_is_shown_until_a_day_is_not_shown_after_it_in_a_storm(client, away, time_machine):
    programme = make_programme(make_event())
    programme.person.public_until = london(9).date()
    save(programme.person)
    address = f"/events/{programme.event.slug}/people/"
    time_machine.move_to(london(9), tick=False)
    assert b"Ad\xc3\xa9" in client.get(address).content
    away()
    time_machine.move_to(london(23, 59), tick=False)
    assert client.get(address).status_code == 200
    time_machine.move_to(london(23, 59) + datetime.timedelta(minutes=1), tick=False)
    assert client.get(address).status_code == 503
