"""The page that keeps what was sent: each form’s own words for its fields, and of a limit what was counted."""

import pytest
from django.test import Client

from registrations import limits
from registrations.answering.answers import Payer
from registrations.data_rights import complaining
from registrations.way_in import link_requests
from tests.reading import read
from tests.registrations.builders import NOW, make_day, make_ticket_type, register
from tests.registrations.journeys import Journey, hidden
from tests.registrations.my_day import MyDay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def day():
    day = make_day()
    paid = make_ticket_type(day.event, "Paid", 5000)
    day.ada = register(day, "Ada", email="ada@example.org", ticket=paid, payer=Payer("City Charity"))
    return day


# -- What a field is called


@pytest.mark.parametrize(("below", "sent", "said"), [
    ("details/", {"name": "Ada King", "email": "ada@example.com"},
     {"Full name": "Ada King", "E-mail address": "ada@example.com"}),
    ("find/", {"email": "ada@example.com"}, {"Your e-mail address": "ada@example.com"}),
    ("order/", {"email": "pay@example.com", "payer": "City"},
     {"E-mail address for the invoice": "pay@example.com", "Name of the payer": "City"}),
    ("pass-on/", {"name": "Bea", "email": "bea@example.com"},
     {"Your colleague’s full name": "Bea", "Your colleague’s e-mail address": "bea@example.com"}),
    ("access/", {"bsl": "on", "other": "A seat"},
     {"BSL interpretation": "Yes", "Anything else that would help you to take part": "A seat"}),
    ("complain/", {"complaint": "It leaked."}, {"What went wrong": "It leaked."}),
    ("accept/1-a/", {"phone": "1", "dietary": "Vegan"},
     {"Phone number": "1", "What you eat, or must not eat": "Vegan"}),
])  # fmt: skip
def test_after_an_expired_form_each_answer_stands_beside_the_words_that_asked_for_it(day, below, sent, said):
    page = read(MyDay(day.ada, Client(enforce_csrf_checks=True)).post(below, sent))
    assert page.status == 403
    assert {name: page.beside(name) for name in said} == said
    assert len(page.all(".//dl/div")) == len(said)


def test_in_the_journey_too(day):
    journey = Journey(day.event, Client(enforce_csrf_checks=True))
    sent = {"name": "Ada King", "email": "ada@example.com"}
    assert read(journey.post("details", sent)).beside("Full name") == "Ada King"
    assert read(journey.post("colleague", sent)).beside("Your colleague’s full name") == "Ada King"


# -- What was counted


def reached(limit, caller):
    """Count until the limit is reached."""
    for _ in range(limit.an_hour):
        limits.seconds_to_wait(limit, caller, NOW)


COUNTED = [
    (limits.STEPS, "seen/", {}, "3,000 answers were sent from your network"),
    (limits.ELSEWHERE, "pass-on/", {"name": "Bea", "email": "bea@example.org"},
     "10 messages to other addresses were asked for from this registration"),
    (limits.ELSEWHERE, "details/", {"name": "Ada", "email": "other@example.org"},
     "10 messages to other addresses were asked for from this registration"),
    (complaining.OF_ONE_ATTENDEE, "complain/", {"complaint": "x"}, "10 complaints were sent from this registration"),
    (link_requests.FROM_AN_ADDRESS, "find/", {"email": "ada@example.org"},
     "60 links were asked for from your network"),
    (link_requests.FOR_A_MAILBOX, "find/", {"email": "ada@example.org"},
     "10 links were asked for with this e-mail address"),
]  # fmt: skip


def caller_of(limit, registration):
    """Return by what a limit counts this attendee."""
    by_network = (limits.STEPS, link_requests.FROM_AN_ADDRESS)
    mine = {complaining.OF_ONE_ATTENDEE: str(registration.pk), link_requests.FOR_A_MAILBOX: registration.email}
    return "127.0.0.1" if limit in by_network else mine.get(limit, registration.reference)


@pytest.mark.parametrize(("limit", "below", "sent", "said"), COUNTED)
def test_who_has_to_wait_reads_what_was_counted_until_when_and_whom_to_ask(day, settings, limit, below, sent, said):
    # All but steps are few; of those the counting itself is tested elsewhere.
    if limit is limits.STEPS:
        from registrations.models import RateCount

        limits.seconds_to_wait(limit, "127.0.0.1", NOW)
        RateCount.objects.filter(limit=limit.name).update(count=limit.an_hour)
    else:
        reached(limit, caller_of(limit, day.ada))
    page = read(MyDay(day.ada).post(below, sent))
    assert page.status == 429 and page.response.headers["Retry-After"] == "3601"
    assert f"Within this hour {said}, and we take no more in one hour." in page.main
    assert "send this again in 61 minutes" in page.main
    assert settings.HELP_EMAIL in page.main and settings.HELP_PHONE in page.main


def test_of_changes_it_is_the_changes_that_are_counted(day):
    reached(limits.CHANGES, day.ada.reference)
    mine = MyDay(day.ada)
    page = mine.get("workshops/")
    seen = {f"series-{each.pk}-seen": hidden(page, f"series-{each.pk}-seen") for each in (day.series1, day.series2)}
    page = read(mine.post("workshops/", {**seen, f"series-{day.series1.pk}": day.a1.pk}))
    assert page.status == 429
    assert "30 changes were asked for to the workshops of this registration" in page.main


def test_of_confirmations_it_is_the_registrations(day):
    journey = Journey(day.event).begin().answer()
    check = journey.get("check")
    reached(limits.CONFIRMATIONS, "127.0.0.1")
    assert "120 registrations were sent from your network" in read(journey.confirm(check)).main


def test_what_a_mailbox_refuses_counts_for_the_network_but_never_the_other_way_round(day):
    client = Client()

    def ask(email):
        return client.post("/my-day/find/", {"email": email}).status_code

    assert [ask("ada@example.org") for _ in range(12)] == [200] * 10 + [429] * 2
    assert [ask(f"person{number}@example.org") for number in range(48)] == [200] * 48
    assert ask("one.more@example.org") == 429  # 58 that were sent, and 2 that were refused
    assert Client(REMOTE_ADDR="192.0.2.9").post("/my-day/find/", {"email": "one.more@example.org"}).status_code == 200
