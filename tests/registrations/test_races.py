"""Twenty people at twenty connections, through the public functions, all at once. After each race the invariants hold.

Where a guard is the code's (the lock) and not PostgreSQL's, a control shows that without it the race is lost.
"""

import contextlib
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from events import changes
from events.models import Session
from events.problems import Refused as ProgrammeRefused
from events.storing import versions
from events.storing.asking import ask_all
from registrations import booking, choice_rules, invariants, places, waiting_list
from registrations.messages import outbox
from registrations.models import Message, Places, Registration, WorkshopChoice
from registrations.problems import AlreadyRegistered, Busy, Refused, Why
from registrations.tickets import ticket_types
from registrations.waiting import waiting_lines
from tests.builders import london, make_room
from tests.events.two_people import outcome, two_writers, wait_until_blocked, without_constraint
from tests.registrations.builders import MINUTE, NOW, answers, change, edit, make_day, register, state
from tests.registrations.many_people import PATIENCE, all_at_once, deadlocks

pytestmark = pytest.mark.django_db(transaction=True)
TWENTY = range(20)


def ends(outcomes):
    """Count how the pieces of work ended: "confirmed", "waiting", …, or why they were refused."""
    return Counter(_end(each) for each in outcomes)


def _end(outcome):
    if isinstance(outcome, Registration):
        return outcome.status
    if isinstance(outcome, Refused):
        return str(outcome.problems[0].why)
    return type(outcome).__name__


def holds():
    assert invariants.broken(NOW) == []


# More people than places.


def test_the_last_place_in_a_workshop_goes_to_exactly_one_and_the_rest_are_told_it_is_full():
    day = make_day(places=(1, None))
    assert ends(all_at_once(lambda: register(day, take=day.a1) for _ in TWENTY)) == {
        "confirmed": 1,
        Why.WORKSHOP_FULL: 19,
    }
    assert (Places.objects.get(session=day.a1).taken, Registration.objects.count()) == (1, 1)
    holds()


def test_the_last_places_at_the_event_go_to_as_many_and_the_rest_wait_in_one_line():
    day = make_day(event_capacity=7)
    found = all_at_once(lambda: register(day, take=day.a1) for _ in TWENTY)
    assert ends(found) == {"confirmed": 7, "waiting": 13}
    told = [each.messages.get().facts["position"] for each in found if each.is_waiting]
    assert sorted(told) == list(range(1, 14))
    assert waiting_lines.positions(found).in_event == {
        each.pk: each.messages.get().facts["position"] for each in found if each.is_waiting
    }
    holds()


def test_the_last_tickets_of_a_kind_go_to_as_many():
    day = make_day(ticket_capacity=5)
    assert ends(all_at_once(lambda: register(day) for _ in TWENTY)) == {"confirmed": 5, Why.TICKET_SOLD_OUT: 15}
    holds()


# What can run out: a day on which there are so many, how many, and what somebody does to have one.
LIMITS = [
    ({"places": (1, None)}, 1, lambda day: register(day, take=day.a1)),
    ({"event_capacity": 7}, 7, register),
    ({"ticket_capacity": 5}, 5, register),
]


@contextlib.contextmanager
def everybody_has_looked(monkeypatch, people=20):
    """Without the lock, and with everybody having seen the free places before anybody takes one."""
    seen, judge = threading.Barrier(people), choice_rules.problems

    def open_without_lock(key, more):
        return places.Ledger(key, Places.objects.filter(event=key), versions.current(), ask_all(more))

    monkeypatch.setattr(places, "open_ledger", open_without_lock)
    monkeypatch.setattr(choice_rules, "problems", lambda wanted: (judge(wanted), seen.wait(PATIENCE))[0])
    yield
    monkeypatch.undo()


def test_without_the_lock_and_the_check_everybody_would_get_the_last_place(monkeypatch):
    everything = "registrations_places, registrations_registration, events_event"
    for values, _, book in LIMITS:
        with without_constraint("registrations_places", "places_never_more_than_there_are", clear=everything):
            works = [partial(book, make_day(**values))] * 20
            with everybody_has_looked(monkeypatch):
                assert ends(all_at_once(works)) == {"confirmed": 20}, values
            assert any("I1: more confirmed" in sentence for sentence in invariants.broken(NOW)), values


def test_without_the_lock_postgresql_alone_still_refuses_one_too_many_but_cannot_say_why(monkeypatch):
    """Nor does it put anybody in the event's line, or tell what is sold out."""
    for values, there_are, book in LIMITS:
        day, before = make_day(**values), Message.objects.count()
        with everybody_has_looked(monkeypatch):
            found = all_at_once([partial(book, day)] * 20)
        assert ends(found) == {"confirmed": there_are, Why.CHANGED_MEANWHILE: 20 - there_are}, values
        assert Message.objects.count() - before == there_are, values  # I5: of who is refused nothing is left
        holds()


# A message stands in the transaction that causes it.


def on_a_connection_of_its_own(queue):
    """A site that queues messages beside the booking. Of a new registration it could not even: there is none yet."""

    def outside(letters, now):
        def work():
            try:
                queue(letters, now)
            finally:
                connection.close()  # `connection` is another one in that thread

        with ThreadPoolExecutor(1) as thread:
            thread.submit(work).result(PATIENCE)

    return outside


def told_of_a_swap(monkeypatch, queued):
    """Have three people swap at once, without the lock, into one place. Return how many are told that they did."""
    day = make_day(places=(None, 1))
    people = [register(day, take=day.a1) for _ in range(3)]
    with everybody_has_looked(monkeypatch, len(people)):
        monkeypatch.setattr(outbox, "queue", queued(outbox.queue))
        found = all_at_once(lambda who=who: change(who, take=day.b1) for who in people)
    assert ends(found) == {"confirmed": 1, Why.CHANGED_MEANWHILE: 2}
    return Message.objects.filter(kind="changed", registration__in=people).count()


def test_who_is_refused_at_the_last_moment_is_told_nothing_unless_messages_were_queued_beside(monkeypatch):
    assert told_of_a_swap(monkeypatch, lambda queue: queue) == 1
    assert told_of_a_swap(monkeypatch, on_a_connection_of_its_own) == 3
    holds()


# One submission.


def test_one_submission_sent_twenty_times_at_once_is_one_registration():
    day, key = make_day(), uuid.uuid4()
    found = all_at_once(lambda: register(day, key=key, take=day.a1) for _ in TWENTY)
    assert (len({each.pk for each in found}), Registration.objects.count()) == (1, 1)
    assert (Message.objects.count(), Places.objects.get(session=day.a1).taken) == (1, 1)
    holds()


def sent_once_more_before_the_first_is_committed(day):
    """Return how the second of two that are the same ends."""
    key = uuid.uuid4()
    with two_writers() as (one, two):
        one.begin(lambda: register(day, key=key))
        again = two.start(lambda: register(day, key=key))
        wait_until_blocked(two)
        one.commit().result(PATIENCE)
        return outcome(again)


def test_it_is_the_second_look_under_the_lock_that_finds_it(monkeypatch):
    """The control has no second look: only PostgreSQL knows of the first then, and only another attempt finds it."""
    day = make_day()
    with monkeypatch.context() as patch:
        patch.setattr(booking, "ATTEMPTS", 1)
        assert sent_once_more_before_the_first_is_committed(day) == "saved"
        patch.setattr(booking, "_first_of", lambda found, asked: None)
        refused = "registrations_registration_idempotency_key_key"
        assert sent_once_more_before_the_first_is_committed(day) == refused
        patch.setattr(booking, "ATTEMPTS", 2)
        assert sent_once_more_before_the_first_is_committed(day) == "saved"
    assert Registration.objects.count() == Message.objects.count() == 3
    holds()


def test_one_submission_sent_to_two_events_at_once_is_one_registration():
    days, key = [make_day(), make_day()], uuid.uuid4()
    given = [answers(day, "Ada") for day in days]
    found = all_at_once(lambda n=n: booking.register(days[n % 2].event, given[n % 2], key, NOW) for n in TWENTY)
    assert (len({each.pk for each in found}), Registration.objects.count(), Message.objects.count()) == (1, 1, 1)
    holds()


def test_one_person_at_twenty_windows_has_one_registration_and_one_reminder():
    day = make_day()
    found = all_at_once(lambda: register(day, "Ada", take=day.a1) for _ in TWENTY)
    assert ends(found) == {"confirmed": 1, "AlreadyRegistered": 19}
    assert Counter(Message.objects.values_list("kind", flat=True)) == {"confirmed": 1, "already_registered": 1}
    holds()


# Swaps.


def test_twenty_who_swap_into_three_places_keep_what_they_had_if_they_come_too_late():
    day = make_day(places=(None, 3))
    people = [register(day, take=day.a1) for _ in TWENTY]
    found = all_at_once(lambda who=who: change(who, take=day.b1) for who in people)
    assert ends(found) == {"confirmed": 3, Why.WORKSHOP_FULL: 17}
    assert Counter(state(who) for who in people) == {"confirmed 1B": 3, "confirmed 1A": 17}
    holds()


def test_ten_who_swap_one_way_and_ten_who_swap_the_other_lose_nothing():
    day = make_day(places=(11, 11))
    people = [register(day, take=[day.a1, day.b1][n % 2]) for n in TWENTY]
    other = {"confirmed 1A": day.b1, "confirmed 1B": day.a1}
    aims = [(who, other[state(who)]) for who in people]
    found = all_at_once(lambda who=who, aim=aim: change(who, take=aim) for who, aim in aims)
    assert set(ends(found)) <= {"confirmed", Why.WORKSHOP_FULL}
    assert all(state(who) in other for who in people)
    holds()


def test_one_person_who_changes_at_twenty_windows_holds_one_workshop_of_a_series():
    day = make_day()
    ada = register(day)
    all_at_once(lambda n=n: change(ada, take=[[day.a1, day.b1][n % 2], [day.a2, day.b2][n // 2 % 2]]) for n in TWENTY)
    assert len(WorkshopChoice.objects.confirmed().filter(registration=ada)) == 2
    holds()


def test_places_given_back_at_once_go_to_as_many_in_line_in_order():
    day = make_day(places=(10, None))
    holders = [register(day, take=day.a1) for _ in range(10)]
    line = [register(day, take=day.b1, wait=day.a1) for _ in range(12)]
    all_at_once(lambda who=who: booking.cancel(who, NOW) for who in holders)
    assert [state(who) for who in line] == ["confirmed 1A"] * 10 + ["confirmed 1B, waits 1A"] * 2
    assert Counter(Message.objects.values_list("kind", flat=True))["promoted"] == 10
    holds()


def test_cancelling_twenty_times_at_once_frees_one_place():
    day = make_day(event_capacity=2)
    ada, _ = register(day, take=day.a1), register(day)
    line = [register(day) for _ in range(3)]
    all_at_once(lambda: booking.cancel(ada, NOW) for _ in TWENTY)
    assert [state(who) for who in line] == ["confirmed", "waiting", "waiting"]
    holds()


# Staff, while people book.


def test_staff_lower_a_capacity_while_people_book():
    day = make_day(places=(20, None))
    works = [lambda: register(day, take=day.a1) for _ in range(18)]
    works[9:9] = [lambda: edit(day.a1, capacity=9), lambda: edit(day.a1, capacity=4)]
    found = all_at_once(works)
    taken, capacity = Places.objects.values_list("taken", "capacity").get(session=day.a1)
    assert taken <= capacity
    assert set(ends(found)) <= {"confirmed", Why.WORKSHOP_FULL, "Refused", "NoneType"}
    holds()


def test_staff_lower_the_event_s_capacity_and_raise_it_while_people_book():
    day = make_day(event_capacity=10)
    works = [lambda: register(day, take=day.a1) for _ in range(16)]
    works[8:8] = [lambda n=n: edit(day.event, capacity=n) for n in (3, 12, 5, 20)]
    found = all_at_once(works)
    assert set(ends(found)) <= {"confirmed", "waiting", "Refused", "NoneType"}
    holds()


def test_staff_change_a_room_and_move_a_workshop_into_it_at_once():
    day = make_day()
    room = make_room(capacity=30)
    all_at_once([
        *(lambda n=n: edit(room, capacity=n) for n in (10, 20, 40)),
        *(lambda session=session: edit(session, room=room) for session in (day.a1, day.a2)),
        *(lambda: register(day, take=[day.a1, day.a2]) for _ in range(10)),
    ])  # fmt: skip
    holds()


def test_staff_move_a_workshop_onto_another_while_people_take_both():
    day = make_day()
    works = [lambda: register(day, take=[day.a1, day.a2]) for _ in range(18)]
    works[6:6] = [
        lambda: edit(day.a2, starts=london(11, 30), ends=london(12, 30)),
        lambda: edit(day.a2, starts=london(15), ends=london(16)),
    ]
    found = all_at_once(works)
    assert set(ends(found)) <= {"confirmed", Why.CLASH, "Refused", "NoneType"}
    assert all(isinstance(each, ProgrammeRefused | Registration | Refused | None) for each in found)
    holds()


def test_a_booking_under_way_sees_the_new_hours_of_a_workshop_being_moved():
    day = make_day()
    with two_writers() as (staff, attendee):
        staff.begin(lambda: edit(day.a2, starts=london(11, 30), ends=london(12, 30)))
        work = attendee.start(lambda: register(day, take=[day.a1, day.a2]))
        wait_until_blocked(attendee)
        staff.commit().result(PATIENCE)
        assert outcome(work) == "Refused"
        assert work.exception().problems[0].why == Why.CLASH
    holds()


def test_staff_who_move_a_workshop_see_the_booking_under_way():
    day = make_day()
    with two_writers() as (staff, attendee):
        attendee.begin(lambda: register(day, take=[day.a1, day.a2]))
        work = staff.start(lambda: edit(day.a2, starts=london(11, 30), ends=london(12, 30)))
        wait_until_blocked(staff)
        attendee.commit().result(PATIENCE)
        with pytest.raises(ProgrammeRefused, match="1 person would have to be in two workshops at once"):
            work.result(PATIENCE)
    holds()


def test_past_the_lock_the_foreign_key_still_catches_a_move_during_a_booking():
    """Whoever writes past the writers, in raw SQL say, is caught by PostgreSQL at the commit."""
    day = make_day()
    with two_writers() as (staff, attendee):
        attendee.begin(lambda: _claim_past_the_writers(day, register(day)))
        staff.do(lambda: Session.objects.filter(pk=day.a1.pk).update(starts=london(15), ends=london(16)))
        assert outcome(attendee.commit()) == "choice_repeats_its_session"


def _claim_past_the_writers(day, registration):
    session = Session(pk=day.a1.pk, event_id=day.event.pk, series_id=day.series1.pk)
    session.starts, session.ends = day.a1.starts, day.a1.ends
    WorkshopChoice.objects.bulk_create([waiting_list.claim(registration, session, "confirmed", NOW)])


# Everything at once.


def test_everything_at_once_on_two_events_ends_without_a_deadlock():
    days = [make_day(event_capacity=12, places=(4, 4)) for _ in range(2)]
    people = [[register(day, take=day.a1 if n < 4 else day.b1) for n in range(8)] for day in days]
    before = deadlocks()

    def works(day, mine, other):
        yield from (lambda: register(day, take=day.b2) for _ in range(2))
        yield from (lambda: register(day, take=day.a2, now=NOW + MINUTE) for _ in range(2))
        yield from (lambda who=who: change(who, take=[day.a2]) for who in mine[:2])
        yield lambda: change(mine[5], wait=day.a1)
        yield lambda: booking.cancel(mine[0], NOW)
        yield lambda: edit(day.a1, capacity=6)
        yield lambda: _edit_both(day, other)

    both = [*works(days[0], people[0], days[1]), *works(days[1], people[1], days[0])]
    found = all_at_once(both)
    unexpected = [each for each in found if not isinstance(each, Registration | Refused | ProgrammeRefused | None)]
    assert unexpected == [] and not any(isinstance(each, Busy) for each in found)
    assert deadlocks() == before
    holds()


WORKSHOPS_FIRST = """
SELECT id FROM registrations_places WHERE event_id = %s AND session_id IS NOT NULL ORDER BY id FOR UPDATE
"""


def met_half_way(day):
    """Book while another writer has only the first lock of the real order. Return how that one goes on, and this."""

    def lock(row):
        Places.objects.select_for_update().get(pk=row.pk)

    with two_writers() as (other, attendee):
        # Who looks for a circle first is the one that is given up.
        other.do(lambda: connection.cursor().execute("SET deadlock_timeout = '20ms'"))
        other.begin(lambda: lock(Places.objects.of_events().get(event=day.event)))
        work = attendee.start(lambda: register(day, take=day.a1))
        wait_until_blocked(attendee)
        goes_on = outcome(other.start(lambda: lock(Places.objects.get(session=day.a1))))
        other.commit().result(PATIENCE)
        return goes_on, outcome(work)


def test_the_event_s_row_comes_first_and_in_another_order_two_writers_wait_in_a_circle(monkeypatch):
    day = make_day()
    assert met_half_way(day) == ("saved", "saved")
    monkeypatch.setattr(places, "_LOCK_EVENT", WORKSHOPS_FIRST)
    assert met_half_way(day) == ("DeadlockDetected", "saved")


def _edit_both(one, other):
    """One change of two events, whose order is not that of their keys."""
    rows = [Session.objects.get(pk=day.b2.pk) for day in (one, other)]
    for row in rows:
        row.capacity = 9
    changes.apply(saves=rows)


# Waiting too long.


def held_while(work, timeout="lock_timeout"):
    """Hold the event's places at one connection and do this at another, which will not wait for long."""

    def holding(day, writers):
        first, second = writers
        first.begin(lambda: places.open_ledger(day.event.pk))
        second.do(lambda: connection.cursor().execute(f"SET {timeout} = '50ms'"))
        return second.start(lambda: work(day)).exception(PATIENCE)

    return holding


@pytest.mark.parametrize(
    "work",
    [
        lambda day: register(day, take=day.a1),
        lambda day: change(Registration.objects.get(), take=day.b1),
        lambda day: booking.cancel(Registration.objects.get(), NOW),
        lambda day: ticket_types.save(day.ticket, NOW),
    ],
    ids=["register", "change", "cancel", "ticket"],
)
def test_who_waits_too_long_is_told_that_many_are_booking_and_nothing_is_written(work):
    day = make_day()
    ada = register(day, take=day.a1)
    with two_writers() as writers:
        error = held_while(work)(day, writers)
        assert isinstance(error, Busy) and error.problems[0].why == Why.BUSY
        assert str(error) == "Many people are booking at this moment. Nothing is lost: please try again."
        writers[0].commit().result(PATIENCE)
        writers[1].do(lambda: work(day))  # and the next attempt passes
    assert Registration.objects.filter(pk=ada.pk).exists()
    holds()


def test_a_statement_that_takes_too_long_is_called_busy_too():
    with two_writers() as writers:
        error = held_while(lambda day: register(day), "statement_timeout")(make_day(), writers)
        assert isinstance(error, Busy)
        writers[0].commit().result(PATIENCE)
    holds()


def test_the_site_itself_waits_three_seconds_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "3s"


def test_another_failure_of_the_database_is_not_called_busy(monkeypatch):
    day = make_day()

    def die(*args):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patch, pytest.raises(Exception, match="terminating connection") as failure:
        patch.setattr(booking, "_of_key_or_person", die)
        register(day)
    connection.close()
    assert not isinstance(failure.value, Refused | AlreadyRegistered)
    assert Registration.objects.count() == 0
