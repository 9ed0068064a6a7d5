"""What staff of the programme read when they delete what people have booked, and what they do not read."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conference import roles
from events.models import Event, Session
from tests.admin_pages import form_of, listed, of, row_of
from tests.reading import read
from tests.registrations.builders import make_day, register

pytestmark = pytest.mark.django_db
WORDS = "1 person has chosen “1A: Workshop 1A”, so it cannot be deleted. Cancel it."


@pytest.fixture
def editor():
    """A programme editor, who is shown nothing of attendees."""
    user = User.objects.create_user("edith", is_staff=True)
    user.user_permissions.set(roles.permissions(roles.EDITORS))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def day():
    day = make_day()
    day.ada = register(day, "Ada", take=day.a1)
    return day


def said(response):
    words = read(response).main
    assert not re.search(r"CL-\w|\bAda\b|: confirmed", words)
    return words


def test_in_the_rows_of_an_event_the_number_is_said_and_nobody_is_named(editor, day):
    data = form_of(editor.get(of(day.event)))
    response = editor.post(of(day.event), data | {f"{row_of(data, 'sessions', day.a1)}-DELETE": "on"})
    assert response.status_code == 422 and WORDS in said(response)


@pytest.mark.parametrize("method", ["get", "post"])
def test_on_the_page_that_asks_before_it_is_said_at_once(editor, day, method):
    ask = getattr(editor, method)
    assert WORDS in said(ask(of(day.a1, "delete"), {"post": "yes"}, follow=True))
    whole = said(ask(of(day.event, "delete"), {"post": "yes"}, follow=True))
    assert "1 person has registered for “Annual conference”, so it cannot be deleted. Cancel it." in whole
    assert Event.objects.exists() and Session.objects.filter(pk=day.a1.pk).exists()


def test_in_the_list_it_is_said_too(editor, day):
    chosen = {"action": "delete_selected", "_selected_action": [day.a1.pk, day.b1.pk]}
    assert WORDS in said(editor.post(listed(Session), chosen, follow=True))


def test_of_what_nobody_booked_the_page_lists_what_staff_know(editor):
    day = make_day()
    page = said(editor.get(of(day.event, "delete")))
    assert "Session: 1A: Workshop 1A" in page and "Places" not in page and "ords" not in page.replace("words", "")
    assert "permission" not in page
    editor.post(of(day.event, "delete"), {"post": "yes"})
    assert not Event.objects.exists()
