"""Many people in “My day” at the same moment: nobody loses a place, none is given twice, an answer counts once."""

from collections import Counter

import pytest
from django.test import Client

from registrations import booking, invariants
from registrations.answering.answers import Wish
from registrations.models import LinkRequest, Message, Offer, RateCount, Registration, WorkshopChoice
from registrations.problems import Refused
from registrations.waiting import offers
from registrations.way_in import link_requests, links
from tests.registrations.builders import NOW, change, make_day, register, state
from tests.registrations.many_people import all_at_once, deadlocks
from tests.registrations.my_day import path_of

pytestmark = pytest.mark.django_db(transaction=True)
TWENTY = range(20)


@pytest.fixture(autouse=True)
def nothing_is_broken():
    before = deadlocks()
    yield
    assert invariants.broken(NOW) == []
    assert deadlocks() == before


def held(registrations):
    """Count how many workshops each of these holds."""
    choices = WorkshopChoice.objects.confirmed().filter(registration__in=registrations)
    return Counter(choices.values_list("registration", flat=True))


def test_twenty_swaps_for_three_places_at_once_lose_and_double_none():
    day = make_day(places=(3, 20))
    people = [register(day, take=day.b1) for _ in TWENTY]
    found = all_at_once(lambda who=who: change(who, take=day.a1) for who in people)
    assert sum(isinstance(each, Registration) for each in found) == 3
    assert sum(isinstance(each, Refused) for each in found) == 17
    assert set(held(people).values()) == {1} and len(held(people)) == 20


def test_ten_pairs_who_swap_crosswise_all_end_where_they_wanted():
    """Both workshops are full: each waits for the other's; one place comes free, and everybody moves."""
    day = make_day(places=(11, 10))
    last = register(day, take=day.a1)
    here, there = ([register(day, take=each) for _ in range(10)] for each in (day.a1, day.b1))
    all_at_once(
        [lambda who=who: change(who, take=day.a1, wait=day.b1) for who in here]
        + [lambda who=who: change(who, take=day.b1, wait=day.a1) for who in there]
    )
    booking.cancel(last, NOW)
    assert {state(who) for who in here} == {"confirmed 1B"} and {state(who) for who in there} == {"confirmed 1A"}


def an_offer():
    """1A has one place, which is kept for Ada, who has 1B; Cai waits behind her."""
    day = make_day(places=(1, 5))
    bea, ada = register(day, take=day.a1), register(day, "Ada", take=day.b1)
    booking.change_choices(ada, {day.a1.series_id: Wish(day.b1.pk, day.a1.pk, ask_first=True)}, NOW)
    cai = register(day, "Cai", take=day.b1, wait=day.a1)
    booking.cancel(bea, NOW)
    return ada, cai, Offer.objects.open().get(registration=ada)


def test_of_twenty_answers_at_once_one_counts():
    ada, _, offer = an_offer()
    found = all_at_once((lambda: offers.accept(offer, NOW)) for _ in TWENTY)
    assert sum(isinstance(each, Offer) for each in found) == 1
    assert state(ada) == "confirmed 1A" and set(held([ada]).values()) == {1}


def test_yes_no_and_the_end_of_its_time_at_once_end_the_offer_once():
    for _ in range(5):
        ada, cai, offer = an_offer()
        all_at_once([
            lambda offer=offer: offers.accept(offer, NOW), lambda offer=offer: offers.decline(offer, NOW),
            lambda offer=offer: offers.let_run_out(offer.until), lambda offer=offer: offers.let_run_out(offer.until),
        ])  # fmt: skip
        assert (state(ada), state(cai)) in [
            ("confirmed 1A", "confirmed 1B, waits 1A"), ("confirmed 1B", "confirmed 1A"),
        ]  # fmt: skip
        assert not Offer.objects.open().exists()


def test_yes_while_one_cancels_gives_the_place_to_one_of_two():
    for _ in range(5):
        ada, cai, offer = an_offer()
        all_at_once([lambda offer=offer: offers.accept(offer, NOW), lambda ada=ada: booking.cancel(ada, NOW)])
        assert (state(ada), state(cai)) == ("cancelled", "confirmed 1A")


def test_a_link_that_was_asked_for_opens_once_however_often_it_is_pressed_at_once(time_machine):
    time_machine.move_to(NOW, tick=False)
    register(make_day(), "Ada", email="ada@example.org")
    request = LinkRequest.objects.create(email_key="ada@example.org", made_at=NOW)
    link = path_of(links.found(request))
    answers = all_at_once((lambda: Client().post(link).status_code) for _ in TWENTY)
    assert Counter(answers) == {302: 1, 404: 19}


def test_of_fifty_requests_for_one_mailbox_at_once_ten_are_answered(time_machine):
    time_machine.move_to(NOW, tick=False)
    register(make_day(), "Ada", email="ada@example.org")
    found = all_at_once(
        (lambda n=n: link_requests.ask(f"a.da+{n}@example.org", f"192.0.2.{n}", NOW)) for n in range(50)
    )
    assert Counter(reached is None for reached in found) == {True: 10, False: 40}
    assert LinkRequest.objects.count() == 10
    assert RateCount.objects.get(limit=link_requests.FOR_A_MAILBOX.name).count == 10


def test_two_workers_send_one_link_once():
    register(make_day(), "Ada", email="ada@example.org")
    LinkRequest.objects.create(email_key="ada@example.org", made_at=NOW)
    all_at_once((lambda: link_requests.answer(NOW)) for _ in range(4))
    assert Message.objects.filter(kind="link").count() == 1
