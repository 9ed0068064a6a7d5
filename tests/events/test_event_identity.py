"""An event's calendar identity and its revision, which rises with what calendars follow, whatever wrote it."""

import pytest
from django.db import connection

from events.models import Event, Status
from tests.builders import london, make_event, make_venue, save

REVISED = {
    "title": lambda: "Another title",
    "starts": lambda: london(8),
    "ends": lambda: london(18),
    "venue_id": lambda: make_venue().pk,
    "status": lambda: Status.CANCELLED,
    "booking_opens": lambda: london(7),
}
NOT_REVISED = {"summary": lambda: "Words", "capacity": lambda: 7, "slug": lambda: "elsewhere", "organiser": lambda: "X"}


def by_change(event, name, value):
    setattr(event, name, value)
    save(event)


def by_update(event, name, value):
    Event.objects.filter(pk=event.pk).update(**{name: value})


def by_sql(event, name, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE events_event SET {name} = %s WHERE id = %s", [value, event.pk])


every_path = pytest.mark.parametrize("write", [by_change, by_update, by_sql])


@every_path
@pytest.mark.parametrize("name", REVISED)
def test_what_calendars_follow_is_a_new_revision(event, write, name):
    write(event, name, REVISED[name]())
    assert Event.objects.get(pk=event.pk).revision == 1


@every_path
@pytest.mark.parametrize("name", NOT_REVISED)
def test_anything_else_is_none(event, write, name):
    write(event, name, NOT_REVISED[name]())
    assert Event.objects.get(pk=event.pk).revision == 0


def test_a_revision_never_falls_also_when_an_old_copy_is_saved(event):
    old = Event.objects.get(pk=event.pk)
    by_change(event, "title", "New")
    by_change(old, "title", "Newer still")
    assert Event.objects.get(pk=event.pk).revision == 2


def test_two_events_never_share_an_identity_also_when_sql_makes_them(event):
    with connection.cursor() as cursor:
        cursor.execute("SELECT uid FROM events_event WHERE id = %s", [event.pk])
        assert cursor.fetchone()[0] == event.uid
    assert make_event().uid != event.uid


def test_the_history_keeps_the_identity(event):
    assert event.history.first().uid == event.uid


def test_the_last_change_is_the_last_saving(event, time_machine):
    time_machine.move_to(london(12), tick=False)
    by_change(event, "summary", "Words")
    assert Event.objects.with_last_change().get(pk=event.pk).last_change == london(12)
