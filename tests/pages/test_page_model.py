"""An information page: its address, its memory and its history."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import get_resolver

from events import former_slugs
from events.models import FormerSlug
from pages.models import Page
from pages.reserved import KEPT, hides_another_address


def make_page(slug="code-of-conduct", **values):
    page = Page(**{"title": "Code of conduct", "slug": slug, "body": "Be kind.", "published": True, **values})
    page.save()
    return page


def first_words():
    """Return every first word of an address that the URL configuration knows."""
    routes = [str(pattern.pattern) for pattern in every_pattern(get_resolver().url_patterns)]
    words = {route.strip("^").split("/")[0].removesuffix("\\Z") for route in routes}
    return sorted(word for word in words if word and "<" not in word and "." not in word)


def every_pattern(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns") and not str(pattern.pattern):
            yield from every_pattern(pattern.url_patterns)
        else:
            yield pattern


def test_no_page_may_hide_an_address_that_the_site_has():
    assert {"admin", "events", "healthz", "readyz"} <= set(first_words())
    assert [word for word in first_words() if not hides_another_address(word)] == []


@pytest.mark.parametrize("slug", sorted(KEPT))
def test_a_page_says_beside_the_field_which_address_it_may_not_have(slug):
    with pytest.raises(ValidationError) as refused:
        Page(title="x", slug=slug, body="x").clean()
    assert refused.value.message_dict == {
        "slug": [f"/{slug}/ is the address of another part of the site: choose another."]
    }


@pytest.mark.parametrize("slug", ["code-of-conduct", "event", "adminx", "2027"])
def test_any_other_address_is_free(slug):
    Page(title="x", slug=slug, body="x").full_clean(validate_unique=False, validate_constraints=False)


def test_an_address_is_had_once(db):
    make_page()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_page()


def test_visitors_see_what_is_published(db):
    shown = make_page("shown")
    make_page("hidden", published=False)
    assert list(Page.objects.public()) == [shown]


def test_the_menu_has_the_pages_for_it_in_the_order_of_staff_and_then_of_the_alphabet(db):
    for order, title, in_menu in ((2, "B", True), (1, "Z", True), (2, "A", True), (0, "C", False)):
        make_page(title.lower(), title=title, order=order, in_menu=in_menu)
    assert [page.title for page in Page.objects.in_menu_order()] == ["Z", "A", "B"]


def test_a_new_page_is_a_draft_until_it_is_published():
    assert Page().published is False


def test_a_published_page_leaves_its_old_address_behind(db):
    page = make_page("old")
    page.slug = "new"
    page.save()
    assert former_slugs.find(Page, "old") == page.pk


@pytest.mark.parametrize("change", [{"published": False}, {"published": True, "slug": "old"}])
def test_an_unpublished_or_unmoved_page_leaves_nothing_behind(db, change):
    page = make_page("old", published=change["published"])
    page.slug = change.get("slug", "new")
    page.save()
    assert not FormerSlug.objects.exists()


def test_a_page_has_a_history_from_its_first_save(db):
    page = make_page()
    page.title = "How we treat each other"
    page.save()
    key = page.pk
    page.delete()
    kept = Page.history.filter(id=key)
    assert [(record.history_type, record.title) for record in kept] == [
        ("-", "How we treat each other"), ("~", "How we treat each other"), ("+", "Code of conduct"),
    ]  # fmt: skip


def test_a_page_is_named_by_its_title():
    assert str(Page(title="Privacy")) == "Privacy"
