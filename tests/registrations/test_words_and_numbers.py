"""What is said of places, prices and references, and how names, addresses and codes are compared."""

import contextlib
import datetime
import re
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event, Session, Status
from registrations import availability, folding, references
from registrations.availability import Availability
from registrations.models import TicketType
from registrations.tickets import prices
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


def as_they_were_folded(email):
    return unicodedata.normalize("NFKC", email).casefold().strip()


def told_apart_by_servers(key_of):
    """Return the keys that a letter beyond ASCII shares with an address to which other mail goes.

    All code points are tried that any folding could turn into another letter, in either part of an address.
    """
    sent = {}
    for letter in map(chr, range(0x110000)):
        if unicodedata.normalize("NFKC", letter).casefold() == letter:
            continue
        for email in (f"x{letter}y@example.com", f"a@x{letter}y.com"):
            for typed in (email, as_they_were_folded(email)):
                with contextlib.suppress(ValidationError, ValueError):  # no address, or none that mail can be sent to
                    validate_email(typed)
                    local, _, domain = sanitize_address(typed, "utf-8").rpartition("@")
                    sent.setdefault(key_of(typed), set()).add(f"{local.lower()}@{domain.lower()}")
    return {key for key, addresses in sent.items() if len(addresses) > 1}


def test_one_key_is_one_mailbox_whatever_letter_is_in_the_address():
    assert told_apart_by_servers(folding.email_key) == set()
    assert len(told_apart_by_servers(as_they_were_folded)) > 50  # the search finds what it is for


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("info@\u1d2ccmeco.example", "info@acmeco.example"), ("bo\u017fs@acme.example", "boss@acme.example"),
        ("\u212aim@acme.example", "kim@acme.example"), ("a@" + "é." * 100 + "com", "a@" + "é." * 100 + "org"),
    ],
)  # fmt: skip
def test_addresses_to_which_other_mail_goes_have_other_keys(one, other):
    assert folding.email_key(one) != folding.email_key(other)


@pytest.mark.parametrize(
    "domain", ["bücher.example", "BÜCHER.example", "bu\u0308cher.example", "xn--bcher-kva.example"]
)
def test_a_domain_is_one_however_it_is_spelt(domain):
    assert folding.email_key(f"Ada@{domain}") == "ada@xn--bcher-kva.example"


@given(st.text())
def test_keys_fit_their_columns_whatever_was_typed(text):
    assert len(folding.name_key(text * 200)) <= folding.NAME_KEY_LENGTH
    assert len(folding.email_key(text * 200)) <= folding.EMAIL_KEY_LENGTH
    assert "\0" not in folding.clean(text)


def test_a_quote_says_what_when_and_how_much():
    ticket = TicketType(pk=7, price=5000)
    assert prices.quote(ticket, NOW) == prices.Quote(7, 5000, NOW)
    assert prices.still_holds(prices.quote(ticket, NOW), ticket, NOW + datetime.timedelta(minutes=30))


def test_what_turns_letters_round_is_no_part_of_a_text_or_of_an_address():
    assert folding.clean(" \u202eA\u0300nna\0\u2069 ") == "Ànna"
    assert folding.address("an\u202ena@exa\u2066mple.org") == "anna@example.org"
