"""From the admin to the site: what is public is linked, all else is previewed."""

import datetime

import pytest

from events.models import Status
from tests.admin_pages import of
from tests.builders import make_event, make_person, make_venue, save

pytestmark = pytest.mark.django_db


def links(client, row):
    """The texts and addresses at the head of a row's page."""
    context = client.get(of(row)).context_data
    return context.get("absolute_url") if context["has_absolute_url"] else None, context["preview_address"]


@pytest.fixture
def rows(programme):
    """The event, a session, a person and an organisation of it."""
    return [programme.event, programme.first, programme.person, programme.organisation]


def test_what_is_public_is_linked(admin_client, programme, rows):
    event = f"/events/{programme.event.slug}/"
    found = [admin_client.get(of(row)).content.decode() for row in rows]
    places = ["", "agenda/reserves-and-rest/", "people/olajumoke-ade/", "organisations/the-long-table/"]
    for page, below in zip(found, places, strict=True):
        assert f'href="{event}{below}" class="viewsitelink"' in page


def test_a_preview_of_each_is_linked_and_opens(admin_client, programme, rows):
    for row in rows:
        _, preview = links(admin_client, row)
        assert preview.startswith(f"/admin/events/event/{programme.event.pk}/preview/")
        assert admin_client.get(preview).status_code == 200


def test_a_draft_is_previewed_only(admin_client, programme, rows):
    programme.event.status = Status.DRAFT
    save(programme.event)
    for row in rows:
        public, preview = links(admin_client, row)
        assert public is None and preview


def test_a_draft_session_and_who_is_only_in_it_are_previewed_only(admin_client, programme):
    programme.second.status = Status.DRAFT
    save(programme.second)
    assert links(admin_client, programme.second)[0] is None
    assert links(admin_client, programme.organisation)[0] is None


def test_somebody_without_a_page_or_gone_has_no_public_one(admin_client, programme):
    programme.person.public_until = datetime.date(2020, 1, 1)
    save(programme.person)
    assert links(admin_client, programme.person)[0] is None
    programme.person.public_until, programme.person.has_page = None, False
    save(programme.person)
    assert links(admin_client, programme.person) == (None, None)


def test_what_is_in_no_event_and_what_has_no_page_is_not_linked(admin_client, programme):
    for row in (make_person(), make_venue(), programme.upper, programme.series):
        assert links(admin_client, row) == (None, None)


def test_an_events_page_leads_to_its_sessions(admin_client):
    event = make_event()
    page = admin_client.get(of(event)).content.decode()
    assert f"/admin/events/session/add/?event={event.pk}" in page
