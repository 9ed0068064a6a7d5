"""Asked first: a place that came free is kept for somebody, who says yes, says no, or does not answer in time."""

import datetime

import pytest

from events.models import Status
from registrations import booking, invariants
from registrations.answering.answers import Needs, Payer, Wish
from registrations.messages import emails
from registrations.models import Message, Offer, Places, Registration, WaitingRules
from registrations.problems import Refused
from registrations.waiting import offers
from tests.builders import london
from tests.registrations.builders import MINUTE, NOW, change, edit, make_day, make_ticket_type, register, state

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_is_broken():
    yield
    assert invariants.broken(NOW) == []


def taken(session):
    return Places.objects.get(session=session).taken


def told(registration):
    """Return what somebody was told after their registration, and after they asked to be asked, in order."""
    kinds = list(registration.messages.order_by("pk").values_list("kind", flat=True))[1:]
    return kinds[1:] if registration.name == "Ada" and kinds[:1] == ["changed"] else kinds


def asks(registration, session, *, held=None, now=NOW):
    """Have somebody wait for a workshop and ask to be asked first."""
    wish = Wish(held.pk if held else None, session.pk, ask_first=True)
    return booking.change_choices(registration, {session.series_id: wish}, now)


@pytest.fixture
def day():
    """1A has one place, which Bea has; Ada holds 1B and waits for 1A, to be asked first; Cai waits behind her."""
    day = make_day(places=(1, 5))
    day.bea = register(day, "Bea", take=day.a1)
    day.ada = register(day, "Ada", take=day.b1)
    asks(day.ada, day.a1, held=day.b1)
    day.cai = register(day, "Cai", take=day.b1, wait=day.a1)
    return day


def offer_to(registration):
    return Offer.objects.open().get(registration=registration)


def test_whoever_is_to_be_asked_is_offered_the_place_and_keeps_what_they_hold(day):
    booking.cancel(day.bea, NOW)
    assert state(day.ada) == "confirmed 1B, waits 1A" and state(day.cai) == "confirmed 1B, waits 1A"
    offer = offer_to(day.ada)
    assert (offer.session, offer.made_at, offer.until) == (day.a1, NOW, NOW + 4 * HOUR)
    assert taken(day.a1) == 1  # it counts as taken
    assert told(day.ada) == ["offered"] and told(day.cai) == []


def test_nobody_else_can_take_a_place_that_is_kept(day):
    booking.cancel(day.bea, NOW)
    with pytest.raises(Refused, match="is full now"):
        register(day, take=day.a1)


def test_yes_swaps_in_one_go_and_what_is_given_back_goes_on(day):
    edit(day.b1, capacity=2)  # Ada's and Cai's
    dan = register(day, "Dan", wait=day.b1)
    booking.cancel(day.bea, NOW)
    offers.accept(offer_to(day.ada), NOW)
    assert state(day.ada) == "confirmed 1A" and state(dan) == "confirmed 1B"
    assert told(day.ada) == ["offered", "changed"] and told(dan) == ["promoted"]
    assert Offer.objects.get().state == "taken"


def test_no_leaves_the_list_and_the_place_goes_to_the_next(day):
    booking.cancel(day.bea, NOW)
    offers.decline(offer_to(day.ada), NOW)
    assert state(day.ada) == "confirmed 1B" and state(day.cai) == "confirmed 1A"
    assert Offer.objects.get().state == "declined"


def test_without_an_answer_the_place_goes_to_the_next_and_the_holder_is_told(day):
    booking.cancel(day.bea, NOW)
    assert offers.let_run_out(NOW + 4 * HOUR - MINUTE) == 0 and state(day.cai) == "confirmed 1B, waits 1A"
    assert offers.let_run_out(NOW + 4 * HOUR) == 1
    assert state(day.ada) == "confirmed 1B" and state(day.cai) == "confirmed 1A"
    assert told(day.ada) == ["offered", "offer_ended"]
    assert offers.let_run_out(NOW + 5 * HOUR) == 0  # asked again, nothing happens again


def test_after_an_outage_of_a_day_everything_that_ran_out_is_passed_on(day):
    asks(day.cai, day.a1, held=day.b1)
    booking.cancel(day.bea, NOW)
    later = NOW + datetime.timedelta(days=1)
    assert offers.let_run_out(later) == 1
    assert offer_to(day.cai).until > later + HOUR


@pytest.mark.parametrize("verb", [offers.accept, offers.decline])
def test_an_answer_that_comes_too_late_is_refused_also_before_anybody_passed_it_on(day, verb):
    booking.cancel(day.bea, NOW)
    offer = offer_to(day.ada)
    with pytest.raises(Refused, match="no longer kept"):
        verb(offer, NOW + 4 * HOUR)
    assert state(day.ada) == "confirmed 1B, waits 1A"


def test_an_answer_counts_once(day):
    booking.cancel(day.bea, NOW)
    offer = offer_to(day.ada)
    offers.accept(offer, NOW)
    for verb in (offers.accept, offers.decline):
        with pytest.raises(Refused, match="no longer kept"):
            verb(offer, NOW)
    assert state(day.ada) == "confirmed 1A"


def test_leaving_the_list_withdraws_the_offer(day):
    booking.cancel(day.bea, NOW)
    change(day.ada, take=day.b1)
    assert Offer.objects.get().state == "withdrawn" and state(day.cai) == "confirmed 1A"


def test_cancelling_withdraws_it(day):
    booking.cancel(day.bea, NOW)
    booking.cancel(day.ada, NOW)
    assert Offer.objects.get().state == "withdrawn" and state(day.cai) == "confirmed 1A"


def test_a_workshop_that_is_cancelled_withdraws_it(day):
    booking.cancel(day.bea, NOW)
    edit(day.a1, status=Status.CANCELLED)
    assert Offer.objects.get().state == "withdrawn" and taken(day.a1) == 0


def test_a_capacity_below_what_is_held_and_kept_is_refused_with_both_numbers(day):
    booking.cancel(day.bea, NOW)
    with pytest.raises(Exception, match="0 people have a confirmed place and 1 person is being asked about one"):
        edit(day.a1, capacity=0)


def test_a_raised_capacity_offers_too(day):
    edit(day.a1, capacity=2)
    assert offer_to(day.ada).session == day.a1


def test_two_places_go_to_the_first_asked_and_the_second_moved(day):
    edit(day.a1, capacity=3)
    assert offer_to(day.ada) and state(day.cai) == "confirmed 1A"


def test_what_is_being_offered_counts_against_a_clash_with_other_waits(day):
    """Ada is asked about 1A; meanwhile 2A, at the same time, comes free for her: she is passed over, and not moved."""
    edit(day.a2, starts=london(11), ends=london(12), capacity=1)
    dan = register(day, "Dan", take=day.a2)
    booking.change_choices(day.ada, {day.b1.series_id: Wish(None, day.a1.pk, ask_first=True)}, NOW)
    booking.change_choices(day.ada, {day.a2.series_id: Wish(None, day.a2.pk)}, NOW)
    booking.cancel(day.bea, NOW)
    booking.cancel(dan, NOW)
    assert state(day.ada) == "confirmed waits 1A, waits 2A"
    offers.decline(offer_to(day.ada), NOW)
    assert state(day.ada) == "confirmed 2A"


def test_yes_to_what_clashes_by_now_is_refused_in_words_and_the_offer_stays(day):
    edit(day.b2, starts=london(11), ends=london(12))
    booking.cancel(day.bea, NOW)
    booking.change_choices(day.ada, {day.b1.series_id: Wish(None, day.a1.pk)}, NOW)
    change(day.ada, take=day.b2)
    with pytest.raises(Refused, match="at the same time as “2B: Workshop 2B”, which you have"):
        offers.accept(offer_to(day.ada), NOW)
    assert state(day.ada) == "confirmed 2B, waits 1A"


# Who is asked


def test_from_a_moment_on_everybody_is_asked(day):
    WaitingRules.objects.create(event=day.event, asks_from=NOW + HOUR)
    edit(day.a1, capacity=2)
    offers.decline(offer_to(day.ada), NOW)
    assert state(day.cai) == "confirmed 1A"
    eve = register(day, "Eve", take=day.b1, wait=day.a1)
    booking.cancel(day.bea, NOW + HOUR)
    assert state(eve) == "confirmed 1B, waits 1A" and offer_to(eve)


def test_by_default_that_is_seven_days_before(day):
    change(day.cai, take=day.b1)
    eve = register(day, "Eve", take=day.b1, wait=day.a1)
    change(day.ada, take=day.b1)
    week = datetime.timedelta(days=7)
    booking.cancel(day.bea, day.event.starts - week)
    assert state(eve) == "confirmed 1B, waits 1A" and offer_to(eve)


def test_a_moment_earlier_nobody_is(day):
    change(day.ada, take=day.b1)
    booking.cancel(day.bea, day.event.starts - datetime.timedelta(days=7, seconds=1))
    assert state(day.cai) == "confirmed 1A"


def test_staff_set_how_long_an_offer_lasts(day):
    WaitingRules.objects.create(event=day.event, offer_hours=2)
    booking.cancel(day.bea, NOW)
    assert offer_to(day.ada).until == NOW + 2 * HOUR


@pytest.mark.parametrize("need", ["bsl", "captions", "personal_assistant"])
def test_whoever_has_people_arranged_is_asked_and_the_team_is_told(need):
    day = make_day(places=(1, 5))
    bea = register(day, "Bea", take=day.a1)
    ada = register(day, "Ada", take=day.b1, wait=day.a1, needs=Needs(**{need: True}))
    booking.cancel(bea, NOW)
    assert state(ada) == "confirmed 1B, waits 1A" and offer_to(ada)
    assert told(ada) == ["offered", "team_asked"]
    assert Message.objects.get(kind="team_asked").recipient == "events@example.org"


def test_other_needs_arrange_nobody():
    day = make_day(places=(1, 5))
    bea = register(day, "Bea", take=day.a1)
    ada = register(day, "Ada", take=day.b1, wait=day.a1, needs=Needs(step_free=True, dietary="vegan"))
    booking.cancel(bea, NOW)
    assert state(ada) == "confirmed 1A" and told(ada) == ["promoted"]


def test_whoever_has_no_address_is_on_the_list_to_ring():
    day = make_day(places=(1, 5))
    bea = register(day, "Bea", take=day.a1)
    ada = register(day, "Ada", email="", by_staff=True, take=day.b1, wait=day.a1)
    booking.cancel(bea, NOW)
    [message] = ada.messages.all()
    assert (message.kind, message.state, message.recipient) == ("promoted", "to_ring", "")


# The event's own waiting list


@pytest.fixture
def full():
    """The event has one place, which Bea has; Ada waits for it with 1A, to be asked first, Cai behind her."""
    day = make_day(event_capacity=1)
    day.ticket = make_ticket_type(day.event, "Paid", 5000)
    day.bea = register(day, "Bea", payer=Payer("B"))
    day.ada = register(day, "Ada", take=day.a1, payer=Payer("A"))
    booking.ask_first(day.ada, True, NOW)
    day.cai = register(day, "Cai", payer=Payer("C"))
    return day


def test_the_events_list_asks_in_the_same_way(full):
    booking.cancel(full.bea, NOW)
    assert state(full.ada) == "waiting waits 1A" and state(full.cai) == "waiting"
    assert offer_to(full.ada).session is None and Places.objects.of_events().get().taken == 1
    offers.accept(offer_to(full.ada), NOW)
    ada = Registration.objects.get(pk=full.ada.pk)
    assert state(ada) == "confirmed 1A" and ada.price_agreed == 5000 and ada.invoice.state == "to_invoice"
    assert told(ada)[:1] == ["offered"] and told(ada)[-1] in ("confirmed", "promoted")


def test_the_price_is_that_of_the_day_on_which_one_joined(full):
    full.ticket.price = 9000
    full.ticket.save()
    booking.cancel(full.bea, NOW)
    offers.accept(offer_to(full.ada), NOW)
    assert Registration.objects.get(pk=full.ada.pk).price_agreed == 5000


@pytest.mark.parametrize(("end", "kind"), [
    (lambda offer: offers.decline(offer, NOW), "cancelled"),
    (lambda offer: offers.let_run_out(NOW + 4 * HOUR), "offer_ended"),
])  # fmt: skip
def test_who_does_not_take_the_place_is_off_the_list_and_the_next_has_it(full, end, kind):
    booking.cancel(full.bea, NOW)
    end(offer_to(full.ada))
    assert state(full.ada) == "cancelled" and state(full.cai) == "confirmed"
    assert told(full.ada) == ["offered", kind]


def test_a_ticket_type_counts_what_is_offered_too(full):
    booking.cancel(full.bea, NOW)
    assert Places.objects.get(ticket_type=full.ticket).taken == 1


def test_when_the_event_has_begun_nobody_answers_any_more(full):
    booking.cancel(full.bea, NOW)
    offer = offer_to(full.ada)
    Offer.objects.update(until=full.event.ends)
    with pytest.raises(Refused, match="has begun"):
        offers.accept(offer, full.event.starts)


def last(registration):
    return registration.messages.order_by("pk").last()


def test_who_says_yes_to_the_event_and_gets_a_workshop_is_told_of_both_in_one_message(full):
    booking.cancel(full.bea, NOW)
    offers.accept(offer_to(full.ada), NOW)
    assert told(full.ada) == ["offered", "promoted"]
    words = emails.write(last(full.ada)).text
    assert "You now have a place: it became free" in words and "a place in the workshop 1A" in words


def test_a_yes_is_confirmed_also_where_another_place_is_offered_at_once(full):
    booking.cancel(full.bea, NOW)
    WaitingRules.objects.create(event=full.event, asks_from=NOW - HOUR)
    offers.accept(offer_to(full.ada), NOW)
    assert told(full.ada) == ["offered", "offered", "confirmed"]


def test_what_no_answer_means_is_said_before(full):
    booking.cancel(full.bea, NOW)
    words = emails.write(last(full.ada)).text
    assert "your registration then ends, and you can register again" in words


def test_of_a_workshop_it_says_so_too_and_that_it_is_kept(day):
    booking.cancel(day.bea, NOW)
    words = emails.write(last(day.ada)).text
    assert "you leave its waiting list. Whatever you answer, you keep what you have now" in words
    assert "Kept for you until you answer" in words and "you are number 1" not in words


def test_not_being_asked_is_no_answer_to_an_open_offer(day, full):
    booking.cancel(day.bea, NOW)
    booking.cancel(full.bea, NOW)
    wish = Wish(day.b1.pk, day.a1.pk, ask_first=False)
    with pytest.raises(Refused, match="is kept for you already"):
        booking.change_choices(day.ada, {day.a1.series_id: wish}, NOW)
    with pytest.raises(Refused, match="is kept for you already"):
        booking.ask_first(full.ada, False, NOW)
    assert offer_to(day.ada).session == day.a1 and offer_to(full.ada).session is None
