"""What is said of places, prices and references, and how names, addresses and codes are compared."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event, Session, Status
from registrations import availability, folding, prices, references
from registrations.availability import Availability
from registrations.models import TicketType
from tests.builders import london
from tests.registrations.builders import MINUTE, NOW, make_day, register

FULL, LAST, SOME = "Full – join the waiting list", "Last few places", "Places available"


@pytest.mark.parametrize(
    ("capacity", "taken", "words"),
    [
        (None, 0, SOME), (None, 10_000, SOME),
        (20, 0, SOME), (20, 14, SOME), (20, 15, LAST), (20, 19, LAST), (20, 20, FULL),
        (5, 0, LAST), (0, 0, FULL),
        (100, 89, SOME), (100, 90, LAST), (59, 53, SOME), (59, 54, LAST),
        (3, 4, FULL),
    ],
)  # fmt: skip
def test_places_in_words(capacity, taken, words):
    assert Availability(capacity, taken).words == words


@pytest.mark.django_db
def test_the_places_of_many_sessions_take_one_query(django_assert_num_queries):
    day = make_day(event_capacity=9, places=(2, None))
    register(day, take=[day.a1, day.b2])
    with django_assert_num_queries(1):
        found = availability.of_sessions([day.a1, day.b1, day.a2, day.b2])
    assert {key: (each.capacity, each.taken) for key, each in found.items()} == {
        day.a1.pk: (2, 1), day.b1.pk: (None, 0), day.a2.pk: (2, 0), day.b2.pk: (None, 1),
    }  # fmt: skip
    assert availability.of_event(day.event) == Availability(9, 1)
    assert availability.of_ticket_types(day.event) == {day.ticket.pk: Availability(None, 1)}


@pytest.mark.django_db
def test_an_event_without_places_is_full():
    assert availability.of_event(Event(pk=10**9)).is_full


@pytest.mark.parametrize(
    ("event", "session", "told"),
    [
        ({}, {}, True),
        ({"status": Status.DRAFT}, {}, False),
        ({"status": Status.CANCELLED}, {}, False),
        ({"outside_url": "https://tickets.example.org/"}, {}, False),
        ({"booking_opens": NOW}, {}, True),
        ({"booking_opens": NOW + MINUTE}, {}, False),
        ({"booking_closes": NOW + MINUTE}, {}, True),
        ({"booking_closes": NOW}, {}, False),
        ({}, {"title": ""}, False),
        ({}, {"status": Status.CANCELLED}, False),
        ({}, {"starts": NOW}, False),
    ],
)
def test_places_are_told_only_of_what_can_be_booked_now(event, session, told):
    event = Event(**{"status": Status.PUBLISHED, **event})
    session = Session(**{"title": "Rest", "status": Status.PUBLISHED, "starts": london(11), **session})
    assert availability.is_told(event, session, NOW) is told


@pytest.mark.parametrize(
    ("pence", "words"), [(0, "Free"), (5000, "£50"), (4950, "£49.50"), (5, "£0.05"), (123_456_700, "£1,234,567")]
)
def test_prices_in_words(pence, words):
    assert prices.words(pence) == words


def test_references_have_no_letter_that_is_mistaken_for_another():
    drawn = [references.new() for _ in range(500)]
    assert len(set(drawn)) == 500
    assert all(re.fullmatch(r"CL-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", each) for each in drawn)
    assert not set("0O1IL") & set(references.ALPHABET)


@pytest.mark.parametrize(
    "text", ["CL-7K3M-X9QD", "cl-7k3m-x9qd", " 7K3M X9QD ", "cl7k3mx9qd", "CL–7K3M–X9QD", "7k3m.x9qd"]
)
def test_a_reference_can_be_read_however_it_was_written_down(text):
    assert references.read(text) == "CL-7K3M-X9QD"


@pytest.mark.parametrize("text", ["", "CL-7K3M", "CL-7K3M-X9QO", "CL-7K3M-X9Q1", "CL-7K3M-X9QDD", "Ada", "\0"])
def test_what_cannot_be_a_reference_is_none(text):
    assert references.read(text) is None


@given(st.text())
def test_reading_a_reference_takes_any_text(text):
    assert references.read(text) is None or references.read(text) == references.read(references.read(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë Ní Bhriain", " zoe  ni bhriain "), ("Ọlájùmọ̀kẹ́", "OLAJUMOKE"), ("Łukasz", "lukasz"),
        ("Straße", "STRASSE"), ("A\u0308nne", "Änne"),
    ],
)  # fmt: skip
def test_names_that_are_the_same(one, other):
    assert folding.name_key(one) == folding.name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ada B", "Ada C"), ("Ada Bell", "Adabell"), ("李小龍", "李小龙"), ("مريم", "مروة")]
)
def test_names_that_differ(one, other):
    assert folding.name_key(one) != folding.name_key(other)


def test_addresses_differ_by_dots_and_plus_but_not_by_case():
    assert folding.email_key(" Ada@Example.ORG") == folding.email_key("ada@example.org")
    assert folding.email_key("a.da@example.org") != folding.email_key("ada@example.org")
    assert folding.email_key("ada+x@example.org") != folding.email_key("ada@example.org")


@given(st.text())
def test_keys_fit_their_columns_whatever_was_typed(text):
    assert len(folding.name_key(text * 200)) <= folding.NAME_KEY_LENGTH
    assert len(folding.email_key(text * 200)) <= folding.EMAIL_KEY_LENGTH
    assert "\0" not in folding.clean(text)


def test_a_quote_says_what_when_and_how_much():
    ticket = TicketType(pk=7, price=5000)
    assert prices.quote(ticket, NOW) == prices.Quote(7, 5000, NOW)
    assert prices.still_holds(prices.quote(ticket, NOW), ticket, NOW + datetime.timedelta(minutes=30))
