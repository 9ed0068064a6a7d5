"""The invariants find what they are there for: each is broken past every rule, its guards dropped, and then named."""

import datetime

import pytest
from django.db.models import F

from events.models import Event, Session
from registrations import invariants
from registrations.models import Message, NoPart, Offer, Places, Registration, WorkshopChoice
from tests.builders import london
from tests.events.test_constraints import sql
from tests.registrations.builders import MINUTE, NOW, make_day, register

pytestmark = pytest.mark.django_db
GUARDS = [
    ("registrations_places", "places_never_more_than_there_are"),
    ("registrations_workshopchoice", "choice_repeats_its_session"),
    ("registrations_workshopchoice", "choice_one_workshop_at_a_time"),
]


@pytest.fixture
def day():
    """Ada holds 1A and 2A and waits for 1B, which Bea has; Cai waits for the event and 1A."""
    day = make_day(event_capacity=2, places=(5, 1))
    day.bea = register(day, take=day.b1)
    day.ada = register(day, take=[day.a1, day.a2], wait=day.b1)
    day.cai = register(day, take=day.a1)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name in GUARDS:
        sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return day


BREAKS = {
    "more confirmed than the capacity": lambda day: Places.objects.filter(session=day.b1).update(taken=9),
    "confirmed for an event or asked": lambda day: Places.objects.of_events().update(taken=1),
    "confirmed with a ticket type or asked": lambda day: Places.objects.filter(ticket_type=day.ticket).update(taken=1),
    "confirmed for a workshop or asked": lambda day: Places.objects.filter(session=day.a1).update(taken=2),
    "an event without its places": lambda day: Places.objects.of_events().delete(),
    "what staff set on the event": lambda day: Event.objects.update(capacity=50),
    "what staff set on the workshop": lambda day: Session.objects.filter(pk=day.a1.pk).update(capacity=50),
    "two confirmed workshops at the same time": lambda day: Session.objects.filter(pk=day.a2.pk).update(
        starts=london(11), ends=london(12)
    ),
    "hours of a choice": lambda day: WorkshopChoice.objects.update(ends=F("ends") + datetime.timedelta(hours=1)),
    "a place of an event is free": lambda day: (
        Event.objects.update(capacity=3), Places.objects.of_events().update(capacity=3),
    ),
    "a place in a workshop is free": lambda day: (
        Session.objects.filter(pk=day.b1.pk).update(capacity=2),
        Places.objects.filter(session=day.b1).update(capacity=2),
    ),
    "an open offer of what its holder does not wait for": lambda day: Offer.objects.create(
        registration=day.ada, event=day.event, session=day.a1, made_at=NOW, until=NOW + MINUTE
    ),
    "without a place at the event": lambda day: Registration.objects.filter(pk=day.cai.pk).update(
        status="cancelled", waiting_since=None, cancelled_at=NOW
    ),
    "takes no part in a series in which": lambda day: NoPart.objects.create(
        registration=day.ada, series=day.series1, event=day.event, made_at=NOW
    ),
    # What the team is told is nothing that the attendee was told.
    "no message was queued": lambda day: Message.objects.filter(registration=day.ada).update(kind="team_wanted"),
}  # fmt: skip


def test_nothing_is_broken_before(day):
    assert invariants.broken(NOW) == []


@pytest.mark.parametrize("words", BREAKS)
def test_what_is_broken_is_named(day, words):
    BREAKS[words](day)
    assert any(words.casefold() in sentence.casefold() for sentence in invariants.broken(NOW))


def test_every_invariant_is_shown_to_find_something():
    shown = [name for name in invariants._NEVER if any(words.casefold() in name.casefold() for words in BREAKS)]
    assert shown == list(invariants._NEVER)
