"""Two people who write at once, on two real connections: the programme holds, and the loser is told in words."""

import contextlib
import threading

import pytest
from django.db import connection, transaction
from django.db.models import F, Q

from events import changes
from events.models import Appearance, Event, Series, Session
from events.problems import Refused
from tests.builders import (
    london,
    make_appearance,
    make_event,
    make_person,
    make_room,
    make_session,
    make_venue,
    new_session,
)  # fmt: skip
from tests.events.two_people import (
    PATIENCE,
    meeting_at,
    outcome,
    two_writers,
    wait_until_blocked,
    without_constraint,
)  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = "session_room_used_once_at_a_time"
WITHIN = "session_within_its_event"
REPEATS_EVENT = "session_repeats_its_event"
REPEATS_SESSION = "appearance_repeats_its_session"
PERSON = "appearance_person_in_one_session_at_a_time"
DEADLOCK = "DeadlockDetected"


@pytest.fixture
def writers():
    with two_writers() as both:
        yield both


def check_now():
    """What the commit would check, checked while the transaction stays open."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def update(row, **values):
    """Return the work of writing past every rule of ours."""
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


def insert(row):
    """Return the work of inserting past every rule of ours; the row's copies are those that it carries."""
    return lambda: type(row).objects.bulk_create([row])


# Two sessions, one room, one time.


@pytest.fixture
def pair(event):
    """Two sessions at the same time, in no room yet, and the room that both are to have."""
    return make_session(event, 11), make_session(event, 11), make_room("Upper Hall")


def both_take_the_room(writers, pair, **values):
    """Both write before either commits; return the ways in which their commits end."""
    for writer, session in zip(writers, pair[:2], strict=True):
        writer.begin(update(session, room=pair[2], **values))
    commits = [writer.commit() for writer in writers]
    return {outcome(commit) for commit in commits}


def test_of_two_who_take_one_room_at_once_exactly_one_gets_it(writers, pair):
    assert both_take_the_room(writers, pair) in ({"saved", ROOM}, {"saved", DEADLOCK})
    assert Session.objects.filter(room=pair[2]).count() == 1


def test_with_a_written_reason_both_get_the_room(writers, pair):
    assert both_take_the_room(writers, pair, clash_reason="One hall, two corners") == {"saved"}


def test_without_the_exclusion_constraint_both_would_get_the_room(writers, pair):
    with without_constraint("events_session", ROOM, clear="events_session"):
        assert both_take_the_room(writers, pair) == {"saved"}
        assert Session.objects.filter(room=pair[2]).count() == 2


# An event's hours move while somebody adds a session outside of the new ones.


@pytest.fixture
def early(event):
    """An unsaved session at 9am with true copies of its event, to be inserted past every rule."""
    session = new_session(event, 9, slug="early")
    session.event_starts, session.event_ends, session.event_status = event.starts, event.ends, event.status
    return session


def sessions_outside():
    return Session.objects.filter(Q(starts__lt=F("event__starts")) | Q(ends__gt=F("event__ends"))).count()


def test_a_session_inserted_while_its_event_moves_is_refused_at_its_commit(writers, event, early):
    adding, moving = writers
    adding.begin(insert(early))
    moving.do(update(event, starts=london(12)))
    assert outcome(adding.commit()) == REPEATS_EVENT
    assert sessions_outside() == 0


def test_a_session_committed_while_its_event_is_being_moved_waits_and_is_refused(writers, event, early):
    adding, moving = writers
    moving.begin(update(event, starts=london(12)))
    adding.begin(insert(early))
    commit = adding.commit()
    wait_until_blocked(adding)
    assert (outcome(moving.commit()), outcome(commit)) == ("saved", REPEATS_EVENT)


def test_an_event_moved_while_a_checked_session_is_uncommitted_waits_and_is_refused(writers, event, early):
    adding, moving = writers
    adding.begin(lambda: (insert(early)(), check_now()))
    move = moving.start(update(event, starts=london(12)))
    wait_until_blocked(moving)
    assert (outcome(adding.commit()), outcome(move)) == ("saved", WITHIN)
    assert sessions_outside() == 0


def test_without_the_composite_foreign_key_the_session_would_end_up_outside(writers, event, early):
    adding, moving = writers
    with without_constraint("events_session", REPEATS_EVENT, clear="events_session"):
        adding.begin(insert(early))
        moving.do(update(event, starts=london(12)))
        assert outcome(adding.commit()) == "saved"
        assert sessions_outside() == 1


def test_an_event_cancelled_while_a_session_is_added_never_leaves_a_live_copy(writers, event, early):
    adding, cancelling = writers
    adding.begin(insert(early))
    cancelling.do(update(event, status="cancelled"))
    assert outcome(adding.commit()) == REPEATS_EVENT


# A session moves while somebody adds a person who is elsewhere at its new time.


@pytest.fixture
def joining(event):
    """An unsaved appearance at 10am of a person who is in another session at 11am."""
    person, session = make_person(), make_session(event, 10)
    make_appearance(make_session(event, 11), person)
    joining = Appearance(session=session, person=person)
    joining.session_starts, joining.session_ends = session.starts, session.ends
    joining.session_status, joining.event_status = session.status, event.status
    return joining


def to_eleven(session):
    return update(session, starts=london(11), ends=london(12))


def people_in_two_places():
    live = Appearance.objects.filter(session__starts=london(11)).values_list("person", flat=True)
    return len(live) - len(set(live))


def test_a_person_added_while_the_session_moves_is_refused_at_the_commit(writers, joining):
    adding, moving = writers
    adding.begin(insert(joining))
    moving.do(to_eleven(joining.session))
    assert outcome(adding.commit()) == REPEATS_SESSION
    assert people_in_two_places() == 0


def test_a_person_committed_while_the_session_is_being_moved_waits_and_is_refused(writers, joining):
    adding, moving = writers
    moving.begin(to_eleven(joining.session))
    adding.begin(insert(joining))
    commit = adding.commit()
    wait_until_blocked(adding)
    assert (outcome(moving.commit()), outcome(commit)) == ("saved", REPEATS_SESSION)


def test_a_session_moved_while_a_checked_person_is_uncommitted_waits_and_is_refused(writers, joining):
    adding, moving = writers
    adding.begin(lambda: (insert(joining)(), check_now()))
    move = moving.start(to_eleven(joining.session))
    wait_until_blocked(moving)
    assert (outcome(adding.commit()), outcome(move)) == ("saved", PERSON)
    assert people_in_two_places() == 0


def test_without_the_composite_foreign_key_the_person_would_be_in_two_places(writers, joining):
    adding, moving = writers
    with without_constraint("events_appearance", REPEATS_SESSION, clear="events_appearance"):
        adding.begin(insert(joining))
        moving.do(to_eleven(joining.session))
        assert outcome(adding.commit()) == "saved"
        assert people_in_two_places() == 1


# Through changes.apply the loser reads a sentence, whatever PostgreSQL found and when.


class Holding:
    """A listener that keeps whoever comes first inside their transaction until they are let go."""

    def __init__(self):
        self.reached, self.let_go = threading.Event(), threading.Event()

    def check(self, before, after):
        return []

    def after(self, before, after):
        if not self.reached.is_set():
            self.reached.set()
            assert self.let_go.wait(PATIENCE)


@contextlib.contextmanager
def held(writer, *rows):
    """Let this writer apply a change and stay inside the transaction; at the end they commit."""
    listener = Holding()
    changes.subscribe(listener)
    try:
        work = writer.start(lambda: changes.apply(saves=rows))
        assert listener.reached.wait(PATIENCE)
        yield
    finally:
        listener.let_go.set()
        assert outcome(work) == "saved"
        changes.unsubscribe(listener)


def refused(future):
    """Return the sentences of the refusal that this work must end with."""
    error = future.exception(PATIENCE)
    assert isinstance(error, Refused), error
    return str(error)


def second_to(writers, first_rows, rows):
    """The first saves; while that is uncommitted the second begins and has to wait; return how it ends for them."""
    first, second = writers
    with held(first, *first_rows):
        work = second.start(lambda: changes.apply(saves=rows))
        wait_until_blocked(second)
    return work


def test_who_comes_second_to_a_room_is_told_what_is_there(writers, event):
    room = make_room("Upper Hall")
    work = second_to(
        writers, [new_session(event, 11, title="Rest", room=room)], [new_session(event, 11, title="Art", room=room)]
    )
    assert refused(work) == "Upper Hall already has “Rest” from 11am to midday."
    assert Session.objects.count() == 1


def test_who_comes_second_from_another_event_is_told_what_is_there(writers, event):
    room, other = make_room("Upper Hall"), make_event("Other")
    work = second_to(
        writers, [new_session(event, 11, title="Rest", room=room)], [new_session(other, 11, title="Art", room=room)]
    )
    assert refused(work) == "Upper Hall already has “Rest” from 11am to midday."


def test_who_comes_second_to_a_person_is_told_where_they_are(writers, event):
    person, one, two = make_person("Dee"), make_session(event, 11, title="Rest"), make_session(event, 11)
    work = second_to(writers, [Appearance(session=one, person=person)], [Appearance(session=two, person=person)])
    assert refused(work) == "Dee is already in “Rest” from 11am to midday."


def test_who_adds_a_session_outside_of_hours_just_changed_is_told_the_new_ones(writers, event):
    event.starts = london(12)
    work = second_to(writers, [event], [new_session(Event.objects.get(pk=event.pk), 9, title="Early")])
    expected = "“Early” is not within the event, which is on Wednesday 16 June 2027, midday to 5pm."
    assert refused(work) == expected
    assert sessions_outside() == 0


def test_who_narrows_an_event_around_a_session_just_added_is_told_which(writers, event):
    moved = Event.objects.get(pk=event.pk)
    moved.starts = london(12)
    work = second_to(writers, [new_session(event, 9, title="Early")], [moved])
    assert "“Early” is not within the event" in refused(work)


def test_who_adds_a_person_to_a_session_just_moved_is_told_where_they_are(writers, event):
    person, moving = make_person("Dee"), make_session(event, 10)
    make_appearance(make_session(event, 11, title="Rest"), person)
    as_it_was = Session.objects.get(pk=moving.pk)
    moving.starts, moving.ends = london(11), london(12)
    work = second_to(writers, [moving], [Appearance(session=as_it_was, person=person)])
    assert refused(work) == "Dee is already in “Rest” from 11am to midday."
    assert people_in_two_places() == 0


def test_who_moves_a_session_that_somebody_busy_just_joined_is_told_who(writers, event):
    person, moving = make_person("Dee"), make_session(event, 10)
    make_appearance(make_session(event, 11, title="Rest"), person)
    joining = Appearance(session=Session.objects.get(pk=moving.pk), person=person)
    moving.starts, moving.ends = london(11), london(12)
    assert refused(second_to(writers, [joining], [moving])) == "Dee is already in “Rest” from 11am to midday."


def test_of_two_who_wrote_before_either_was_checked_one_saves_and_one_reads_a_sentence(writers):
    room, events = make_room("Upper Hall"), [make_event("One"), make_event("Two")]
    rows = [new_session(each, 11, room=room) for each in events]
    with meeting_at(Session, threading.Barrier(2)):
        work = [who.start(lambda row=row: changes.apply(saves=[row])) for who, row in zip(writers, rows, strict=True)]
        errors = [each.exception(PATIENCE) for each in work]
    assert sorted(type(error) for error in errors if error) == [Refused]
    assert str(next(filter(None, errors))).endswith(("from 11am to midday.", "please save again."))
    assert Session.objects.filter(room=room).count() == 1


def test_inside_a_larger_transaction_too_the_clash_is_found_by_the_change_and_not_by_the_commit(writers, event, pair):
    first, second = writers
    one, two, room = pair
    first.begin(update(one, room=room))
    two.room = room

    def save_within_a_request():
        with transaction.atomic():
            changes.apply(saves=[two])

    work = second.start(save_within_a_request)
    wait_until_blocked(second)
    first.commit()
    assert refused(work) == f"Upper Hall already has “{one.title}” from 11am to midday."


class Reaching:
    """A listener that writes to another event once it is let go."""

    def __init__(self, event):
        self.event, self.reached, self.let_go = event, threading.Event(), threading.Event()

    def check(self, before, after):
        return []

    def after(self, before, after):
        self.reached.set()
        assert self.let_go.wait(PATIENCE)
        update(self.event, organiser="Somebody")()


def test_a_change_that_is_given_up_in_a_deadlock_is_answered_in_words(writers, event):
    first, second = writers
    other = make_event("Other")
    # The first looks for a deadlock sooner than the second, and so is the one that is given up.
    first.do(lambda: connection.cursor().execute("SET deadlock_timeout = '20ms'"))
    changes.subscribe(listener := Reaching(other))
    try:
        work = first.start(lambda: changes.apply(saves=[event]))
        assert listener.reached.wait(PATIENCE)
        second.begin(update(other, organiser="Another"))
        second.start(update(event, organiser="Another"))
        wait_until_blocked(second)
        listener.let_go.set()
        assert refused(work) == "Somebody else was saving at the same moment. Nothing is lost: please save again."
    finally:
        changes.unsubscribe(listener)
        second.commit()


def test_a_change_that_waits_too_long_is_answered_in_words(writers, event):
    first, second = writers
    second.do(lambda: connection.cursor().execute("SET lock_timeout = '50ms'"))
    with held(first, new_session(event, 11)):
        answer = refused(second.start(lambda: changes.apply(saves=[new_session(event, 12)])))
    assert answer == "Somebody else was saving at the same moment. Nothing is lost: please save again."


def test_a_row_that_only_refers_to_the_event_does_not_wait_for_a_change(writers, event, early):
    first, second = writers
    with held(first, new_session(event, 11)):
        second.do(insert(early))
    assert Session.objects.count() == 2


def test_two_changes_to_the_same_two_events_take_turns_in_whatever_order_they_are_given(writers, event):
    other = make_event("Other")
    work = second_to(writers, [event, other], [Event.objects.get(pk=other.pk), Event.objects.get(pk=event.pk)])
    assert outcome(work) == "saved"


def test_two_who_add_the_same_title_at_once_get_two_addresses(writers, event):
    work = second_to(writers, [new_session(event, 10, title="Rest")], [new_session(event, 11, title="Rest")])
    assert outcome(work) == "saved"
    assert sorted(Session.objects.values_list("slug", flat=True)) == ["rest", "rest-2"]


def test_two_who_add_the_same_series_number_at_once_are_not_both_believed(writers, event):
    first, second = writers
    with held(first, Series(event=event, number=9)):
        work = second.start(lambda: changes.apply(saves=[Series(event=event, number=9)]))
        wait_until_blocked(second)
    assert refused(work).endswith(".")


def test_each_of_two_changes_at_once_counts_as_a_revision(writers, event):
    session = make_session(event, 10)
    first, second = writers
    first.begin(update(session, title="One"))
    work = second.start(update(session, title="Two"))
    wait_until_blocked(second)
    assert (outcome(first.commit()), outcome(work)) == ("saved", "saved")
    assert Session.objects.get().revision == session.revision + 2


# A venue with a room is saved while somebody edits a session in it.


@pytest.fixture
def placed(event):
    """A session in a room of its event's venue."""
    event.venue = house = make_venue(name="Loom House")
    changes.apply(saves=[event])
    return make_session(event, 10, room=make_room("Heddle Room", venue=house))


def both_save(writers, session):
    """One has the event's lock, as each change has first, and edits; the other saves the venue and its room meanwhile.

    Return how each ended.
    """
    editing, naming = writers
    house, room = session.room.venue, session.room
    house.address, room.name = "2 High Street\nLeeds", "Shuttle Room"
    editing.begin(lambda: Event.objects.select_for_update(no_key=True).get(pk=session.event_id))
    named = naming.start(lambda: changes.apply(saves=[house, room]))
    wait_until_blocked(naming)
    edited = outcome(editing.start(lambda: retitle(session, "Another title")))
    return [edited, outcome(editing.commit()), outcome(named)]


def retitle(session, title):
    row = Session.objects.get(pk=session.pk)
    row.title = title
    changes.apply(saves=[row])


def test_a_venue_waits_for_who_edits_what_is_there_and_then_revises_it(writers, placed):
    assert both_save(writers, placed) == ["saved"] * 3
    assert Session.objects.get(pk=placed.pk).revision == 3  # the title, the room, the venue


def test_without_the_lock_of_its_events_they_would_wait_in_a_circle(writers, placed, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(changes, "_events_at", lambda places: set())
    assert "OperationalError" in both_save(writers, placed)  # PostgreSQL ends one of them
