"""A small correction in the admin: saved like any change, and marked as none."""

import datetime

import pytest
from django.utils import timezone

from events import revisions
from events.models import Event, Session
from tests.admin_pages import form_of, of, post, row_of
from tests.builders import make_event, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(time_machine):
    """The small programme, published yesterday."""
    now = timezone.now()
    time_machine.move_to(now - datetime.timedelta(days=1), tick=False)
    found = make_programme(make_event())
    time_machine.move_to(now, tick=False)
    return found


def whats(event):
    return [str(what) for each in revisions.told(revisions._read(event.pk)) for what in each.whats]


def test_a_ticked_box_marks_nothing_and_an_empty_one_does(admin_client, programme):
    address = of(programme.panel)
    assert post(admin_client, address, title="Openning", small_correction="on").status_code == 302
    assert Session.objects.get(pk=programme.panel.pk).title == "Openning" and whats(programme.event) == []
    assert post(admin_client, address, title="Opened").status_code == 302
    assert whats(programme.event) == ["New title"]


def test_the_box_is_empty_again_and_the_history_says_what_it_was(admin_client, programme):
    post(admin_client, of(programme.panel), title="Openning", small_correction="on")
    assert "small_correction" not in form_of(admin_client.get(of(programme.panel)))
    assert "Small correction" in admin_client.get(of(programme.panel, "history")).content.decode()


def test_on_the_page_of_the_event_it_is_for_all_rows_at_once(admin_client, programme):
    data = form_of(admin_client.get(of(programme.event)))
    row = row_of(data, "sessions", programme.panel)
    changed = {f"{row}-title": "Openning", "title": "Anual conference"}
    assert post(admin_client, of(programme.event), small_correction="on", **changed).status_code == 302
    assert Session.objects.get(pk=programme.panel.pk).title == "Openning" and whats(programme.event) == []


def test_what_is_refused_keeps_the_tick(admin_client, programme):
    answer = post(admin_client, of(programme.second), room=programme.upper.pk, small_correction="on")
    assert answer.status_code == 422 and form_of(answer)["small_correction"] == "on"


def test_days_are_checked(admin_client, programme):
    assert post(admin_client, of(programme.event), changes_marked_for="366").status_code == 422
    assert post(admin_client, of(programme.event), changes_marked_for="0").status_code == 302
    assert Event.objects.get(pk=programme.event.pk).changes_marked_for == 0
