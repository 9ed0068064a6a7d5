"""What is deleted by itself, and when: shown with a moved clock."""

import datetime

import pytest

from registrations import limits, retention, tasks
from registrations.answers import Needs
from registrations.models import AccessNeeds, AccessNeedsLog, Draft, DraftAccess, RateCount
from tests.registrations.builders import NOW, make_day, register

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def test_unfinished_answers_are_deleted_a_day_after_the_last_one():
    draft = Draft.objects.create(event=make_day().event, created_at=NOW, touched_at=NOW)
    DraftAccess.objects.create(draft=draft, answers={"bsl": True})
    retention.forget(NOW + datetime.timedelta(days=1) - SECOND)
    assert DraftAccess.objects.count() == 1
    retention.forget(NOW + datetime.timedelta(days=1))
    assert Draft.objects.count() == DraftAccess.objects.count() == 0


def test_counted_attempts_are_deleted_after_a_day():
    limits.seconds_to_wait(limits.STEPS, "192.0.2.1", NOW)
    retention.forget(NOW + datetime.timedelta(hours=24))
    assert RateCount.objects.count() == 1
    retention.forget(NOW + datetime.timedelta(hours=26))
    assert RateCount.objects.count() == 0


def test_access_needs_are_deleted_thirty_days_after_the_event_and_logged_without_them():
    day = make_day()
    ada = register(day, needs=Needs(bsl=True, other="Signs"))
    over = day.event.ends + datetime.timedelta(days=30)
    retention.forget(over - SECOND)
    assert AccessNeeds.objects.count() == 1
    retention.forget(over)
    assert AccessNeeds.objects.count() == 0
    log = AccessNeedsLog.objects.filter(registration=ada).latest("pk")
    assert (log.action, log.user, log.when) == ("deleted", None, over)
    retention.forget(over + SECOND)
    assert AccessNeedsLog.objects.filter(action="deleted").count() == 1


def test_the_worker_does_it_every_hour():
    assert tasks.forget.name == tasks.FORGET and tasks.EVERY_HOUR.startswith("17 ")
    tasks.forget()
