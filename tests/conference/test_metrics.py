"""What Prometheus reads: who may, the numbers after real requests, those of several processes, PostgreSQL away."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import OperationalError
from django.test import Client

from conference import metrics
from events import counted as pages_counted
from registrations import booking, figures, places
from registrations.models import Message, Offer
from registrations.problems import Problem, Refused, Why
from registrations.waiting import offers
from tests.conference.seen import numbers
from tests.registrations.builders import MINUTE, NOW, change, make_day, register

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-the-tests-with-forty-characters"


@pytest.fixture
def prometheus(settings, db):
    """A function that asks as Prometheus does."""
    settings.METRICS_TOKEN = TOKEN

    def ask():
        response = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
        assert response["Content-Type"].startswith("text/plain; version=")
        return numbers(response.content.decode())

    return ask


@pytest.fixture
def risen(prometheus):
    """A function that returns which counters are higher than they were at first, and by how much."""
    before = prometheus()

    def ask():
        now = prometheus()
        names = [name for name in now if name.startswith("conference_") and "_total" in name]
        steps = {name: now[name] - before.get(name, 0) for name in names}
        return {name: step for name, step in steps.items() if step}

    return ask


# -- Who may


@pytest.mark.parametrize("brought", [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", TOKEN, f"Basic {TOKEN}"])
def test_without_the_token_there_is_no_such_page(settings, brought):
    settings.METRICS_TOKEN = TOKEN
    headers = {} if brought is None else {"authorization": brought}
    response = Client().get("/metrics", headers=headers)
    assert response.status_code == 404 and b"conference_" not in response.content


@pytest.mark.parametrize("brought", ["Bearer ", "Bearer", "Bearer None"])
def test_without_a_token_in_the_settings_nobody_may(settings, brought):
    assert settings.METRICS_TOKEN == ""
    assert Client().get("/metrics", headers={"authorization": brought}).status_code == 404


@pytest.mark.parametrize(("token", "warned"), [("", False), ("x" * 31, True), ("x" * 32, False)])
def test_a_short_token_is_warned_of(settings, token, warned):
    settings.METRICS_TOKEN = token
    found = [each.id for each in run_checks(include_deployment_checks=True, tags=None)]
    assert ("conference.W004" in found) is warned


# -- What was done


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status(prometheus):
    def of(route, status):
        return found.get(f'conference_request_seconds_count{{route="{route}",status="{status}"}}', 0)

    found = prometheus()
    before = of("alive", 200), of("admin", 302), of("my_day:open", 404)
    client = Client()
    for address in ("/healthz", "/healthz", "/admin/", "/admin/auth/user/", "/my-day/open/1-abc/"):
        client.get(address)
    found = prometheus()
    assert (of("alive", 200), of("admin", 302), of("my_day:open", 404)) == tuple(
        number + more for number, more in zip(before, (2, 2, 1), strict=True)
    )
    assert found['conference_request_seconds_bucket{le="+Inf",route="alive",status="200"}'] == of("alive", 200)


@pytest.mark.django_db
def test_bookings_are_counted_once_they_are_committed(risen, django_capture_on_commit_callbacks):
    day = make_day(event_capacity=2)
    with django_capture_on_commit_callbacks() as committed:
        ada = register(day, "Ada", take=[day.a1])
        register(day, "Bea")
        register(day, "Cat")
        change(ada, take=[day.b1])
        change(ada, take=[day.b1])  # which changes nothing
        booking.cancel(ada, NOW)
        booking.cancel(ada, NOW)
    assert risen() == {}
    for callback in committed:
        callback()
    deeds = {"confirmed": 2, "waiting": 1, "changed": 1, "cancelled": 1}
    found = {name: step for name, step in risen().items() if "bookings" in name}
    assert found == {f'conference_bookings_total{{deed="{deed}"}}': step for deed, step in deeds.items()}


@pytest.mark.django_db
def test_so_are_answers_to_offers(risen, django_capture_on_commit_callbacks):
    day = make_day(places=(1, None))
    register(day, "Ada", take=[day.a1, day.a2])
    bea = register(day, "Bea", wait=[day.a1, day.a2])
    first, second = (
        Offer.objects.create(registration=bea, event=day.event, session=each, made_at=NOW, until=NOW + MINUTE)
        for each in (day.a1, day.a2)
    )
    with django_capture_on_commit_callbacks(execute=True):
        offers.decline(first, NOW)
    with pytest.raises(Refused):
        offers.decline(first, NOW)
    found = risen()
    assert found['conference_bookings_total{deed="offer_declined"}'] == 1
    assert found['conference_refusals_total{why="offer_over"}'] == 1
    assert second.pk


@pytest.mark.django_db
def test_refusals_are_counted_by_their_first_reason(risen):
    day = make_day(places=(1, None))
    register(day, "Ada", take=[day.a1])
    with pytest.raises(Refused):
        register(day, "Bea", take=[day.a1])
    with pytest.raises(Refused), places.writing():
        raise Refused([Problem(Why.CLASH, ""), Problem(Why.MISSING, "")])
    with pytest.raises(ValueError, match="fault"), places.writing():
        raise ValueError("a fault is no refusal")
    found = {name: step for name, step in risen().items() if "refusals" in name}
    assert found == {f'conference_refusals_total{{why="{why}"}}': 1 for why in ("workshop_full", "clash")}


@pytest.mark.urls("tests.conference.probe_urls")
def test_a_database_that_is_away_is_counted_and_no_other_503(risen):
    client = Client(raise_request_exception=False)
    for address in ("/database-away", "/connection-closed", "/503", "/500"):
        client.get(address)
    found = risen()
    assert found["conference_database_away_total"] == 2
    assert (found['conference_errors_total{status="503"}'], found['conference_errors_total{status="500"}']) == (3, 1)
    assert 'conference_errors_total{status="429"}' not in found


def test_stored_pages_are_counted_by_how(risen):
    for how in ("hit", "hit", "storm"):
        pages_counted.stored_page(how)
    steps = risen()
    assert steps['conference_stored_pages_total{how="hit"}'] == 2
    assert steps['conference_stored_pages_total{how="storm"}'] == 1
    with pytest.raises(KeyError):
        pages_counted.stored_page("hti")


# -- What there is


@pytest.mark.django_db
def test_the_queue_is_as_old_as_its_oldest_message_that_is_due():
    def age(seconds=0):
        return figures.now_standing(NOW + datetime.timedelta(seconds=seconds)).queue_age

    assert age() == 0
    register(make_day(), "Ada")
    assert (age(), age(90)) == (0, 90)
    # Held back on purpose: not due, so not old.
    Message.objects.update(due_at=NOW + MINUTE)
    assert (age(59), age(90)) == (0, 30)
    # Tried already: it has waited since it was made, though it is not due again before some minutes have passed.
    Message.objects.update(attempts=3, due_at=NOW + 10 * MINUTE)
    assert age(90) == 90
    Message.objects.update(state="failed")
    assert age(90) == 0


@pytest.mark.django_db
def test_messages_and_registrations_are_numbered_but_not_few_people(prometheus, time_machine):
    time_machine.move_to(NOW, tick=False)
    day = make_day(event_capacity=5)
    for _ in range(9):
        register(day)
    found = prometheus()
    assert found['conference_messages{state="queued"}'] == 9 and found['conference_messages{state="failed"}'] == 0
    assert found['conference_registrations{status="confirmed"}'] == 5
    assert 'conference_registrations{status="waiting"}' not in found  # they are four
    register(day)
    assert prometheus()['conference_registrations{status="waiting"}'] == 5
    assert found["conference_database_up"] == 1
    time_machine.move_to(day.event.ends, tick=False)
    assert not [name for name in prometheus() if name.startswith("conference_registrations")]


@pytest.mark.django_db
def test_it_costs_one_round_trip(django_assert_num_queries):
    with django_assert_num_queries(1):
        metrics.written()


def test_without_a_database_the_rest_is_there(prometheus, monkeypatch):
    def away(now):
        raise OperationalError("away")

    monkeypatch.setattr(figures, "now_standing", away)
    found = prometheus()
    assert found["conference_database_up"] == 0
    assert 'conference_refusals_total{why="clash"}' in found
    assert "conference_queue_age_seconds" not in found


@pytest.mark.django_db
def test_nobody_is_in_it(prometheus):
    register(make_day(), "Canary", email="canary@example.org", phone="canary")
    assert "canary" not in str(prometheus()).lower()


# -- Several processes

COUNTS = """
import django; django.setup()
from conference import counted, metrics
for _ in range({times}):
    counted.request("probe", 200, 0.1)
metrics.Standing.collect = lambda self: ()
print(metrics.written().decode())
"""


def counted_by_a_process(times, **environment):
    """Count so many requests in a process of its own, and return what it tells Prometheus."""
    run = subprocess.run(
        [sys.executable, "-c", COUNTS.format(times=times)],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return numbers(run.stdout)['conference_request_seconds_count{route="probe",status="200"}']


def test_the_processes_of_one_server_are_counted_together(tmp_path):
    together = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    assert [counted_by_a_process(each, **together) for each in (2, 3)] == [2, 5]


def test_without_their_folder_each_is_alone():
    """The control."""
    assert [counted_by_a_process(each) for each in (2, 3)] == [2, 3]
