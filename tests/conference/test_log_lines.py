"""A line of the log is one line of JSON, says what happened, and quotes nobody."""

import datetime
import logging
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import RequestFactory

from conference.logs import request_ids
from conference.logs.log_lines import OnlyFaults, PlainLines
from tests.conference.seen import line, lines, raised, record

EMAIL = "canary@example.org"


@pytest.fixture(autouse=True)
def no_request():
    request_ids.forget()


def failing():
    return int("canary")


def test_it_has_the_same_few_fields_each_time():
    said = line("The worker stopped.", name="registrations.messages.worker", level=logging.WARNING)
    moment = datetime.datetime.fromisoformat(said.pop("time"))
    assert moment.tzinfo == datetime.UTC
    assert said.pop("process") > 0
    assert said == {"level": "WARNING", "logger": "registrations.messages.worker", "message": "The worker stopped."}


def test_within_a_request_it_has_its_id():
    number = request_ids.begin(RequestFactory().get("/"))
    assert line("Something")["request"] == number


def test_only_what_our_code_adds_is_added():
    request = RequestFactory().get("/", {"email": EMAIL})
    said = line("Something", told={"status": 404}, request=request, params=[EMAIL], sql="SELECT 'canary'")
    assert said["status"] == 404 and "canary" not in str(said) and "request" not in said


@pytest.mark.parametrize(
    ("said_by_others", "left"),
    [
        (f"Cannot write to {EMAIL}.", "Cannot write to …@…"),
        ("Error handling request /events/?q=canary&page=2", "Error handling request /events/?…"),
        ("Referer checking failed - https://a.example/x?me=canary does not match", "https://a.example/x?… does not"),
        ("Not Found: /my-day/open/1-secret/", "Not Found: /my-day/open/…/"),
        ("What? Nothing happened.", "What? Nothing happened."),  # the control: other question marks stay
        ("At 10:30 @ the hall", "At 10:30 @ the hall"),
    ],
)
def test_what_the_words_of_others_quote_is_left_out(said_by_others, left):
    assert left in line(said_by_others)["message"]


def test_gunicorns_quotation_of_what_is_no_request_is_left_out():
    said = line("Invalid request from ip=192.0.2.1: 'canary'", name="gunicorn.error")
    assert said["message"] == "Invalid request"
    assert "192.0.2.1" in line("Listening at: http://192.0.2.1:8000", name="gunicorn.error")["message"]


def test_of_what_django_finds_suspicious_only_the_kind_is_said():
    said = line("Invalid HTTP_HOST header: 'canary'.", name="django.security.DisallowedHost")
    assert said["message"] == "DisallowedHost"
    assert line("Forbidden (CSRF cookie not set.): /", name="django.security.csrf")["message"].startswith("Forbidden")


def test_of_a_job_its_values_are_left_out():
    said = line("Job send[1](name='canary (x)') ended with status: Error", name="procrastinate.worker")
    assert said["message"] == "Job send[1](…) ended with status: Error"
    assert line("Sent (twice)", name="registrations.messages.sending")["message"] == "Sent (twice)"


def test_a_warning_is_a_line_of_its_kind_and_place():
    """In a process of its own: pytest takes warnings for itself."""
    warns = "import django, warnings; django.setup(); warnings.warn('canary', RuntimeWarning)"
    run = subprocess.run(
        [sys.executable, "-c", warns], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    [said] = lines(run.stderr)
    assert (said["logger"], said["message"]) == ("py.warnings", "<string>:1: RuntimeWarning")


def test_asyncio_shows_an_exception_in_its_second_line():
    words = "Task exception was never retrieved\nfuture: <Task exception=ValueError('canary')>"
    assert line(words, name="asyncio")["message"] == "Task exception was never retrieved"


@pytest.mark.parametrize("words", ["two\nlines", "\u2028", "ﷺ", "\ud800", '"}', "\x00\x1b[31m"])
def test_nothing_ends_the_line_or_fails_to_be_written(words):
    assert line("%s", words)["message"] == words


def test_values_that_do_not_fit_are_not_printed(capsys):
    said = line("%d places", EMAIL)
    assert said["message"] == "%d places"
    assert capsys.readouterr().err == ""


def test_an_exception_is_told_without_its_words():
    said = line("A fault", error=raised(failing))
    assert "canary" not in str(said).replace('int("canary")', "")
    assert said["exception"].endswith('return int("canary")\n           ^^^^^^^^^^^^^\nValueError') or said[
        "exception"
    ].endswith("ValueError")


def test_plain_lines_say_the_same_to_people():
    told = {"path": "/a\nforged", "ms": 3}
    said = PlainLines().format(record("Sent to %s", EMAIL, error=raised(failing), told=told))
    first, *below = said.splitlines()
    assert first.endswith('ERROR tests: Sent to …@… path="/a\\nforged" ms=3')
    assert below[-1] == "ValueError"


def test_in_full_they_have_the_exceptions_words():
    """The control: what the other lines leave out is there."""
    said = PlainLines(in_full=True).format(record("A fault", error=raised(failing)))
    assert said.splitlines()[-1] == "ValueError: invalid literal for int() with base 10: 'canary'"


def test_only_faults_lets_exceptions_through():
    assert OnlyFaults().filter(record("A fault", error=raised(failing)))
    assert not OnlyFaults().filter(record("Not Found: /"))


def test_the_site_writes_json_unless_somebody_develops():
    assert settings.LOGGING["handlers"]["stderr"]["formatter"] == "json"
    assert not settings.LOGGING["formatters"]["plain"]["in_full"]
    assert sys.modules["conference.settings"].LOG_FORMAT == "json"
