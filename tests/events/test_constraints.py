"""What PostgreSQL itself refuses, however it is written: raw SQL, queryset.update, bulk.

Each guard is shown twice: with it the statement fails and names it; without it (dropped inside the test's
transaction, which is rolled back) the very same statement passes.
"""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from events.models import Appearance, Event, Kind, Organisation, Person, Room, Series, Session, Status, Venue
from tests.builders import london, make_appearance, make_event, make_session, new_session

HOUR = datetime.timedelta(hours=1)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def check_now():
    """Have the deferred constraints checked as the commit would."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


def update(model, row, **values):
    """Write past changes.apply, save and clean."""
    model.objects.filter(pk=row.pk).update(**values)


def bulk_session(programme, **values):
    """Insert a session past `save`, with true copies of its event's hours unless told otherwise."""
    event = programme.event
    copies = {"event_starts": event.starts, "event_ends": event.ends, "event_status": event.status}
    session = new_session(event, 14, slug="bulk")
    for name, value in {**copies, **values}.items():
        setattr(session, name, value)
    Session.objects.bulk_create([session])


REFUSED = {
    "an event that ends as it starts": (
        "events_event.event_ends_after_start",
        lambda p: update(Event, p.other_series.event, ends=F("starts")),
    ),
    "an event that ends before it starts, by SQL": (
        "events_event.event_ends_after_start",
        lambda p: sql("UPDATE events_event SET ends = starts - interval '1 h' WHERE id = %s", p.other_series.event.pk),
    ),
    "an event with a start and no end": (
        "events_event.event_has_start_and_end_or_neither",
        lambda p: update(Event, p.other_series.event, ends=None),
    ),
    "an event of ours without a date": (
        "events_event.event_of_ours_has_a_date",
        lambda p: update(Event, p.other_series.event, starts=None, ends=None),
    ),
    "booking that closes before it opens": (
        "events_event.event_booking_closes_after_opening",
        lambda p: update(Event, p.event, booking_opens=london(9), booking_closes=london(8)),
    ),
    "an event of unknown status": (
        "events_event.event_status_known",
        lambda p: update(Event, p.other_series.event, status="live"),
    ),
    "an event with a negative capacity": (
        "events_event.events_event_capacity_check",
        lambda p: sql("UPDATE events_event SET capacity = -1 WHERE id = %s", p.event.pk),
    ),
    "a room with a negative capacity": (
        "events_room.events_room_capacity_check",
        lambda p: sql("UPDATE events_room SET capacity = -1 WHERE id = %s", p.upper.pk),
    ),
    "a session with a negative capacity": (
        "events_session.events_session_capacity_check",
        lambda p: sql("UPDATE events_session SET capacity = -1 WHERE id = %s", p.panel.pk),
    ),
    "a session that ends as it starts": (
        "events_session.session_ends_after_start",
        lambda p: update(Session, p.panel, ends=F("starts")),
    ),
    "a session that ends as it starts, in bulk": (
        "events_session.session_ends_after_start",
        lambda p: bulk_session(p, ends=london(14)),
    ),
    "a session that starts before its event": (
        "events_session.session_within_its_event",
        lambda p: update(Session, p.panel, starts=p.event.starts - HOUR),
    ),
    "a session that ends after its event, in bulk": (
        "events_session.session_within_its_event",
        lambda p: bulk_session(p, ends=p.event.ends + HOUR),
    ),
    "an event that leaves a session outside": (
        "events_session.session_within_its_event",
        lambda p: update(Event, p.event, starts=london(11)),
    ),
    "a workshop without a series": (
        "events_session.session_workshop_has_a_series",
        lambda p: update(Session, p.first, series=None, code=None),
    ),
    "a plenary that becomes a workshop": (
        "events_session.session_workshop_has_a_series",
        lambda p: sql("UPDATE events_session SET kind = 'workshop' WHERE id = %s", p.panel.pk),
    ),
    "a session in a series of another event": (
        "events_session.session_series_is_of_its_event",
        lambda p: update(Session, p.first, series=p.other_series),
    ),
    "a series that moves to an event with other hours": (
        "events_session.session_repeats_its_event",
        lambda p: (
            update(Event, p.other_series.event, ends=london(20)),
            update(Series, p.series, event=p.other_series.event, number=2),
        ),
    ),
    "a slug twice in an event": (
        "events_session.session_slug_once_in_an_event",
        lambda p: update(Session, p.first, slug=p.second.slug),
    ),
    "a code twice in a series": (
        "events_session.session_code_once_in_a_series",
        lambda p: update(Session, p.first, code="B"),
    ),
    "a session of unknown status": (
        "events_session.session_status_known",
        lambda p: update(Session, p.panel, status="maybe"),
    ),
    "a session of unknown kind": (
        "events_session.session_kind_known",
        lambda p: bulk_session(p, kind="talk"),
    ),
    "hours of the event that are not the event's": (
        "events_session.session_repeats_its_event",
        lambda p: update(Session, p.panel, event_ends=p.event.ends + HOUR),
    ),
    "a status of the event that is not the event's": (
        "events_session.session_repeats_its_event",
        lambda p: update(Session, p.second, event_status=Status.CANCELLED),
    ),
    "two sessions in one room at the same time": (
        "events_session.session_room_used_once_at_a_time",
        lambda p: update(Session, p.second, room=p.upper),
    ),
    "two sessions in one room for the last minute, in bulk": (
        "events_session.session_room_used_once_at_a_time",
        lambda p: bulk_session(p, room=p.upper, starts=london(11, 59), ends=london(13)),
    ),
    "two sessions in one room for no reason but a space": (
        "events_session.session_clash_reason_says_why",
        lambda p: update(Session, p.second, room=p.upper, clash_reason=" "),
    ),
    "a person in two sessions for no reason but a mark": (
        "events_appearance.appearance_clash_reason_says_why",
        lambda p: update(Appearance, p.leading, clash_reason="?"),
    ),
    "a person in two sessions at once": (
        "events_appearance.appearance_person_in_one_session_at_a_time",
        lambda p: update(Session, p.first, starts=london(10, 30), room=None),
    ),
    "hours of the session that are not the session's": (
        "events_appearance.appearance_repeats_its_session",
        lambda p: update(Appearance, p.chairing, session_starts=london(9)),
    ),
    "an appearance of nobody": (
        "events_appearance.appearance_of_one_person_or_organisation",
        lambda p: update(Appearance, p.chairing, person=None),
    ),
    "an appearance of a person and an organisation": (
        "events_appearance.appearance_of_one_person_or_organisation",
        lambda p: update(Appearance, p.chairing, organisation=p.organisation),
    ),
    "an appearance in an unknown role": (
        "events_appearance.appearance_role_known",
        lambda p: update(Appearance, p.chairing, role="star"),
    ),
    "a person twice in a session in one role": (
        "events_appearance.appearance_person_once_in_a_role",
        lambda p: sql(
            "INSERT INTO events_appearance (session_id, person_id, role, wording, \"order\", clash_reason,"
            " session_starts, session_ends, session_status, event_status)"
            " SELECT session_id, person_id, role, wording, \"order\", clash_reason,"
            " session_starts, session_ends, session_status, event_status FROM events_appearance WHERE id = %s",
            p.chairing.pk,
        ),
    ),
    "a series of number nought": (
        "events_series.series_number_from_one",
        lambda p: update(Series, p.series, number=0),
    ),
    "two series of one number": (
        "events_series.series_number_once_in_an_event",
        lambda p: Series.objects.bulk_create([Series(event=p.event, number=1)]),
    ),
    "two rooms of one name in a venue": (
        "events_room.room_once_in_a_venue",
        lambda p: Room.objects.bulk_create([Room(venue=p.upper.venue, name=p.upper.name)]),
    ),
    "a venue with half a place on the map": (
        "events_venue.venue_on_the_map_needs_both",
        lambda p: update(Venue, p.upper.venue, latitude=51),
    ),
    "two events at one address": (
        "events_event.events_event_slug_key",
        lambda p: update(Event, p.event, slug=p.other_series.event.slug),
    ),
    "two people at one address": (
        "events_person.events_person_slug_key",
        lambda p: Person.objects.bulk_create([Person(name="Namesake", slug=p.person.slug)]),
    ),
    "two organisations at one address": (
        "events_organisation.events_organisation_slug_key",
        lambda p: Organisation.objects.bulk_create([Organisation(name="Namesake", slug=p.organisation.slug)]),
    ),
}  # fmt: skip
each_case = pytest.mark.parametrize(("guard", "write"), REFUSED.values(), ids=REFUSED)


@each_case
def test_postgresql_refuses(programme, guard, write):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write(programme)
        check_now()
    assert refusal.value.__cause__.diag.constraint_name == guard.partition(".")[2]


@each_case
def test_without_that_constraint_the_same_statement_passes(programme, guard, write):
    table, name = guard.split(".")
    check_now()
    sql(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
    write(programme)
    check_now()


def test_no_deferred_constraint_is_left_for_the_commit_to_find_after_the_tests(programme):
    """`check_now` really does what the commit does: before it, the clash stands there unrefused."""
    with pytest.raises(IntegrityError), transaction.atomic():
        update(Session, programme.second, room=programme.upper)
        assert Session.objects.filter(room=programme.upper, starts=london(11)).count() == 2
        check_now()


# What may share a room, and when somebody may be in two places: the condition lifted, one way at a time.


def share_the_upper_hall(programme):
    update(Session, programme.second, room=programme.upper)
    check_now()


def test_sessions_may_follow_each_other_in_a_room_without_a_gap(programme):
    update(Session, programme.second, room=programme.upper, starts=london(12), ends=london(13))
    check_now()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
def test_a_draft_or_cancelled_session_leaves_its_room_free(programme, status):
    update(Session, programme.second, status=status)
    share_the_upper_hall(programme)


def test_a_cancelled_event_leaves_its_rooms_free(programme):
    update(Event, programme.event, status=Status.CANCELLED)
    share_the_upper_hall(programme)


def test_a_draft_event_holds_its_rooms(programme):
    update(Event, programme.event, status=Status.DRAFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        share_the_upper_hall(programme)


@pytest.mark.parametrize("reason", ["One hall, two corners", "7 لأسباب"])
def test_a_written_reason_lets_two_sessions_share_a_room(programme, reason):
    update(Session, programme.second, clash_reason=reason)
    share_the_upper_hall(programme)


def test_rubbing_out_the_reason_brings_the_refusal_back(programme):
    update(Session, programme.second, clash_reason="One hall, two corners")
    share_the_upper_hall(programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        update(Session, programme.second, clash_reason="")
        check_now()


def test_publishing_a_draft_in_a_taken_room_is_refused(programme):
    update(Session, programme.second, status=Status.DRAFT)
    share_the_upper_hall(programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        update(Session, programme.second, status=Status.PUBLISHED)
        check_now()


def test_bringing_a_cancelled_event_back_into_taken_rooms_is_refused(programme):
    update(Event, programme.event, status=Status.CANCELLED)
    share_the_upper_hall(programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        update(Event, programme.event, status=Status.PUBLISHED)
        check_now()


def test_two_events_cannot_have_one_room_at_the_same_time(programme):
    elsewhere = make_session(make_event("Elsewhere"), 11)
    with pytest.raises(IntegrityError), transaction.atomic():
        update(Session, elsewhere, room=programme.upper)
        check_now()


def test_sessions_without_a_room_never_clash(programme):
    Session.objects.filter(event=programme.event).update(room=None)
    check_now()


def move_the_workshop_into_the_panel(programme):
    update(Session, programme.first, starts=london(10), ends=london(11), room=None)
    check_now()


def test_somebody_may_go_from_one_session_straight_to_the_next(programme):
    assert programme.panel.ends == programme.first.starts
    check_now()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
def test_a_draft_or_cancelled_session_leaves_its_people_free(programme, status):
    update(Session, programme.first, status=status)
    move_the_workshop_into_the_panel(programme)


def test_a_cancelled_event_leaves_its_people_free(programme):
    update(Event, programme.event, status=Status.CANCELLED)
    move_the_workshop_into_the_panel(programme)


def test_a_written_reason_lets_somebody_be_in_two_sessions_at_once(programme):
    update(Appearance, programme.leading, clash_reason="Joins by video")
    move_the_workshop_into_the_panel(programme)


def test_an_organisation_may_be_in_two_sessions_at_once(programme):
    make_appearance(programme.first, programme.organisation)
    check_now()


def test_somebody_may_have_two_roles_in_one_session(programme):
    make_appearance(programme.panel, programme.person, role="panellist")
    check_now()


# The copies under composite foreign keys follow whatever writes the original.


def copies_of(programme):
    in_sessions = Session.objects.filter(event=programme.event)
    in_appearances = Appearance.objects.filter(session__event=programme.event)
    return (
        set(in_sessions.values_list("event_starts", "event_ends", "event_status")),
        set(in_appearances.values_list("event_status", flat=True)),
    )


def test_an_event_moved_by_update_takes_its_sessions_copies_along(programme):
    update(Event, programme.event, starts=london(8), ends=london(20))
    assert copies_of(programme) == ({(london(8), london(20), "published")}, {"published"})


def test_an_event_cancelled_by_sql_is_cancelled_in_sessions_and_appearances(programme):
    sql("UPDATE events_event SET status = 'cancelled' WHERE id = %s", programme.event.pk)
    assert copies_of(programme) == ({(london(9), london(17), "cancelled")}, {"cancelled"})


def test_a_session_moved_and_cancelled_by_update_takes_its_appearances_along(programme):
    update(Session, programme.first, starts=london(15), ends=london(16), status=Status.CANCELLED)
    programme.leading.refresh_from_db()
    row = programme.leading
    assert (row.session_starts, row.session_ends, row.session_status) == (london(15), london(16), "cancelled")


def test_without_its_foreign_key_a_copy_would_stay_behind(programme):
    check_now()
    sql("ALTER TABLE events_session DROP CONSTRAINT session_repeats_its_event")
    update(Event, programme.event, starts=london(8))
    assert {starts for starts, _, _ in copies_of(programme)[0]} == {london(9)}


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("events_session", "session_room_used_once_at_a_time"),
        ("events_appearance", "appearance_person_in_one_session_at_a_time"),
        ("events_session", "session_slug_once_in_an_event"),
        ("events_session", "session_code_once_in_a_series"),
        ("events_session", "session_repeats_its_event"),
        ("events_appearance", "appearance_repeats_its_session"),
    ],
)
def test_what_a_whole_change_must_satisfy_is_checked_at_its_end(db, table, name):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT condeferrable, condeferred FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s",
            [table, name],
        )
        assert cursor.fetchone() == (True, True)


def test_a_plenary_needs_no_series(programme):
    update(Session, programme.first, kind=Kind.PLENARY, series=None, code=None)
    check_now()
