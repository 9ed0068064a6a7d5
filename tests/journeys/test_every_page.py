"""What every page has to be in a real browser, on a phone and on a desk."""

from types import SimpleNamespace

import pytest
from django.db import connection

from tests.journeys.visits import CONTRAST, PAGES, Visit

pytestmark = pytest.mark.browser
WIDTHS = [320, 1280]

# Words of which a part lies outside something that hides what does not fit into it.
CLIPPED = """() => {
    const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = new Range();
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (!text.data.trim() || !text.parentElement.checkVisibility({visibilityProperty: true})) continue;
        range.selectNodeContents(text);
        const said = range.getBoundingClientRect();
        for (let each = text.parentElement; each; each = each.parentElement) {
            const box = each.getBoundingClientRect(), style = getComputedStyle(each);
            if (box.width <= 1 || style.clipPath !== 'none') break;  // hidden on purpose, for screen readers
            const hides = ['hidden', 'clip'].includes(style.overflowX);
            const out = said.left < box.left - 1 || said.right > box.right + 1 || said.bottom > box.bottom + 1;
            if (hides && out && each !== document.documentElement) found.push(text.data.trim().slice(0, 60));
        }
    }
    return found;
}"""
WIDTH = "() => document.documentElement.scrollWidth"
# WCAG 1.4.12, word for word.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
# A sheet that a script makes is not stopped by the policy, and goes again.
SPREAD = """words => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(words);
    document.adoptedStyleSheets = [sheet];
}"""
SMALL = """() => [...document.querySelectorAll('button, .btn, summary, input:not([type=checkbox]), label:has(input)')]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
    .map(each => each.outerHTML.slice(0, 120) + ' ' + each.getBoundingClientRect().height)"""


def test_the_site_is_served_from_the_database_of_the_tests(site):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0].startswith("test_")


@pytest.fixture(scope="module")
def looking_at(browser, site):
    """A visit for each width in which nothing but `opened` goes anywhere."""
    visits = {width: Visit(browser, site, width=width) for width in WIDTHS}
    yield visits
    for each in visits.values():
        each.context.close()


@pytest.fixture(
    scope="module",
    params=[(name, width) for name in PAGES for width in WIDTHS],
    ids=lambda each: f"{each[0]}-{each[1]}",
)
def opened(request, looking_at):
    """A page at a width, loaded once for all tests that look at it; pytest runs those one after the other."""
    name, width = request.param
    visit = looking_at[width]
    page = visit.to(PAGES[name])
    asked = [each.url for each in visit.requests]
    # What was reported so far: axe tries styles of its own, which the policy rightly stops.
    return SimpleNamespace(name=name, width=width, visit=visit, page=page, faults=[*visit.faults], asked=asked)


def test_no_page_reports_an_error_or_asks_another_site(opened):
    errors = [fault for fault in opened.faults if not (opened.name == "not found" and "404" in fault)]
    assert errors == []
    assert opened.asked and [url for url in opened.asked if not url.startswith(opened.visit.site)] == []


def test_axe_finds_no_fault_in_light_or_in_dark(opened):
    assert opened.visit.axe() == []
    opened.page.emulate_media(color_scheme="dark")
    dark = opened.visit.axe(CONTRAST)
    opened.page.emulate_media(color_scheme="light")
    assert dark == []


def test_nothing_scrolls_sideways_is_cut_or_too_small_to_press(opened):
    assert opened.page.evaluate(WIDTH) <= opened.width
    assert opened.page.evaluate(CLIPPED) == []
    assert opened.page.evaluate(SMALL) == []


def test_nothing_is_cut_when_letters_stand_further_apart(opened):
    opened.page.evaluate(SPREAD, SPACING)
    width, cut = opened.page.evaluate(WIDTH), opened.page.evaluate(CLIPPED)
    opened.page.evaluate(SPREAD, "")
    assert width <= opened.width
    assert cut == []


@pytest.mark.parametrize(("width", "limit"), [(320, 220), (390, 220), (720, 160), (1024, 160), (1280, 160)])
def test_the_band_leaves_the_page_to_what_it_is_about(visiting, width, limit):
    visit = visiting(width=width)
    high = "() => document.querySelector('.band')?.getBoundingClientRect().height ?? 0"
    heights = {name: visit.to(address).evaluate(high) for name, address in PAGES.items()}
    assert max(heights.values()) > 80
    assert {name: height for name, height in heights.items() if height > limit} == {}


@pytest.mark.parametrize("width", [390, 720, 1280])
def test_initials_stand_in_their_portrait(visiting, width):
    page = visiting(width=width).to(PAGES["person"])
    assert page.evaluate("""() => {
        const picture = document.querySelector('.initials'), range = new Range();
        range.selectNodeContents(picture);
        const box = picture.getBoundingClientRect(), said = range.getBoundingClientRect();
        return said.width > 0 && said.left > box.left && said.right < box.right;
    }""")


def test_what_is_preloaded_is_used(visit):
    page = visit.to(PAGES["agenda"])
    page.evaluate("() => document.fonts.ready.then(() => true)")
    early = page.eval_on_selector_all("link[rel=preload]", "all => all.map(each => [each.href, each.as])")
    assert [each for _, each in early] == ["font", "font"]
    asked = [each.url for each in visit.requests]
    # What is preloaded in another way than it is used would be asked for twice.
    assert [asked.count(address) for address, _ in early] == [1, 1]
    used = "() => [...document.fonts].filter(each => each.status === 'loaded').map(each => each.family)"
    families = {family.strip('"').replace(" ", "-").lower() for family in page.evaluate(used)}
    names = [address.split("/")[-1] for address, _ in early]
    assert all(any(name.startswith(family) for family in families) for name in names), (families, names)


@pytest.fixture
def staff(browser, site):
    """A visit by somebody who may see everything."""
    from django.contrib.auth.models import User
    from django.test import Client

    (client := Client()).force_login(User.objects.create_superuser(f"staff-{User.objects.count()}"))
    visit = Visit(browser, site)
    visit.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    yield visit
    visit.context.close()


def test_a_preview_is_as_good_as_the_page(staff):
    from events.models import Event

    event = Event.objects.get(slug="sample-conference")
    page = staff.to(f"/admin/events/event/{event.pk}/preview/agenda/")
    assert "Only staff see this page" in page.locator("header").inner_text()
    assert staff.axe() == [] and page.evaluate(WIDTH) <= 320 and page.evaluate(CLIPPED) == []


def test_the_measures_find_what_they_look_for(visiting):
    """The negative control: something too wide, cut, too small or too faint is found."""
    page = (visit := visiting(width=320, bypass_csp=True)).to("/events/")
    gaps = []
    for words in (SPACING, ""):
        page.evaluate(SPREAD, words)
        gaps.append(page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('h2')).letterSpacing)"))
    assert gaps[0] > 1 > gaps[1]
    page.add_style_tag(content="h2 { width: 200vw } h1 { overflow: hidden; height: 1em; white-space: nowrap }")
    page.add_style_tag(content="h3 a { color: #999 !important }")
    page.evaluate("() => document.querySelector('main').append(document.createElement('button'))")
    page.evaluate("() => document.querySelector('h1').append(' words'.repeat(99))")
    assert page.evaluate(WIDTH) > 320
    assert page.evaluate(CLIPPED) != [] and page.evaluate(SMALL) != []
    assert {fault.split(":")[0] for fault in visit.axe()} >= {"button-name", "color-contrast"}


@pytest.mark.parametrize("name", ["home", "agenda", "panel"])
def test_in_forced_colours_what_can_be_pressed_keeps_its_edge(visit, name):
    page = visit.to(PAGES[name])
    page.emulate_media(forced_colors="active")
    edges = page.eval_on_selector_all(
        ".btn, button, input[type=search]", "all => all.map(each => parseFloat(getComputedStyle(each).borderTopWidth))"
    )
    assert edges and min(edges) >= 1
    assert len(page.screenshot()) > 5_000


def test_every_name_is_written_in_one_font(visit):
    page = visit.to(PAGES["people"])
    page.evaluate("() => document.fonts.ready.then(() => true)")
    tools = visit.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        tools.send(f"{domain}.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    names = tools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "ul.names a"})["nodeIds"]
    used = [tools.send("CSS.getPlatformFontsForNode", {"nodeId": each})["fonts"] for each in names]
    assert len(used) > 10
    [family] = {font["familyName"] for fonts in used for font in fonts}
    assert family.startswith("Source Sans 3")
    assert all(font["isCustomFont"] for fonts in used for font in fonts)
