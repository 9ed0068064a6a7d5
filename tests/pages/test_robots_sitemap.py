"""What machines ask for: robots.txt, the sitemap, the icon."""

from xml.etree import ElementTree

import pytest
import time_machine
from django.contrib.staticfiles import finders

from events.models import Status
from pages.models import Page
from tests.builders import london, make_appearance, make_event, make_organisation, make_person, make_session, save

SITE = "http://localhost:8000"


def listed(client) -> list[str]:
    """Return the addresses in the sitemap, without the site's own part."""
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    locations = ElementTree.fromstring(response.content).iterfind("{*}url/{*}loc")
    return [location.text.removeprefix(SITE) for location in locations]


def test_robots_are_shown_the_sitemap_and_kept_out_of_the_admin(client, db):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().splitlines() == [
        "User-agent: *", "Disallow: /admin/", "", f"Sitemap: {SITE}/sitemap.xml",
    ]  # fmt: skip


def test_the_site_map_of_an_empty_site_is_one(client, db):
    assert listed(client) == ["/", "/events/"]


def test_the_site_map_names_every_page_that_may_be_found(client, furnished):
    at = f"/events/{furnished.event.slug}/"
    addresses = set(listed(client))
    assert {at, f"{at}agenda/", f"{at}people/", f"{at}organisations/", "/code-of-conduct/"} <= addresses
    assert f"{at}agenda/{furnished.first.slug}/" in addresses
    assert f"{at}people/{furnished.person.slug}/" in addresses
    assert f"{at}organisations/{furnished.organisation.slug}/" in addresses


def test_every_address_of_the_site_map_is_a_page_that_may_be_listed(client, furnished):
    for address in listed(client):
        response = client.get(address)
        assert response.status_code == 200, address
        assert b'content="noindex"' not in response.content, address


def test_no_address_is_named_twice(client, furnished):
    addresses = listed(client)
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize("hidden", [{"is_sample": True}, {"status": Status.DRAFT}, {"is_listing": True}])
def test_samples_drafts_and_listings_are_not_in_the_site_map(client, db, hidden):
    event = make_event()
    assert f"/events/{event.slug}/" in listed(client)
    for name, value in hidden.items():
        setattr(event, name, value)
    save(event)
    assert listed(client) == ["/", "/events/"]


def test_an_unpublished_page_is_not_in_the_site_map(client, db):
    Page.objects.create(title="Terms", slug="terms", body="Words.", published=False)
    assert "/terms/" not in listed(client)


def test_a_draft_session_and_whoever_is_only_in_it_are_not_in_the_site_map(client, event):
    session = make_session(event, title="Hidden", status=Status.DRAFT)
    make_appearance(session, make_person("Marcia Hale")), make_appearance(session, make_organisation("Long Table"))
    at = f"/events/{event.slug}/"
    own = [each for each in listed(client) if each.startswith(at)]
    assert own == [at, f"{at}agenda/", f"{at}people/", f"{at}organisations/"]


def test_who_asks_not_to_be_found_has_no_page_or_is_gone_is_not_in_the_site_map(client, event):
    session, other = make_session(event, 10), make_session(event, 11)
    asked = {"One": {"searchable": False}, "Two": {"has_page": False}, "Three": {"public_until": london(9).date()}}
    for name, values in asked.items():
        make_appearance(session, make_person(name, **values))
    make_appearance(other, make_person("Four"))
    with time_machine.travel(london(1, day=london(33).date())):
        people = [address.rsplit("/", 2)[1] for address in listed(client) if "/people/" in address]
    assert [name for name in people if name != "people"] == ["four"]


def test_the_old_address_of_the_icon_leads_to_one(client, db):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/img/favicon.ico")


def test_the_icon_and_the_picture_of_shared_links_are_there(db):
    assert [name for name in ("img/favicon.ico", "img/favicon.svg", "img/share.png") if not finders.find(name)] == []
