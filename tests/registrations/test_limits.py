"""Limits: exact when fifty ask at once, and nothing stored from which anybody could be known."""

import datetime

import pytest
from django.db import connection

from registrations import limits
from registrations.limits import Limit
from registrations.models import RateCount
from tests.registrations.builders import NOW
from tests.registrations.many_people import all_at_once

HALF_PAST = NOW + datetime.timedelta(minutes=30)
FEW = Limit("few", 3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("an_hour", [1, 20, 49, 50])
def test_of_fifty_who_ask_at_once_exactly_as_many_get_through(an_hour):
    limit = Limit("test", an_hour)
    waits = all_at_once(lambda: limits.seconds_to_wait(limit, "203.0.113.7", HALF_PAST) for _ in range(50))
    assert (waits.count(0), set(waits) - {0}) == (an_hour, {1801} if an_hour < 50 else set())
    assert RateCount.objects.get().count == an_hour


@pytest.mark.django_db(transaction=True)
def test_without_its_condition_everybody_would_get_through(monkeypatch):
    monkeypatch.setattr(limits, "_TAKE", limits._TAKE.replace("counted.count < %s", "counted.count < %s OR true"))
    waits = all_at_once(lambda: limits.seconds_to_wait(FEW, "203.0.113.7", NOW) for _ in range(50))
    assert waits.count(0) == 50


@pytest.mark.django_db(transaction=True)
def test_counting_does_not_wait_for_the_disk_but_what_comes_after_does():
    def setting():
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return cursor.fetchone()[0]

    asked = limits.question(FEW, "b", NOW)
    telling = asked.statement.replace("RETURNING count", "RETURNING current_setting('synchronous_commit')")
    with connection.cursor() as cursor:
        cursor.execute(telling, asked.values)
        assert cursor.fetchone()[0] == "off"
    limits.seconds_to_wait(FEW, "a", NOW)
    assert setting() == "on"


@pytest.mark.django_db
def test_inside_a_transaction_the_disk_is_waited_for_as_before():
    limits.seconds_to_wait(FEW, "a", NOW)
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone()[0] == "on"


@pytest.mark.django_db
def test_callers_limits_and_hours_are_counted_apart():
    later = NOW + limits.HOUR
    for _ in range(3):
        assert limits.seconds_to_wait(FEW, "a", NOW) == 0
    assert limits.seconds_to_wait(FEW, "a", NOW) == 3601
    assert limits.seconds_to_wait(FEW, "b", NOW) == 0
    assert limits.seconds_to_wait(Limit("other", 3), "a", NOW) == 0
    assert limits.seconds_to_wait(FEW, "a", later) == 0


@pytest.mark.django_db
def test_waiting_as_long_as_told_is_long_enough():
    moment = NOW + datetime.timedelta(minutes=59, seconds=59, microseconds=999_999)
    for _ in range(3):
        limits.seconds_to_wait(FEW, "a", moment)
    wait = limits.seconds_to_wait(FEW, "a", moment)
    assert wait == 1
    assert limits.seconds_to_wait(FEW, "a", moment + datetime.timedelta(seconds=wait)) == 0


@pytest.mark.django_db
def test_a_limit_of_none_lets_nobody_through():
    assert limits.seconds_to_wait(Limit("none", 0), "a", NOW) > 0


@pytest.mark.django_db
def test_the_caller_is_stored_as_a_keyed_hash_which_differs_from_limit_to_limit(settings):
    limits.seconds_to_wait(FEW, "203.0.113.7", NOW)
    limits.seconds_to_wait(Limit("other", 3), "203.0.113.7", NOW)
    settings.SECRET_KEY = "another" * 10
    limits.seconds_to_wait(FEW, "203.0.113.7", NOW)
    rows = RateCount.objects.values_list("limit", "key_hash", "hour")
    assert len({key for _, key, _ in rows}) == 3
    assert not any("203.0.113.7" in str(row) for row in rows)


@pytest.mark.django_db
def test_what_was_counted_is_forgotten_after_a_day():
    limits.seconds_to_wait(FEW, "a", NOW)
    limits.forget(NOW + limits.KEPT)
    assert RateCount.objects.count() == 1
    limits.forget(NOW + limits.KEPT + limits.HOUR)
    assert RateCount.objects.count() == 0


def test_an_office_of_sixty_gets_through_and_nobody_confirms_more_than_that_twice():
    assert limits.CONFIRMATIONS.an_hour == 120 and limits.STEPS.an_hour == 3_000
