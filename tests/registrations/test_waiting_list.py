"""Waiting lists: strictly in order, passed over without losing the position, and never a place lost."""

import pytest
from django.db import connection

from events.models import Status
from registrations import booking, invariants
from registrations.data_rights import erasing
from registrations.models import Message, Places, Registration
from registrations.tickets import ticket_types
from registrations.waiting import waiting_lines
from tests.builders import london, make_series, make_workshop
from tests.registrations.builders import MINUTE, NOW, change, edit, make_day, make_ticket_type, register, state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_broken():
    """After each test the invariants hold."""
    yield
    connection.check_constraints()
    assert invariants.broken(NOW) == []


def positions(*registrations):
    """Return where these stand in the one workshop list that they are in."""
    numbers = waiting_lines.positions(registrations).in_workshop
    return [numbers[each.choices.waiting().get().pk] for each in registrations]


def promoted():
    """Return who was told that a place has become free, in order, with the facts of that."""
    return [(each.registration, each.facts) for each in Message.objects.filter(kind="promoted").order_by("pk")]


@pytest.fixture
def day():
    """One place in 1A, two in 1B, and the same in series 2."""
    return make_day(places=(1, 2))


def test_a_freed_place_goes_to_the_first_in_line(day):
    holder = register(day, take=day.a1)
    first, second = register(day, wait=day.a1), register(day, wait=day.a1)
    booking.cancel(holder, NOW)
    assert (state(first), state(second)) == ("confirmed 1A", "confirmed waits 1A")
    assert [(who, facts["got"], facts["gave_back"]) for who, facts in promoted()] == [(first, [day.a1.pk], [])]


def test_the_place_in_hand_is_given_back_only_with_getting_the_other(day):
    holder = register(day, take=day.a1)
    mover = register(day, take=day.b1, wait=day.a1)
    assert state(mover) == "confirmed 1B, waits 1A"
    booking.cancel(holder, NOW)
    assert state(mover) == "confirmed 1A"
    assert promoted()[0][1]["gave_back"] == [day.b1.pk]


def test_a_place_given_back_moves_the_next_list_too_until_nobody_moves():
    day = make_day(places=(1, 1))
    third = make_workshop(day.series1, "C", 11, capacity=1)
    holder = register(day, take=day.a1)
    two = register(day, take=day.b1, wait=day.a1)
    three = register(day, take=third, wait=day.b1)
    four = register(day, wait=third)
    booking.cancel(holder, NOW)
    assert [state(each) for each in (two, three, four)] == ["confirmed 1A", "confirmed 1B", "confirmed 1C"]
    assert [who for who, _ in promoted()] == [two, three, four]


def test_the_cascade_tells_each_of_them_once_and_what_is_free_at_its_end_is_free():
    day = make_day(places=(1, 1))
    holder, mover = register(day, take=day.a1), register(day, take=day.b1, wait=day.a1)
    booking.cancel(holder, NOW)
    assert len(promoted()) == 1
    assert state(register(day, take=day.b1)) == "confirmed 1B"
    assert state(mover) == "confirmed 1A"


def test_who_would_clash_is_passed_over_and_keeps_the_position():
    day = make_day(hours=(11, 13), places=(1, 5))
    holder = register(day, take=day.a2)
    first, second, third = (register(day, wait=day.a2) for _ in range(3))
    late = make_workshop(day.series1, "C", 15, capacity=5)
    change(first, take=late)
    edit(late, starts=london(13), ends=london(14))  # staff move it to where the first in line waits
    booking.cancel(holder, NOW)
    assert (state(first), state(second)) == ("confirmed 1C, waits 2A", "confirmed 2A")
    assert positions(first, third) == [1, 2]


def test_who_was_passed_over_moves_as_soon_as_their_clash_ends():
    day = make_day(places=(1, 5))
    late = make_workshop(day.series1, "C", 15, capacity=5)
    holder, waiter = register(day, take=day.a2), register(day, take=late, wait=day.a2)
    edit(late, starts=london(13), ends=london(14))
    booking.cancel(holder, NOW)
    assert state(waiter) == "confirmed 1C, waits 2A"
    change(waiter, drop=[day.series1])
    assert state(waiter) == "confirmed 2A"
    kinds = waiter.messages.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["confirmed", "programme_changed", "promoted"]


def test_a_place_that_nobody_in_line_can_take_is_free_for_others():
    day = make_day(places=(1, 5))
    late = make_workshop(day.series1, "C", 15, capacity=5)
    holder, waiter = register(day, take=day.a2), register(day, take=late, wait=day.a2)
    edit(late, starts=london(13), ends=london(14))
    booking.cancel(holder, NOW)
    assert state(register(day, take=day.a2)) == "confirmed 2A"
    assert state(waiter) == "confirmed 1C, waits 2A"


def test_one_freed_place_is_given_once(day):
    holder = register(day, take=day.a1)
    line = [register(day, wait=day.a1) for _ in range(4)]
    booking.cancel(holder, NOW)
    assert [state(each) for each in line].count("confirmed 1A") == 1


def test_the_order_is_that_of_joining_also_when_the_clock_is_put_back(day):
    holder = register(day, take=day.a1)
    first = register(day, wait=day.a1, now=NOW + 60 * MINUTE)
    second = register(day, wait=day.a1, now=NOW)
    assert positions(first, second) == [1, 2]
    booking.cancel(holder, NOW)
    assert (state(first), state(second)) == ("confirmed 1A", "confirmed waits 1A")


def test_a_swap_away_gives_the_place_to_the_line(day):
    holder, waiter = register(day, take=day.a1), register(day, wait=day.a1)
    change(holder, take=day.b1)
    assert (state(holder), state(waiter)) == ("confirmed 1B", "confirmed 1A")


def test_nobody_is_moved_once_the_event_has_begun_and_none_into_a_workshop_that_has(day):
    holder, waiter = register(day, take=day.a1), register(day, wait=day.a1)
    booking.cancel(holder, london(9))
    assert state(waiter) == "confirmed waits 1A"
    register(day, take=day.a2)
    change(waiter, drop=[day.series1], now=london(8))
    assert Places.objects.get(session=day.a1).taken == 0


# The event's own list.


def test_a_freed_place_at_the_event_brings_the_workshops_asked_for_where_there_is_room():
    day = make_day(event_capacity=2, places=(1, 5))
    holder, other = register(day, take=day.b1), register(day, take=day.a1)
    ada, bea = register(day, take=[day.a1, day.b2]), register(day, take=day.b1)
    booking.cancel(holder, NOW)
    assert (state(ada), state(bea)) == ("confirmed waits 1A, 2B", "waiting waits 1B")
    booking.cancel(other, NOW)
    assert (state(ada), state(bea)) == ("confirmed 1A, 2B", "confirmed 1B")
    assert promoted()[0][1]["got_event"] is True


def test_who_came_first_to_the_event_s_list_comes_first_to_a_workshop_that_frees_with_it():
    day = make_day(event_capacity=2, places=(1, 5))
    holder, other = register(day, take=day.a1), register(day)
    ada = register(day, take=day.a1)
    change(other, wait=day.a1)
    booking.cancel(holder, NOW)
    assert (state(ada), state(other)) == ("confirmed 1A", "confirmed waits 1A")


def test_who_waits_for_the_event_is_passed_over_in_a_workshop_s_list_and_keeps_the_position():
    day = make_day(event_capacity=2, places=(1, 5))
    holder, other = register(day, take=day.a1), register(day)
    ada = register(day, take=day.a1)
    change(other, wait=day.a1)
    assert positions(ada, other) == [1, 2]
    change(holder, take=day.b1)
    assert (state(ada), state(other)) == ("waiting waits 1A", "confirmed 1A")


def test_whose_ticket_has_run_out_is_passed_over_and_keeps_the_position():
    day = make_day(event_capacity=3, ticket_capacity=2)
    plenty = make_ticket_type(day.event, "Plenty")
    holder, spare = register(day), register(day, ticket=plenty)
    register(day, ticket=plenty)
    first, second, third = register(day), register(day, ticket=plenty), register(day)
    day.ticket.capacity = 1
    ticket_types.save(day.ticket, NOW)
    booking.cancel(spare, NOW)
    assert [state(each) for each in (first, second, third)] == ["waiting", "confirmed", "waiting"]
    booking.cancel(holder, NOW)
    assert [state(each) for each in (first, second, third)] == ["confirmed", "confirmed", "waiting"]


def test_positions_at_the_event_count_everybody_ahead():
    day = make_day(event_capacity=0)
    line = [register(day) for _ in range(3)]
    assert waiting_lines.positions(line[1:]).in_event == {each.pk: number for number, each in enumerate(line, 1)}


# What staff do.


def test_a_raised_capacity_is_given_to_the_line_at_once(day):
    register(day, take=day.a1)
    line = [register(day, wait=day.a1) for _ in range(3)]
    edit(day.a1, capacity=3)
    assert [state(each) for each in line] == ["confirmed 1A", "confirmed 1A", "confirmed waits 1A"]
    assert [who for who, _ in promoted()] == line[:2]


def test_a_raised_capacity_of_the_event_is_given_to_its_line_at_once():
    day = make_day(event_capacity=0)
    line = [register(day, take=day.a1) for _ in range(2)]
    edit(day.event, capacity=1)
    assert [state(each) for each in line] == ["confirmed 1A", "waiting waits 1A"]


def test_more_tickets_of_a_kind_are_given_to_the_line_at_once():
    day = make_day(event_capacity=2, ticket_capacity=2)
    plenty = make_ticket_type(day.event, "Plenty")
    register(day)
    spare = register(day, ticket=plenty)
    waiter = register(day)
    day.ticket.capacity = 1
    ticket_types.save(day.ticket, NOW)
    booking.cancel(spare, NOW)
    assert state(waiter) == "waiting"
    day.ticket.capacity = None
    ticket_types.save(day.ticket, NOW)
    assert state(waiter) == "confirmed"


def test_a_cancelled_workshop_releases_its_claims_and_tells_each_holder_once(day):
    ada, bea = register(day, take=[day.a1, day.a2]), register(day, wait=day.a1)
    edit(day.a1, status=Status.CANCELLED)
    assert (state(ada), state(bea)) == ("confirmed 2A", "confirmed")
    told = Message.objects.filter(kind="workshop_cancelled")
    assert {each.registration for each in told} == {ada, bea} and told.count() == 2
    assert Places.objects.get(session=day.a1).taken == 0


def test_a_workshop_cancelled_ends_a_clash_and_so_moves_who_was_passed_over():
    day = make_day(places=(1, 5))
    late = make_workshop(day.series1, "C", 15, capacity=5)
    holder, waiter = register(day, take=day.a2), register(day, take=late, wait=day.a2)
    edit(late, starts=london(13), ends=london(14))
    booking.cancel(holder, NOW)
    edit(late, status=Status.CANCELLED)
    assert state(waiter) == "confirmed 2A"


def test_a_cancelled_event_moves_nobody():
    day = make_day(event_capacity=1)
    holder, waiter = register(day), register(day)
    edit(day.event, status=Status.CANCELLED)
    erasing.erase(holder, NOW)  # which gives the place up; nobody can cancel any more
    assert state(waiter) == "waiting"


def test_a_long_line_is_promoted_in_a_number_of_queries_that_does_not_grow(django_assert_max_num_queries):
    day = make_day(event_capacity=1)
    series = make_series(day.event, 3)
    workshop = make_workshop(series, "A", 15, capacity=50)
    register(day)
    line = [register(day, take=workshop) for _ in range(12)]
    with django_assert_max_num_queries(60):
        edit(day.event, capacity=13)
    assert {state(each) for each in line} == {"confirmed 3A"}
    assert Registration.objects.waiting().count() == 0
