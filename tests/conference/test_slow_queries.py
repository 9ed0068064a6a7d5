"""Statements that took long are logged: their text, with never a value in it."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from conference.logs import slow_queries
from events.storing.asking import Question, ask
from registrations.models import Registration
from tests.conference.seen import lines
from tests.registrations.builders import make_day, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(capfd, settings):
    """A function that returns the statements that were logged since it was asked last; every one is slow."""
    settings.SLOW_QUERY_MS = 0
    return lambda: [line for line in lines(capfd.readouterr().err) if line["logger"] == "conference.logs.slow_queries"]


def test_the_text_is_logged_with_its_placeholders(said):
    list(Registration.objects.filter(email="canary@example.org", pk__in=[1, 2, 3]))
    [line] = said()
    assert '"email" = %s AND "registrations_registration"."id" IN (%s, …)' in line["sql"]
    assert line["ms"] >= 0 and line["level"] == "WARNING" and "canary" not in str(line)


def test_so_are_questions_that_are_written_out(said):
    assert ask(Question("SELECT\n  %s,  'literal ''canary''', %s", ["canary", 2], list)) == [
        ("canary", "literal 'canary'", 2)
    ]
    [line] = said()
    assert line["sql"] == "SELECT %s, '…', %s"


def test_the_line_names_the_request(said):
    response = Client().get("/events/")
    assert {line["request"] for line in said()} == {response["X-Request-ID"]}


def test_one_that_failed_is_logged_as_well(said):
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("SELECT %s::int", ["canary"])
    assert "SELECT %s::int" in [line["sql"] for line in said()]


def test_what_a_booking_asks_quotes_nobody(said):
    register(make_day(), "Canary", email="canary@example.org", phone="canary", pronouns="canary")
    found = said()
    assert len(found) > 10 and "canary" not in str(found).lower()
    assert "canary" in str(list(Registration.objects.values())).lower()  # the control


def test_quick_ones_are_not(said, settings):
    settings.SLOW_QUERY_MS = 60_000
    assert Registration.objects.count() == 0
    assert said() == []


def test_by_default_half_a_second_is_slow(settings):
    assert settings.SLOW_QUERY_MS == 500


def test_a_long_statement_is_cut():
    assert len(slow_queries.shown("SELECT " + "a, " * 5_000)) == slow_queries.LONGEST


def test_it_is_there_once_however_often_the_connection_is_made(said):
    slow_queries.watch(connection)
    assert connection.execute_wrappers.count(slow_queries.note) == 1
