"""What every type of page has: a title, a language, one order of headings, valid HTML, links that lead somewhere."""

import itertools
from collections import Counter
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.builders import make_event, make_programme
from tests.page_types import addresses, below, furnish, preview_of
from tests.reading import Page, read

SITE = "http://localhost:8000"


@pytest.fixture(scope="module")
def shown(looking) -> SimpleNamespace:
    """A furnished programme."""
    return furnish(make_programme(make_event()))


@pytest.fixture(scope="module")
def pages(shown) -> dict[str, Page]:
    """Each type of page, and the page for an address that leads nowhere."""
    found = {name: read(Client().get(address)) for name, address in addresses(shown).items()}
    return found | {"not found": read(Client().get("/no/such/page/"))}


def test_every_page_answers(pages):
    assert {name: page.status for name, page in pages.items()} == dict.fromkeys(pages, 200) | {"not found": 404}


TITLES = {
    "home": "Everybody’s business – Annual conference – Clinks",
    "events": "Events – Clinks",
    "event": "About the event – Annual conference – Clinks",
    "listing": "About the event – A neighbour’s event – Clinks",
    "page": "Code of conduct – Clinks",
    "agenda": "Agenda – Annual conference – Clinks",
    "search": "Agenda: search for “reserves” – Annual conference – Clinks",
    "empty search": "Agenda: search for “nothingatall” – Annual conference – Clinks",
    "changes": "What has changed – Annual conference – Clinks",
    "panel": "Opening, 10am – Annual conference – Clinks",
    "workshop": "1A: Reserves and rest – Annual conference – Clinks",
    "break": "Lunch, midday – Annual conference – Clinks",
    "people": "People – Annual conference – Clinks",
    "person": "Ọlájùmọ̀kẹ́ Adé – Annual conference – Clinks",
    "organisations": "Organisations – Annual conference – Clinks",
    "organisation": "The Long Table – Annual conference – Clinks",
    "not found": "Page not found – Clinks",
}


def test_every_page_has_a_title_of_its_own_the_specific_part_first(pages):
    assert {name: page.title for name, page in pages.items()} == TITLES
    assert max(Counter(TITLES.values()).values()) == 1


def test_every_page_is_in_british_english(pages):
    assert {page.tree.get("lang") for page in pages.values()} == {"en-GB"}


def test_every_page_has_one_h1_and_skips_no_level(pages):
    for name, page in pages.items():
        levels = [level for level, _ in page.headings]
        assert levels[0] == 1 and levels.count(1) == 1, (name, page.headings)
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (name, page.headings)
        assert all(said for _, said in page.headings), (name, page.headings)


def test_every_page_is_valid_html(pages):
    assert {name: page.faults for name, page in pages.items() if page.faults} == {}


def test_no_page_holds_script_or_style_of_its_own(pages):
    for name, page in pages.items():
        assert page.all(".//style") == [], name
        assert [each.get("type") for each in page.all(".//script")] in ([], ["application/ld+json"]), name
        attributes = {key for each in page.tree.iter() for key in each.attrib}
        assert not {key for key in attributes if key == "style" or key.startswith("on")}, name


def test_no_page_asks_another_site_for_anything(pages):
    for name, page in pages.items():
        loaded = [each.get("src") or each.get("href") for each in [*page.all(".//link"), *page.all(".//img")]]
        assert [url for url in loaded if not url.startswith(("/", SITE))] == [], name


def test_every_page_knows_its_own_address_on_the_site(pages, shown):
    for name, address in addresses(shown).items():
        assert pages[name].canonical == SITE + address.split("?")[0], name
        assert pages[name].named("og:url") == pages[name].canonical, name
        assert pages[name].named("og:title") == pages[name].title, name
        assert pages[name].named("og:image").startswith(f"{SITE}/static/"), name
    assert pages["not found"].canonical is None


def test_the_address_of_the_site_is_the_one_that_is_configured(client, shown, settings):
    settings.SITE_URL = "https://conference.example.org"
    for address in ("/", "/events/", f"/events/{shown.event.slug}/agenda/"):
        page = read(client.get(address, headers={"host": "testserver"}))
        assert page.canonical == f"https://conference.example.org{address}"
        assert "http://localhost" not in page.source and "testserver" not in page.source


def test_every_page_begins_with_a_way_past_its_frame(pages):
    for name, page in pages.items():
        first = page.links[0]
        assert first == ("Skip to main content", "#main"), name
        assert page.tree.find(".//main").get("id") == "main", name


def test_help_stands_in_the_same_place_on_every_page(pages, settings):
    for name, page in pages.items():
        [help_here] = page.all(".//footer//section[@aria-labelledby='help']")
        own = [each.get("href") for each in help_here.iter("a")]
        telephone = settings.HELP_PHONE.replace(" ", "")
        assert own == [f"mailto:{settings.HELP_EMAIL}", f"tel:{telephone}", "/my-day/"], name


def test_every_landmark_of_a_kind_has_a_name_of_its_own(pages):
    for name, page in pages.items():
        navigations = [each.get("aria-label") or each.get("aria-labelledby") for each in page.all(".//nav")]
        assert None not in navigations and len(set(navigations)) == len(navigations), (name, navigations)


def test_no_id_is_there_twice_and_every_reference_to_one_finds_it(pages):
    for name, page in pages.items():
        ids = Counter(each.get("id") for each in page.tree.iter() if each.get("id"))
        assert [key for key, number in ids.items() if number > 1] == [], name
        named = {each.get(key) for each in page.tree.iter() for key in ("aria-labelledby", "aria-describedby", "for")}
        assert named - {None} <= set(ids), name


def test_every_link_of_every_page_leads_somewhere(client, pages, shown):
    at = addresses(shown)
    asked = {}
    for name, page in pages.items():
        for words, href in page.links:
            if href.startswith(("/", "?", "#")):
                url = at.get(name, "/").split("?")[0] + href if href.startswith(("?", "#")) else href
                asked.setdefault(url.split("#")[0], (name, words))
    # “Open My day” leads on to asking for the link, where nothing is open.
    assert {url: where for url, where in asked.items() if client.get(url, follow=True).status_code != 200} == {}
    assert client.get("/my-day/").headers["Location"] == "/my-day/find/"


def test_every_link_has_words(pages):
    for name, page in pages.items():
        assert [href for words, href in page.links if not words] == [], name


def test_pages_are_asked_for_again_before_they_are_shown_from_a_cache(client, shown):
    for name, address in addresses(shown).items():
        assert client.get(address)["Cache-Control"] == "no-cache", name


def test_head_answers_as_get_does_without_words(client, shown):
    for name, address in addresses(shown).items():
        response = client.head(address)
        assert (response.status_code, response.content) == (200, b""), name


def test_previews_have_the_same_frame(admin_client, furnished):
    at = preview_of(furnished.event)
    for address in [at, *below(at, furnished).values()]:
        page = read(admin_client.get(address))
        assert page.faults == [], address
        assert [level for level, _ in page.headings].count(1) == 1, address
