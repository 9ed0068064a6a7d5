"""The pages of words that staff write."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from pages.models import Page
from tests.reading import read

PROMISED = [
    "access-and-support", "venue-and-travel", "code-of-conduct", "privacy", "accessibility-statement",
    "terms-of-booking",
]  # fmt: skip


def make_page(**values: object) -> Page:
    """Save a published page."""
    return Page.objects.create(**{"title": "Terms", "slug": "terms", "body": "Words.", "published": True, **values})


def test_a_page_shows_its_words_under_its_title(client, db):
    make_page(body="Words.\n\n# A part\n\n## A smaller part", summary="In one sentence.")
    page = read(client.get("/terms/"))
    assert page.headings[:3] == [(1, "Terms"), (2, "A part"), (3, "A smaller part")]
    assert page.title == "Terms – Clinks"
    assert page.named("description") == "In one sentence."
    assert page.canonical == "http://localhost:8000/terms/"


def test_an_address_without_its_last_slash_leads_to_the_page(client, db):
    make_page()
    response = client.get("/terms")
    assert (response.status_code, response["Location"]) == (301, "/terms/")


@pytest.mark.parametrize("slug", PROMISED)
def test_the_promised_pages_come_with_the_site(client, db, slug):
    call_command("load_pages", verbosity=0)
    assert client.get(f"/{slug}/").status_code == 200


def test_every_page_leads_to_those_in_the_menu_in_their_order(client, db):
    make_page(title="Second", slug="second", order=2)
    make_page(title="First", slug="first", order=1)
    make_page(title="Apart", slug="apart", in_menu=False)
    make_page(title="Draft", slug="draft", published=False)
    [menu] = read(client.get("/events/")).all(".//nav[@aria-label='About this site']")
    assert [link.get("href") for link in menu.iter("a")] == ["/first/", "/second/"]


def test_the_menu_says_which_page_one_is_on(client, db):
    make_page()
    current = [each.get("href") for each in read(client.get("/terms/")).all(".//a[@aria-current='page']")]
    assert current == ["/terms/"]


def test_a_changed_address_leads_to_the_present_one_for_good(client, db):
    page = make_page()
    for slug in ("terms-of-use", "terms-of-booking"):
        page.slug = slug
        page.save()
    for old in ("/terms/", "/terms-of-use/"):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, "/terms-of-booking/")


def test_the_former_address_of_an_unpublished_page_leads_nowhere(client, db):
    page = make_page(published=False)
    page.slug = "other"
    page.save()
    page.published = True
    page.save()
    assert client.get("/terms/").status_code == 404


def test_a_page_that_takes_a_former_address_keeps_it(client, db):
    page = make_page()
    page.slug = "other"
    page.save()
    make_page(title="New terms")
    assert read(client.get("/terms/")).texts(".//h1") == ["New terms"]


@pytest.mark.parametrize("slug", ["admin", "events", "static", "media", "healthz", "my-day", "register", "sitemap"])
def test_an_address_of_another_part_of_the_site_is_refused(db, slug):
    with pytest.raises(ValidationError, match=f"/{slug}/ is the address of another part of the site"):
        Page(title="Terms", slug=slug, body="Words.").full_clean()


@pytest.mark.parametrize("slug", ["Terms", "a b", "a/b", "a--b", "-a", "ünder", "robots.txt", "a" * 81, "a\n"])
def test_what_is_no_address_is_refused(db, slug):
    with pytest.raises(ValidationError):
        Page(title="Terms", slug=slug, body="Words.").full_clean()


def test_a_plain_address_is_accepted(db):
    Page(title="Terms", slug="terms-of-booking-2", body="Words.").full_clean()
