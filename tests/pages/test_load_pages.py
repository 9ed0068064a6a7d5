"""Loading the information pages that come with the site: once, and never against what staff did since."""

import datetime
import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from events.loading import FileProblem
from pages.loading import TEXTS, load_pages
from pages.models import Page

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
SLUGS = [
    "access-and-support",
    "venue-and-travel",
    "code-of-conduct",
    "privacy",
    "accessibility-statement",
    "terms-of-booking",
]
GOOD = '+++\ntitle = "A page"\nsummary = "What it says."\norder = 1\n+++\nWords.\n'


def everything() -> list:
    """Every page and all of the pages' history."""
    return [*Page.objects.order_by("pk").values_list(), *Page.history.order_by("pk").values_list()]


@pytest.mark.django_db
def test_the_command_publishes_the_six_pages_in_order() -> None:
    said = io.StringIO()
    call_command("load_pages", stdout=said)
    assert [page.slug for page in Page.objects.public().in_menu_order()] == SLUGS
    assert "Loaded the page “Access and support”.\n" in said.getvalue()
    assert all(page.summary and page.body for page in Page.objects.all())


@pytest.mark.django_db
def test_loading_again_changes_nothing() -> None:
    load_pages(NOW)
    before = everything()
    assert load_pages(NOW) == ["6 pages were loaded before: left as they are."]
    assert everything() == before


@pytest.mark.django_db
def test_what_staff_edited_renamed_or_deleted_stays_so() -> None:
    load_pages(NOW)
    Page.objects.get(slug="privacy").delete()
    terms = Page.objects.get(slug="terms-of-booking")
    terms.slug, terms.body = "terms", "Ours."
    terms.save()
    before = everything()
    load_pages(NOW)
    assert everything() == before


@pytest.mark.django_db
def test_a_page_that_staff_made_at_the_same_address_is_left_alone() -> None:
    Page.objects.create(title="Ours", slug="privacy", body="Ours.")
    assert "“Privacy” is not loaded: another page has the address privacy." in load_pages(NOW)
    assert Page.objects.get(slug="privacy").title == "Ours"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "right", "wrong", "sentence"),
    [
        ("a-page", "+++", "", "a-page.md: it has to start with a title and more, between two lines of +++."),
        ("a-page", "title =", "titel =", "a-page.md: the key “titel” is not known."),
        ("a-page", "order = 1", "", "a-page.md: the key “order” is missing."),
        ("a-page", '"A page"', "A page", "a-page.md: this is not valid TOML"),
        ("a-page", "Words.", "", "a-page.md: “body”: This field cannot be blank."),
        ("events", "Words.", "Words.", "events.md: “slug”: /events/ is the address of another part of the site"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_words(
    tmp_path: Path, name: str, right: str, wrong: str, sentence: str
) -> None:
    (tmp_path / "a-good-one.md").write_text(GOOD)
    (tmp_path / f"{name}.md").write_text(GOOD.replace(right, wrong))
    with pytest.raises(FileProblem, match=re.escape(sentence)):
        load_pages(NOW, folder=tmp_path)
    assert not Page.objects.exists()


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.md")), ids=lambda path: path.stem)
def test_the_words_are_set_as_a_printer_would_set_them(path: Path) -> None:
    body = path.read_text().split("+++\n", 2)[2]
    assert "'" not in body
    assert '"' not in body
    assert " - " not in body and "..." not in body
    assert not [bad for bad in ("BAME", "BME", "offender") if bad in body]


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.md")), ids=lambda path: path.stem)
def test_links_between_the_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(/([^)]*?)/\)", path.read_text()):
        assert target in [*SLUGS, "events"]
