"""The agenda in a browser: by keyboard, without JavaScript, on paper, and what its first load weighs."""

import gzip
import re

import pytest

from tests.journeys.visits import REAL, SAMPLE, Visit

pytestmark = pytest.mark.browser
KB = 1024
# The element that has the focus, and whether its ring is drawn and nothing lies over it.
FOCUSED = """() => {
    const each = document.activeElement, box = each.getBoundingClientRect(), style = getComputedStyle(each);
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1);
    const over = document.elementFromPoint(x, y);
    return {
        what: each.outerHTML.slice(0, 100), inside: box.bottom > 0 && box.top < innerHeight,
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        covered: !(over === each || each.contains(over) || (over && over.contains(each))),
    };
}"""


# -- By keyboard


def test_the_first_tab_stop_leads_past_the_frame(visit):
    page = visit.to(f"{SAMPLE}agenda/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to main content"
    assert skip.bounding_box()["y"] >= 0 and skip.bounding_box()["height"] >= 40
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


@pytest.mark.parametrize("width", [320, 1280])
def test_every_tab_stop_is_seen_with_its_ring_and_is_not_covered(visiting, width):
    page = visiting(width=width).to(f"{SAMPLE}agenda/")
    stops = []
    while not stops or stops[-1]["what"] != "<body":
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
        if stops[-1]["what"].startswith("<body") or len(stops) > 150:
            break
    assert len(stops) > 30
    faint = [stop["what"] for stop in stops[:-1] if stop["covered"] or not stop["ring"] or not stop["inside"]]
    assert faint == []


def test_filters_work_by_keyboard_without_javascript(visiting):
    page = visiting(width=320, java_script_enabled=False).to(f"{SAMPLE}agenda/")
    page.locator(".filters > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Series 2").focus()
    page.keyboard.press("Space")
    page.get_by_label("Search titles").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/agenda/?q=&series=2")
    assert page.locator("h2.when").count() == 1
    assert page.get_by_label("Series 2").is_checked()


def test_a_search_and_the_way_back_work_without_javascript(visiting):
    page = visiting(width=320, java_script_enabled=False).to(f"{SAMPLE}agenda/")
    page.get_by_label("Search titles").fill("olajumoke")
    page.get_by_role("button", name="Search").click()
    assert "Ọlájùmọ̀kẹ́ Adébáyọ̀" in page.locator("main").inner_text()
    page.get_by_role("link", name="Show the whole agenda").click()
    page.wait_for_url("**/agenda/")


def test_from_an_event_to_a_workshop_to_a_person_and_back_without_javascript(visiting):
    page = visiting(width=320, java_script_enabled=False).to(SAMPLE)
    page.locator("main").get_by_role("link", name=re.compile("agenda", re.IGNORECASE)).first.click()
    page.locator("article.card h3 a").first.click()
    page.wait_for_url("**/agenda/*/")
    page.locator("article.person h3 a").first.click()
    page.wait_for_url("**/people/*/")
    page.get_by_role("link", name="All people").click()
    page.wait_for_url("**/people/")


def test_the_jump_to_a_series_lands_on_it(visiting):
    page = visiting(width=1280).to(f"{SAMPLE}agenda/")
    page.get_by_role("link", name=re.compile("Series 3")).first.click()
    assert page.url.endswith("#series-3")
    assert 0 <= page.locator("#series-3").bounding_box()["y"] < 400


# -- Parallel workshops stand 4, 2 × 2 or 1 across, never 3 + 1


@pytest.mark.parametrize("width", [320, 480, 640, 768, 900, 1024, 1280, 1600])
def test_four_workshops_never_stand_three_and_one(visiting, width):
    page = visiting(width=width).to(f"{SAMPLE}agenda/")
    lists = page.eval_on_selector_all(
        "ul.parallel",
        "all => all.map(list => [...list.children].map(each => Math.round(each.getBoundingClientRect().top)))",
    )
    assert lists
    for tops in lists:
        rows = [tops.count(top) for top in sorted(set(tops))]
        assert rows in ([4], [2, 2], [1, 1, 1, 1]), (width, rows)


# -- On paper


@pytest.mark.parametrize("event", [SAMPLE, REAL])
def test_a_day_prints_on_two_sheets_at_most(visiting, event):
    page = visiting(width=1280).to(f"{event}agenda/")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2


def test_paper_is_black_on_white_without_what_can_only_be_pressed(visiting):
    page = visiting(width=1280).to(f"{SAMPLE}agenda/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("form.search").is_hidden() and page.locator(".skip").is_hidden()
    colours = page.evaluate("() => ['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name])")
    assert colours[0] == "rgb(0, 0, 0)"
    assert colours[1] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


# -- What it weighs


@pytest.fixture
def first_visit(browser, site):
    """A visit by somebody who was never here before."""
    visit = Visit(browser, site, width=320)
    yield visit
    visit.context.close()


def test_on_paper_no_strand_has_holes(visiting):
    """A gradient that lets the ground through becomes a mask in a PDF, and some printers drop it with the strand."""
    page = visiting(width=1280).to(f"{SAMPLE}agenda/")
    drawn = """() => [['.edge', '::before'], ['.spined', '::before'], ['.turns', '::after']].flatMap(([all, part]) =>
        [...document.querySelectorAll(all)].map(each => getComputedStyle(each, part).backgroundImage))"""
    assert any("rgba(0, 0, 0, 0)" in each for each in page.evaluate(drawn))
    page.emulate_media(media="print")
    assert [each for each in page.evaluate(drawn) if "rgba(0, 0, 0, 0)" in each] == []


def weight(visit: Visit, address: str) -> dict[str, int]:
    """Return the bytes that a load takes, by address; static files as the site compresses them."""
    answers = []
    visit.page.on("response", lambda response: answers.append(response))
    visit.to(address).wait_for_load_state("networkidle")
    return {each.url.removeprefix(visit.site): _sent(each) for each in answers}


def _sent(answer) -> int:
    if answer.headers.get("content-encoding"):
        return answer.request.sizes()["responseBodySize"]
    body = answer.body()
    return len(body) if answer.url.endswith((".woff2", ".webp", ".png", ".ico")) else len(gzip.compress(body, 9))


@pytest.mark.parametrize(("event", "most"), [(REAL, 100), (SAMPLE, 190)])
def test_the_first_load_of_an_agenda_is_small(first_visit, event, most):
    sent = weight(first_visit, f"{event}agenda/")
    assert sum(sent.values()) <= most * KB, sent
    fonts = [url for url in sent if url.endswith(".woff2")]
    assert len(fonts) == 2 if event == REAL else 2 < len(fonts) <= 4, sent
    assert any(url.endswith(".css") for url in sent) and f"{event}agenda/" in sent


def test_the_page_itself_is_sent_compressed(visiting):
    visit = visiting(width=320)
    response = visit.page.goto(f"{SAMPLE}agenda/")
    assert response.headers["content-encoding"] in ("gzip", "br")
