"""A session's revision: it rises by one for what people plan by, whatever wrote it, and for nothing else."""

import datetime

import pytest
from django.db import connection

from events import changes
from events.models import Event, Session
from tests.builders import london, make_room, make_session, save

REVISED = {
    "title": lambda: "Another title",
    "starts": lambda: london(9, 30),
    "ends": lambda: london(11, 30),
    "room_id": lambda: make_room().pk,
    "status": lambda: "cancelled",
}
NOT_REVISED = {
    "abstract": lambda: "Other words",
    "content_note": lambda: "Loud",
    "label": lambda: "Closing plenary",
    "slug": lambda: "another-address",
    "capacity": lambda: 12,
    "bsl": lambda: "yes",
    "live_captions": lambda: "no",
    "materials": lambda: "[slides](https://a.example)",
    "provisional": lambda: True,
    "clash_reason": lambda: "Two corners",
    "kind": lambda: "panel",
}


def by_save(session, name, value):
    setattr(session, name, value)
    session.save()


def by_change(session, name, value):
    setattr(session, name, value)
    save(session)


def by_update(session, name, value):
    Session.objects.filter(pk=session.pk).update(**{name: value})


def by_bulk(session, name, value):
    setattr(session, name, value)
    Session.objects.bulk_update([session], [name])


def by_sql(session, name, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE events_session SET {name} = %s WHERE id = %s", [value, session.pk])


every_path = pytest.mark.parametrize("write", [by_save, by_change, by_update, by_bulk, by_sql])


def stored(session):
    return Session.objects.get(pk=session.pk)


@every_path
@pytest.mark.parametrize("name", REVISED)
def test_what_people_plan_by_is_a_new_revision_by_every_path(event, write, name):
    session = make_session(event)
    write(session, name, REVISED[name]())
    assert stored(session).revision == 1


@every_path
@pytest.mark.parametrize("name", NOT_REVISED)
def test_anything_else_is_no_new_revision(event, write, name):
    session = make_session(event)
    write(session, name, NOT_REVISED[name]())
    assert stored(session).revision == 0


@every_path
@pytest.mark.parametrize("number", [-1, 0, 7])
def test_the_revision_cannot_be_set_by_hand(event, write, number):
    session = make_session(event)
    by_change(session, "title", "Another title")
    write(session, "revision", number)
    assert stored(session).revision == 1


def test_several_of_them_at_once_are_one_revision(event):
    session = make_session(event)
    session.title, session.starts, session.room = "Another title", london(9, 30), make_room()
    save(session)
    assert stored(session).revision == 1


def test_saving_the_same_again_is_no_revision(event):
    session = stored(make_session(event))
    save(session)
    save(session)
    assert stored(session).revision == 0


def test_a_room_taken_away_is_a_revision(event):
    session = make_session(event, room=make_room())
    session.room = None
    save(session)
    assert stored(session).revision == 1


def test_a_cancelled_event_revises_no_session_but_its_move_revises_each(programme):
    Event.objects.filter(pk=programme.event.pk).update(status="cancelled")
    assert stored(programme.panel).revision == 0
    rows = [Event.objects.get(pk=programme.event.pk), *Session.objects.filter(event=programme.event)]
    for row in rows:
        row.starts, row.ends = row.starts + datetime.timedelta(1), row.ends + datetime.timedelta(1)
    save(*rows)
    assert {session.revision for session in Session.objects.all()} == {1}


@pytest.mark.parametrize("write", [by_save, by_change])
def test_history_row_and_instance_bear_the_same_number(event, write):
    session = make_session(event)
    for name in ("abstract", "title", "starts", "materials", "status"):
        write(session, name, (REVISED | NOT_REVISED)[name]())
        assert session.revision == stored(session).revision == session.history.first().revision
    assert [record.revision for record in session.history.all()] == [3, 2, 2, 1, 0, 0]


def test_history_after_writes_past_it_bears_the_rows_number(event):
    session = make_session(event)
    by_update(session, "title", "Another title")
    by_change(session, "abstract", "Other words")
    assert session.history.first().revision == stored(session).revision == 2


@every_path
def test_the_calendar_identity_never_changes(event, write):
    session = make_session(event)
    uid = stored(session).uid
    for name in ("title", "slug", "starts", "status"):
        write(session, name, (REVISED | NOT_REVISED)[name]())
    assert stored(session).uid == uid


def test_without_the_trigger_a_write_past_save_would_go_unnoticed(event):
    session = make_session(event)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE events_session DISABLE TRIGGER session_revision")
    by_update(session, "title", "Another title")
    assert stored(session).revision == 0


def test_two_sessions_never_share_an_identity(event):
    one, two = make_session(event), make_session(event)
    assert one.uid != two.uid
    two.uid = one.uid
    with pytest.raises(changes.Refused):
        save(two)


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("upper", {"name": "Heddle Room"}), ("upper", {"floor": "First floor"}), ("series", {"number": 3}),
        ("house", {"name": "Loom House"}), ("house", {"address": "2 High Street\nLeeds"}), ("first", {"code": "Z"}),
    ],
)  # fmt: skip
def test_what_calendars_say_of_its_place_and_code_is_a_revision_too(programme, what, values):
    row = type(getattr(programme, what)).objects.get(pk=getattr(programme, what).pk)
    for name, value in values.items():
        setattr(row, name, value)
    save(row)
    assert stored(programme.first).revision == 1
    assert stored(programme.panel).revision == (0 if what in ("series", "first") else 1)
    other = stored(programme.second)
    other.abstract = "Other words"
    save(other)
    assert stored(other).revision == (1 if what in ("series", "house") else 0)


def test_a_label_is_one_where_it_stands_for_the_title(event):
    session = make_session(event, title="")
    by_change(session, "label", "Closing panel")
    assert session.revision == stored(session).revision == 1


def test_a_venue_revises_the_events_in_it(programme):
    programme.event.venue = programme.house
    save(programme.event)
    before = type(programme.event).objects.get(pk=programme.event.pk).revision
    programme.house.address = "2 High Street\nLeeds"
    save(programme.house)
    assert type(programme.event).objects.get(pk=programme.event.pk).revision == before + 1


@pytest.mark.parametrize("what", ["panel", "elsewhere"])
def test_what_is_deleted_and_restored_goes_on_above_all_that_it_was(programme, what):
    row = getattr(programme, what)
    for title in ("One", "Two", "Three"):
        row = type(row).objects.get(pk=row.pk)
        row.title = title
        save(row)
    highest, oldest = type(row).objects.get(pk=row.pk).revision, row.history.earliest().instance
    changes.apply(deletes=[row] if what == "panel" else [programme.other_series, row])
    oldest.search = oldest.event_starts = oldest.event_ends = oldest.event_status = None
    changes.apply(saves=[oldest])
    assert highest == 3 and type(row).objects.get(uid=row.uid).revision > highest
