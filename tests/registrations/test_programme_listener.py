"""What staff may not do to those who have booked, in words with the number; and what follows of what they may."""

import datetime

import pytest
from django.db import connection, transaction

from events import changes
from events.models import Kind, Session, Status
from events.problems import Refused
from registrations import booking, invariants
from registrations.data_rights import erasing
from registrations.models import Places, Registration, WorkshopChoice
from registrations.problems import Refused as BookingRefused
from registrations.programme_changes.listener import ProgrammeListener
from registrations.tickets import ticket_types
from tests.builders import (
    london,
    make_event,
    make_listing,
    make_room,
    make_series,
    make_session,
    make_workshop,
    new_session,
)
from tests.registrations.builders import NOW, edit, event_of, make_day, make_ticket_type, register, state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_broken():
    """After each test the invariants hold."""
    yield
    connection.check_constraints()
    assert invariants.broken(NOW) == []


def refusal(work):
    """Return the sentence of the one problem by which this is refused, and the field it is shown at."""
    with pytest.raises(Refused) as refused:
        work()
    (problem,) = refused.value.problems
    return problem.message, problem.field


def unheard(monkeypatch):
    """Have changes of the programme tell nobody of registrations."""
    others = [each for each in changes._listeners if not isinstance(each, ProgrammeListener)]
    assert len(others) == len(changes._listeners) - 1
    monkeypatch.setattr(changes, "_listeners", others)


def capacity_of(session):
    return Places.objects.get(session=session).capacity


# Rows of Places follow the programme.


def test_an_event_and_its_workshops_have_places_from_the_first_moment():
    event = make_event(capacity=120)
    workshop = make_workshop(make_series(event), "A", capacity=20)
    make_session(event, 15)
    found = Places.objects.filter(event=event).values_list("session", "capacity", "taken")
    assert set(found) == {(None, 120, 0), (workshop.pk, 20, 0)}


def test_a_listing_has_none():
    assert not Places.objects.filter(event=make_listing()).exists()


def test_capacities_follow_the_event_the_workshop_and_the_room():
    day = make_day(event_capacity=10, places=(5, None))
    room, smaller = make_room(capacity=30), make_room(capacity=12)
    edit(day.event, capacity=None)
    edit(day.a1, capacity=7)
    edit(day.b1, room=room)
    assert Places.objects.of_events().get(event=day.event).capacity is None
    assert (capacity_of(day.a1), capacity_of(day.b1)) == (7, 30)
    edit(room, capacity=25)
    assert capacity_of(day.b1) == 25
    edit(day.b1, room=smaller)
    assert capacity_of(day.b1) == 12


def test_a_room_s_capacity_reaches_every_event_in_it_but_no_workshop_with_its_own():
    room = make_room(capacity=30)
    one, two = make_day(), make_day(hours=(12, 14))
    edit(one.b1, room=room)
    edit(two.b2, room=room)
    edit(one.a2, room=room, capacity=9)
    edit(room, capacity=25)
    assert [capacity_of(each) for each in (one.b1, two.b2, one.a2)] == [25, 25, 9]


def test_a_room_and_a_session_saved_together_count_with_the_room_as_it_will_be():
    day = make_day()
    room, session = make_room(capacity=30), Session.objects.get(pk=day.a1.pk)
    room.capacity, session.room = 8, room
    changes.apply(saves=[room, session])
    assert capacity_of(day.a1) == 8


def test_a_session_that_is_no_workshop_any_more_has_no_places_and_one_that_becomes_one_has():
    day = make_day()
    edit(day.a1, kind=Kind.PLENARY)
    assert not Places.objects.filter(session=day.a1).exists()
    edit(day.a1, kind=Kind.WORKSHOP)
    assert Places.objects.get(session=day.a1).taken == 0


def test_a_workshop_that_nobody_chose_can_be_deleted_and_an_event_that_nobody_booked_too():
    day = make_day()
    changes.apply(deletes=[Session.objects.get(pk=day.a1.pk)])
    assert not Places.objects.filter(session=day.a1.pk).exists()
    changes.apply(deletes=[day.event])
    assert Places.objects.count() == 0


# Capacities.


def test_a_capacity_below_what_is_confirmed_is_refused_with_the_number():
    day = make_day(event_capacity=5, places=(5, 5))
    for _ in range(2):
        register(day, take=day.a1)
    sentence = "2 people have a confirmed place, so the capacity cannot be 1."
    assert refusal(lambda: edit(day.event, capacity=1)) == (sentence, "capacity")
    assert refusal(lambda: edit(day.a1, capacity=1)) == (sentence, "capacity")
    edit(day.event, capacity=2)
    edit(day.a1, capacity=2)


@pytest.mark.parametrize("name", ["event", "a1"])
def test_without_the_listener_such_a_capacity_would_be_saved_and_nobody_would_hear_of_it(monkeypatch, name):
    """The control: nothing but the listener knows that too many have a place already."""
    day = make_day(event_capacity=5, places=(5, 5))
    for _ in range(2):
        register(day, take=day.a1)
    unheard(monkeypatch)
    with transaction.atomic():
        edit(getattr(day, name), capacity=1)
        assert any("I1: a capacity that is not what staff set" in sentence for sentence in invariants.broken(NOW))
        transaction.set_rollback(True)


def test_a_room_too_small_for_who_is_confirmed_is_refused_with_the_workshop():
    day = make_day()
    room, small = make_room(capacity=5), make_room(capacity=0)
    edit(day.a1, room=room)
    register(day, take=day.a1)
    sentence = "1 person has a confirmed place, so the capacity cannot be 0."
    assert refusal(lambda: edit(room, capacity=0)) == (f"In “1A: Workshop 1A” {sentence}", "capacity")
    assert refusal(lambda: edit(day.a1, room=small)) == (sentence, "capacity")
    edit(day.a1, room=small, capacity=1)


def test_an_unsaved_room_counts_too():
    day = make_day()
    register(day, take=day.a1)
    room, session = make_room(capacity=5), Session.objects.get(pk=day.a1.pk)
    closet = type(room)(venue=room.venue, name="Closet", capacity=0)
    session.room = closet
    assert refusal(lambda: changes.apply(saves=[closet, session]))[1] == "capacity"


def test_a_ticket_type_cannot_shrink_below_who_has_it():
    day = make_day()
    register(day)
    day.ticket.capacity = 0
    with pytest.raises(BookingRefused, match="1 of these tickets are taken, so there cannot be 0"):
        ticket_types.save(day.ticket, NOW)


def test_a_ticket_type_with_another_capacity_counts_at_once():
    day = make_day()
    day.ticket.capacity = 3
    ticket_types.save(day.ticket, NOW)
    assert Places.objects.get(ticket_type=day.ticket).capacity == 3


# Moves.


def test_a_move_that_would_give_anybody_two_workshops_at_once_is_refused_with_the_number():
    day = make_day()
    for _ in range(2):
        register(day, take=[day.a1, day.a2])
    register(day, take=day.a2)
    sentence, field = refusal(lambda: edit(day.a2, starts=london(11, 30), ends=london(12, 30)))
    assert sentence == (
        "Moving “2A: Workshop 2A” is not possible: 2 people would have to be in two workshops at once, "
        "or twice in a series."
    )
    assert field == "starts"


def test_without_the_listener_postgresql_refuses_such_a_move_and_cannot_say_how_many(monkeypatch):
    """The control."""
    day = make_day()
    register(day, take=[day.a1, day.a2])
    unheard(monkeypatch)
    sentence, field = refusal(lambda: edit(day.a2, starts=london(11, 30), ends=london(12, 30)))
    assert (sentence, field) == ("This does not fit the rest of the programme. Please check it and save again.", None)


def test_a_move_that_hurts_nobody_takes_the_choices_along():
    day = make_day()
    ada = register(day, take=[day.a1, day.a2])
    edit(day.a2, starts=london(12), ends=london(13))
    choice = WorkshopChoice.objects.get(registration=ada, session=day.a2)
    assert (choice.starts, choice.ends) == (london(12), london(13))


def test_a_whole_day_can_move_with_everybody_in_it():
    day = make_day(hours=(11, 12))
    ada = register(day, take=[day.a1, day.a2])
    sessions = list(Session.objects.filter(event=day.event))
    for session in sessions:
        session.starts, session.ends = session.starts.replace(day=17), session.ends.replace(day=17)
    event = event_of(day)
    event.starts, event.ends = event.starts.replace(day=17), event.ends.replace(day=17)
    changes.apply(saves=[event, *sessions])
    assert state(ada) == "confirmed 1A, 2A"


def test_two_workshops_of_one_attendee_can_swap_their_hours():
    day = make_day(hours=(11, 12))
    ada = register(day, take=[day.a1, day.a2])
    one, two = Session.objects.get(pk=day.a1.pk), Session.objects.get(pk=day.a2.pk)
    one.starts, one.ends, two.starts, two.ends = two.starts, two.ends, one.starts, one.ends
    changes.apply(saves=[one, two])
    assert state(ada) == "confirmed 2A, 1A"


def test_a_workshop_moved_to_a_series_of_which_its_holder_has_one_is_refused():
    day = make_day()
    register(day, take=[day.a1, day.a2])
    sentence, _ = refusal(lambda: edit(day.a2, series=day.series1, code="C"))
    assert "1 person would have to be in two workshops at once, or twice in a series" in sentence


def test_a_workshop_moved_to_another_series_takes_its_holders_along():
    day = make_day()
    ada = register(day, take=day.a1)
    edit(day.a1, series=make_series(day.event, 3))
    assert state(ada) == "confirmed 3A"


# Deleting, hiding, turning into something else.


def test_what_people_chose_cannot_be_deleted():
    day = make_day()
    register(day, take=day.a1)
    sentence = "1 person has chosen “1A: Workshop 1A”, so it cannot be deleted. Cancel it."
    assert refusal(lambda: changes.apply(deletes=[day.a1]))[0] == sentence
    sentence = "1 person has registered for “Annual conference”, so it cannot be deleted. Cancel it."
    assert refusal(lambda: changes.apply(deletes=[day.event]))[0] == sentence


@pytest.mark.parametrize(("values", "field"), [({"status": Status.DRAFT}, "status"), ({"title": ""}, "status")])
def test_what_people_chose_cannot_be_hidden(values, field):
    day = make_day()
    register(day, take=day.a1)
    sentence = "1 person has chosen “1A: Workshop 1A”: it has to stay a workshop that they can see."
    assert refusal(lambda: edit(day.a1, **values)) == (sentence, field)
    edit(day.b1, **values)


def test_an_event_for_which_people_registered_cannot_become_a_draft():
    day = make_day()
    booking.cancel(register(day), NOW)
    register(day)
    sentence = "1 person has registered for it, so it cannot become a draft. Cancel it instead, or leave it as it is."
    assert refusal(lambda: edit(day.event, status=Status.DRAFT)) == (sentence, "status")
    register(day)
    edit(day.event, status=Status.CANCELLED)
    assert refusal(lambda: edit(day.event, status=Status.DRAFT))[0].startswith("2 people have registered for it")
    for each in Registration.objects.live():
        erasing.erase(each, NOW)
    edit(day.event, status=Status.DRAFT)
    assert event_of(day).status == Status.DRAFT


def test_an_event_whose_people_are_all_erased_can_become_a_draft():
    began = NOW - datetime.timedelta(days=30)
    day = make_day(hours=(), starts=began, ends=began + datetime.timedelta(hours=8))
    erasing.erase(register(day, now=began - datetime.timedelta(days=1)), NOW)
    edit(day.event, status=Status.DRAFT)
    assert event_of(day).status == Status.DRAFT


def test_what_people_chose_stays_a_workshop_of_its_event():
    day, other = make_day(), make_day()
    register(day, take=day.a1)
    assert refusal(lambda: edit(day.a1, kind=Kind.PLENARY))[1] == "kind"
    assert refusal(lambda: edit(day.a1, event=other.event, series=other.series1, code="C", slug="c"))[1] == "kind"


def test_a_refused_change_leaves_everything_as_it_was():
    day = make_day(places=(5, 5))
    register(day, take=day.a1)
    with pytest.raises(Refused):
        changes.apply(saves=[new_session(day.event, 15), _shrunk(day.a1)])
    assert (capacity_of(day.a1), Session.objects.filter(event=day.event).count()) == (5, 4)


def _shrunk(session):
    session = Session.objects.get(pk=session.pk)
    session.capacity = 0
    return session


def test_words_can_be_changed_whatever_is_booked():
    day = make_day(event_capacity=1, places=(1, 1))
    ada = register(day, take=day.a1)
    edit(day.a1, title="Another title", abstract="More")
    edit(day.event, title="Another event")
    assert state(ada) == "confirmed 1A"


def test_a_ticket_of_a_new_event_has_places():
    event = make_event()
    ticket = make_ticket_type(event, capacity=4)
    assert Places.objects.get(ticket_type=ticket).capacity == 4
