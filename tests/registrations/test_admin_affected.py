"""A change that hurts attendees says before it is saved how many they are, and what they will be told."""

import pytest

from events.models import Event, Session, Status
from registrations.models import Message, MessageKind
from tests.admin_pages import form_of, of, post, row_of, words
from tests.builders import make_listing, make_session
from tests.registrations.builders import event_of, register
from tests.registrations.staff import a_superuser, an_editor

pytestmark = pytest.mark.usefixtures("undone")
LATER = {"starts": "2027-06-16T12:00", "ends": "2027-06-16T12:45"}
IN_AN_HOUR = "they are told in an hour, in one message with whatever else you change until then."
NOT_YET = "Nothing is saved yet. If it is meant so, press the same button again."


@pytest.fixture
def day(busy_day):
    return busy_day


@pytest.fixture
def client(undone):
    return a_superuser()


def again(client, response):
    """Press the same button on the page that came back."""
    return client.post(response.request["PATH_INFO"], form_of(response), follow=True)


def test_a_workshop_that_moves_says_how_many_are_told_and_is_saved_when_that_was_read(client, day):
    register(day, "Ada", take=day.a1), register(day, "Bea", take=day.b1, wait=day.a1)
    response = post(client, of(day.a1), title="Renamed too", **LATER)
    sentence = f"2 people have a place in “1A: Workshop 1A”, or wait for one: {IN_AN_HOUR}"
    assert response.status_code == 422 and sentence in words(response) and NOT_YET in words(response)
    assert "Please correct" not in words(response) and "Error:" not in words(response)
    assert form_of(response)["title"] == "Renamed too" and "Ada" not in words(response)
    assert Session.objects.get(pk=day.a1.pk).title == "Workshop 1A"
    assert not Message.objects.filter(kind=MessageKind.PROGRAMME_CHANGED).exists()
    saved = again(client, response)
    assert saved.status_code == 200 and sentence in words(saved)
    assert Session.objects.get(pk=day.a1.pk).title == "Renamed too"
    assert Message.objects.filter(kind=MessageKind.PROGRAMME_CHANGED).count() == 2


def test_other_numbers_than_were_read_are_shown_once_more(client, day):
    register(day, take=day.b1)
    response = post(client, of(day.b1), **LATER)
    register(day, take=day.b1)
    response = client.post(of(day.b1), form_of(response))
    assert response.status_code == 422 and "2 people have a place in" in words(response)
    assert again(client, response).status_code == 200
    assert Session.objects.get(pk=day.b1.pk).starts != day.b1.starts


def test_on_the_page_of_the_event_all_that_moves_is_said_at_once(client, day):
    for session in (day.a1, day.b1):
        register(day, take=session)
    data = form_of(client.get(of(day.event)))
    rows = [row_of(data, "sessions", each) for each in (day.a1, day.b1)]
    response = post(client, of(day.event), **{f"{row}-{name}": value for row in rows for name, value in LATER.items()})
    sentence = f"2 people have a place in “1A: Workshop 1A” and “1B: Workshop 1B”, or wait for one: {IN_AN_HOUR}"
    assert response.status_code == 422 and sentence in words(response)
    assert again(client, response).status_code == 200
    assert Session.objects.get(pk=day.b1.pk).starts != day.b1.starts


def test_what_is_cancelled_says_so_too(client, day):
    register(day, take=day.a1)
    response = post(client, of(day.a1), status=Status.CANCELLED)
    text = "1 person has a place in “1A: Workshop 1A”, or wait for one: that ends, and they are told at once."
    assert response.status_code == 422 and text in words(response)
    response = post(client, of(day.event), status=Status.CANCELLED)
    text = "1 person has registered: they are told at once that “Annual conference” will not take place."
    assert response.status_code == 422 and text in words(response)
    assert again(client, response).status_code == 200 and event_of(day).status == Status.CANCELLED


def test_what_concerns_nobody_is_saved_at_once(client, day):
    register(day, take=day.a1)
    assert post(client, of(day.a1), title="Renamed").status_code == 302
    assert post(client, of(day.b1), **LATER).status_code == 302
    assert post(client, of(make_listing()), title="Another").status_code == 302


def test_a_listing_that_becomes_an_event_of_ours_concerns_nobody(client, day):
    listing = make_listing()
    dates = {"starts": "2027-06-20T09:00", "ends": "2027-06-20T17:00"}
    assert post(client, of(listing), is_listing=None, **dates).status_code == 302
    assert not Event.objects.get(pk=listing.pk).is_listing


def test_a_refusal_comes_before_any_question(client, day):
    register(day, take=[day.a1, day.a2])
    response = post(client, of(day.a1), starts="2027-06-16T13:00", ends="2027-06-16T14:00")
    assert response.status_code == 422 and "two workshops at once" in words(response)
    assert NOT_YET not in words(response)


def test_the_pages_say_how_many_come_and_nobody_s_name(client, day):
    register(day, "Anna", take=day.a1), register(day, "Bea", take=day.b1, wait=day.a1)
    editor = an_editor()
    for page in (words(editor.get(of(day.a1))), words(client.get(of(day.a1)))):
        assert "Who comes: 1 person has a place, 1 waits" in page and "Anna" not in page
    assert "Who comes: 2 people have a place" in words(editor.get(of(day.event)))
    assert "Who comes: Nobody yet" in words(editor.get(of(day.a2)))
    assert "Who comes: 2 people have a place" in words(editor.get(of(make_session(day.event, 15))))
