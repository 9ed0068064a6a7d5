"""Information pages in the admin."""

import pytest

from pages.models import Page
from tests.admin_pages import add, form_of, of, post, words
from tests.builders import save

pytestmark = pytest.mark.django_db


@pytest.fixture
def travel():
    """A published page."""
    return save(Page(title="Travel", slug="travel", body="By train.", published=True))


def write(client, **typed):
    """Add a page."""
    return client.post(add(Page), form_of(client.get(add(Page))) | {"body": "Words."} | typed)


def test_an_address_is_made_from_the_title(admin_client):
    assert write(admin_client, title="Cò̀de of conduct: 2027").status_code == 302
    assert Page.objects.get().slug == "code-of-conduct-2027"


@pytest.mark.parametrize("slug", ["events", "admin", "healthz", "media"])
def test_an_address_of_another_part_of_the_site_is_refused(admin_client, slug):
    response = write(admin_client, title="Mine", slug=slug)
    assert response.status_code == 422
    assert f"/{slug}/ is the address of another part of the site: choose another." in words(response)


def test_so_is_one_made_from_the_title(admin_client):
    assert write(admin_client, title="Events").status_code == 422


def test_so_is_the_address_of_another_page(admin_client, travel):
    assert write(admin_client, title="Travel").status_code == 422


def test_an_old_address_leads_to_the_new_one(admin_client, client, travel):
    assert post(admin_client, of(travel), slug="getting-there").status_code == 302
    assert client.get("/travel/").headers["Location"] == "/getting-there/"


def test_a_published_page_is_linked_and_a_draft_only_previewed(admin_client, travel):
    assert 'href="/travel/" class="viewsitelink"' in admin_client.get(of(travel)).content.decode()
    post(admin_client, of(travel), published=None)
    page = admin_client.get(of(travel)).content.decode()
    assert "viewsitelink" not in page
    assert f"/admin/pages/page/{travel.pk}/preview/" in page
    assert admin_client.get(f"/admin/pages/page/{travel.pk}/preview/").status_code == 200


def test_its_history_says_who_wrote_it(admin_client, travel):
    post(admin_client, of(travel), body="By bus.")
    assert "Body: By train. → By bus." in words(admin_client.get(of(travel, "history")))


def test_it_can_be_deleted(admin_client, travel):
    assert admin_client.post(of(travel, "delete"), {"post": "yes"}).status_code == 302
    assert not Page.objects.exists()


def test_a_visitor_is_sent_to_sign_in(client, travel):
    assert client.get(of(travel)).headers["Location"].startswith("/admin/login/")
