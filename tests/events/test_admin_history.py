"""Every change has a history, with who and when, and can be undone."""

import re

import pytest
from django.utils import timezone

from events import changes
from events.models import Person, Session
from events.wording import british_time
from tests.admin_pages import form_of, of, post, words
from tests.builders import LONDON, make_person, save

pytestmark = pytest.mark.django_db


def test_an_older_version_offers_the_series_of_its_own_event_and_says_when_it_was(admin_client, programme):
    for is_there in (True, False):
        version = programme.first.history.latest().pk
        data = admin_client.get(of(programme.first, "simple_history", version)).content.decode()
        offered = re.search(r'<select name="series".*?</select>', data, re.DOTALL)[0]
        assert offered.count("<option") == 2 and "Another conference" not in offered
        if is_there:
            text = words(admin_client.get(of(programme.first, "history")))
            assert british_time.moment_words(timezone.now(), LONDON).rpartition(" at ")[0] in text
            changes.apply(deletes=[Session.objects.get(pk=programme.first.pk)])


def test_a_change_is_in_the_history_with_its_author(admin_client, programme):
    post(admin_client, of(programme.first), title="Rest and reserves", starts="2027-06-16T11:10", bsl="yes")
    text = words(admin_client.get(of(programme.first, "history")))
    assert "admin Changed" in text
    assert "Title: Reserves and rest → Rest and reserves" in text
    assert "Starts: Wednesday 16 June 2027 at 11am → Wednesday 16 June 2027 at 11:10am" in text
    assert "BSL interpretation: Not yet confirmed → Yes" in text


def test_what_the_loader_did_is_said_to_be_the_sites_own(admin_client, programme):
    assert "The site itself Created" in words(admin_client.get(of(programme.first, "history")))


def test_so_is_who_was_put_in_and_taken_out(admin_client, programme):
    post(admin_client, of(programme.first), **{"appearances-0-DELETE": "on"})
    text = words(admin_client.get(of(programme.first, "history")))
    assert "admin Removed: Ọlájùmọ̀kẹ́ Adé, Facilitator" in text
    assert "The site itself Added: Ọlájùmọ̀kẹ́ Adé, Facilitator" in text


def test_somebody_deleted_since_is_still_said_to_have_been_in_it(admin_client, programme):
    programme.person.delete()
    assert "Removed: somebody deleted since, Facilitator" in words(admin_client.get(of(programme.first, "history")))


def test_an_older_version_is_shown_as_it_was(admin_client, programme):
    first = programme.first.history.get()
    save(_titled(programme.first, "Later"))
    form = form_of(admin_client.get(of(programme.first, "simple_history", first.pk)))
    assert (form["title"], form["starts"]) == ("Reserves and rest", "2027-06-16T11:00")


def test_and_can_be_restored(admin_client, programme):
    address = of(programme.first, "simple_history", programme.first.history.get().pk)
    save(_titled(programme.first, "Later"))
    assert admin_client.post(address, form_of(admin_client.get(address))).status_code == 302
    assert Session.objects.get(pk=programme.first.pk).title == "Reserves and rest"
    assert "Changed: An older version was restored" in words(admin_client.get(of(programme.first, "history")))


def test_unless_its_room_is_taken_by_now(admin_client, programme):
    first, second = programme.first, programme.second
    address = of(first, "simple_history", first.history.get().pk)
    first.room, second.room = programme.lower, programme.upper
    save(first, second)
    response = admin_client.post(address, form_of(admin_client.get(address)))
    assert response.status_code == 422
    assert "Upper Hall already has “1B: Art inside” from 11am to midday." in words(response)
    assert Session.objects.get(pk=first.pk).room == programme.lower


def test_a_deleted_person_can_be_brought_back(admin_client):
    person = make_person("Ada Obi")
    change, history = of(person), of(person, "history")
    key = person.pk
    admin_client.post(of(person, "delete"), {"post": "yes"})
    assert "Perhaps it was deleted?" in words(admin_client.get(change, follow=True))
    assert "admin Deleted" in words(admin_client.get(history))
    version = Person.history.filter(id=key).last().pk
    address = f"{history}{version}/"
    response = admin_client.post(address, form_of(admin_client.get(address)))
    assert response.status_code == 302, response.context_data["errors"]
    assert Person.objects.get(pk=key).name == "Ada Obi"


def test_a_deleted_sessions_history_is_still_there(admin_client, programme):
    history = of(programme.first, "history")
    programme.first.delete()
    assert admin_client.get(history).status_code == 200


def test_a_session_of_a_deleted_event_is_not_restored_and_it_is_said(admin_client, programme):
    address = of(programme.first, "simple_history", programme.first.history.get().pk)
    form = form_of(admin_client.get(address))
    programme.event.delete()
    assert admin_client.get(address).status_code in (200, 404)
    assert admin_client.post(address, form).status_code in (404, 422)
    assert not Session.objects.exists()


def _titled(session, title):
    session.title = title
    return session
