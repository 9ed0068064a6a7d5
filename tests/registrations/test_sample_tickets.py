"""The sample's tickets: there once, and then left to staff."""

import datetime
import io

import pytest
import time_machine
from django.core.management import call_command

from events.models import Event
from events.showing import Showing
from registrations import availability
from registrations.models import Places, TicketType
from registrations.tickets import on_sale
from tests.reading import read


def load():
    said = io.StringIO()
    call_command("load_tickets", stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def loaded_once(looking):
    """The sample without its tickets, for all tests of this module."""
    call_command("load_programme", sample=True, verbosity=0, stdout=io.StringIO())


@pytest.fixture
def sample(loaded_once, undone):
    """The sample; what the test does with it is undone."""
    return Event.objects.get(slug="sample-conference")


def test_the_sample_gets_four_tickets_and_the_real_events_none(sample):
    assert "Loaded 4 tickets" in load()
    assert TicketType.objects.filter(event=sample).count() == TicketType.objects.count() == 4
    assert Places.objects.filter(event=sample, ticket_type__isnull=False).count() == 4


def test_a_second_load_leaves_what_staff_have_made_of_them(sample):
    load()
    TicketType.objects.filter(name="Non-member").delete()
    assert load() == ""
    assert TicketType.objects.count() == 3


def test_tickets_that_staff_made_are_not_added_to(sample):
    TicketType.objects.create(event=sample, name="Ours", price=0)
    assert load() == ""


def test_the_early_bird_gives_way_to_the_full_price_without_a_gap(sample):
    load()
    turn = TicketType.objects.get(name="Member").available_from
    names = {moment: [str(each.ticket_type) for each in on_sale.now(Showing(sample, moment))] for moment in (
        turn - datetime.timedelta(seconds=1), turn,
    )}  # fmt: skip
    assert [listed[0] for listed in names.values()] == ["Member, early bird", "Member"]


def test_the_workshops_have_as_many_places_as_their_rooms(sample):
    capacities = {each.capacity for each in availability.of_everything(sample).workshops.values()}
    assert capacities and None not in capacities and max(capacities) <= 60


def test_the_sample_can_be_registered_for_at_once(client, sample):
    load()
    page = read(client.get("/events/sample-conference/"))
    assert page.link("Register for the conference") == "/events/sample-conference/register/"
    start = read(client.get("/events/sample-conference/register/"))
    assert "£50" in start.main and "half of it" in start.main and "SPEAK-UP-27" in start.main


def test_the_next_edition_gets_tickets_too(sample):
    load()
    with time_machine.travel(sample.ends + datetime.timedelta(days=1)):
        call_command("load_programme", sample=True, verbosity=0, stdout=io.StringIO())
        assert "Loaded 4 tickets" in load()
