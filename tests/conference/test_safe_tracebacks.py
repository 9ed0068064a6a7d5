"""What the log says of an exception: enough to find the fault, and nothing that anybody typed."""

import smtplib

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.template import TemplateDoesNotExist
from environs import Env

from conference.logs.safe_tracebacks import kind_of, told
from registrations.models import Registration
from tests.conference.seen import raised
from tests.registrations.builders import make_day, register

CANARY = "canary" + "@example.org"


def test_it_says_where_it_was():
    said = told(raised(lambda: connection.no_such_thing))
    assert said.startswith("Traceback (most recent call last):\n")
    assert 'test_safe_tracebacks.py", line' in said and "connection.no_such_thing" in said
    assert said.endswith("AttributeError: 'DatabaseWrapper' object has no attribute 'no_such_thing'")


SECRETIVE = [
    ValueError(CANARY), KeyError(CANARY), TypeError(CANARY), RuntimeError(CANARY), OSError(CANARY),
    ValidationError("%(value)s is wrong", params={"value": CANARY}), UnicodeEncodeError("a", CANARY, 0, 1, CANARY),
    smtplib.SMTPRecipientsRefused({CANARY: (550, b"no")}), smtplib.SMTPDataError(550, CANARY.encode()),
    type("Own", (AttributeError,), {})(CANARY),
]  # fmt: skip


@pytest.mark.parametrize("error", SECRETIVE, ids=lambda error: type(error).__name__)
def test_words_that_may_quote_somebody_are_left_out(error):
    assert CANARY in repr(error) + str(error) + repr(getattr(error, "params", "")) + repr(vars(error))  # the control
    assert CANARY not in told(error) and type(error).__name__ in told(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImproperlyConfigured("SITE_URL is not set."), "SITE_URL is not set."),
        (TemplateDoesNotExist("a.html"), "a.html"),
        (raised(lambda: __import__("no_such_module")), "No module named 'no_such_module'"),
        (raised(lambda: Env().int("NO_SUCH_NUMBER")), "NO_SUCH_NUMBER"),
        (PermissionError(13, CANARY, CANARY), "Permission denied"),
    ],
)
def test_words_of_the_code_the_settings_and_the_system_are_said(error, words):
    assert words in kind_of(error) and CANARY not in kind_of(error)


@pytest.mark.django_db
def test_postgresql_says_which_rule_was_broken_and_not_by_whom():
    day = make_day()
    ada = register(day, "Ada", email=CANARY)
    bea = register(day, "Ada", email="b@example.org")

    def double():
        with transaction.atomic():
            Registration.objects.filter(pk=bea.pk).update(email_key=ada.email_key)

    error = raised(double)
    assert isinstance(error, IntegrityError) and CANARY in str(error)  # the control: its words do quote her
    said = told(error)
    assert CANARY not in said
    assert "psycopg.errors.UniqueViolation: SQLSTATE 23505, constraint " in said
    assert "table registrations_registration" in said
    assert "django.db.utils.IntegrityError" in said and "direct cause" in said


@pytest.mark.django_db
def test_nor_does_it_quote_a_value_it_cannot_read():
    def unreadable():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [CANARY])

    error = raised(unreadable)
    assert isinstance(error, DataError) and CANARY in str(error)
    assert CANARY not in told(error) and "SQLSTATE 22P02" in told(error)


def test_of_a_connection_that_fails_it_says_why():
    error = raised(lambda: psycopg.connect("host=/nowhere connect_timeout=1"))
    assert "connection" in kind_of(error) and "/nowhere" in kind_of(error)


def test_what_led_to_it_is_told_as_carefully():
    def both():
        try:
            int(CANARY)
        except ValueError:
            raise RuntimeError(CANARY) from KeyError(CANARY)

    def meanwhile():
        try:
            int(CANARY)
        except ValueError:
            raise RuntimeError(CANARY)  # noqa: B904

    def group():
        raise ExceptionGroup(CANARY, [ValueError(CANARY), KeyError(CANARY)])

    for work, kinds in ((both, "KeyError"), (meanwhile, "ValueError"), (group, "KeyError")):
        said = told(raised(work))
        assert CANARY not in said and kinds in said, work


def test_exceptions_that_cause_each_other_come_to_an_end():
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    assert told(one).count("ValueError") == 1


def test_a_thousand_frames_are_cut():
    def deeper():
        deeper()

    assert told(raised(deeper)).count("\n") < 200
