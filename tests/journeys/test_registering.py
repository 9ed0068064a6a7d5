"""Registering in a real browser: without JavaScript, by keyboard, on a phone and on a desk, with axe on every page."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.test_every_page import CLIPPED, SPACING, WIDTH
from tests.journeys.visits import CONTRAST, SAMPLE, Visit

pytestmark = pytest.mark.browser
START = f"{SAMPLE}register/"
# A box or a radio is pressed by its label.
SMALL = """() => [...document.querySelectorAll(
    'button, .btn, summary, textarea, input:not([type=checkbox], [type=radio]), :is(.tick, .choice) label'
)].filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
    .map(each => each.outerHTML.slice(0, 120) + ' ' + each.getBoundingClientRect().height)"""
ADDRESS = "ada{}@example.org"


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def heading(page: Page) -> str:
    """Return the words of the page's heading."""
    return page.locator("h1").inner_text()


def faults(visit: Visit, width: int) -> list[str]:
    """Return what is wrong with the page as it stands, in light and in dark."""
    page = visit.page
    found = [*visit.axe(), *page.evaluate(CLIPPED), *page.evaluate(SMALL)]
    page.emulate_media(color_scheme="dark")
    found += visit.axe(CONTRAST)
    page.emulate_media(color_scheme="light")
    if page.evaluate(WIDTH) > width:
        found.append(f"{page.evaluate(WIDTH)} pixels wide")
    return found


@pytest.mark.parametrize("width", [320, 1280])
def test_every_step_and_its_error_state_are_without_fault(browser, site, width):
    visit = Visit(browser, site, width=width)
    page, found, titles = visit.to(START), {}, []

    def look(name: str) -> None:
        titles.append(page.title())
        if wrong := faults(visit, width):
            found[name] = wrong

    look("start")
    press(page, "Start now")
    look("details")
    press(page, "Save and continue")
    look("details, wrong")
    page.get_by_label("Full name").fill("Wilhelmina Ọlájùmọ̀kẹ́ Featherstonehaugh-Papadopoulos de la Cruz y Villanueva")
    page.get_by_label("E-mail address").fill(ADDRESS.format(width) * 3)
    press(page, "Save and continue")
    page.get_by_label("E-mail address").fill(ADDRESS.format(f".of.a.very.long.address.indeed.{width}"))
    press(page, "Save and continue")
    look("ticket")
    press(page, "Save and continue")
    look("ticket, wrong")
    page.get_by_label("Non-member").check()
    page.get_by_label("Somebody else", exact=True).check()
    press(page, "Save and continue")
    look("payer, wrong")
    page.get_by_label("Name of the payer").fill("The Long Table")
    press(page, "Save and continue")
    look("workshops")
    first = page.locator("input[type=radio]").first
    page.evaluate("() => document.querySelector('input[type=radio]').value = '999999'")
    first.check()
    press(page, "Save and continue")
    look("workshops, wrong")
    page.locator("input[type=radio]").nth(1).check()
    page.locator("summary").nth(1).click()
    look("workshops, chosen")
    press(page, "Save and continue")
    look("access")
    page.get_by_label("Anything else").fill("x" * 2001)
    press(page, "Save and continue")
    look("access, wrong")
    page.get_by_label("Anything else").fill("A seat near the door")
    page.get_by_label("BSL").check()
    press(page, "Save and continue")
    look("check")
    press(page, "Confirm registration")
    look("confirmed")
    page.get_by_role("link", name="Add another colleague").click()
    look("colleague")
    press(page, "Register my colleague")
    look("colleague, wrong")
    page.get_by_label("full name").fill("Bo Ek")
    page.get_by_label("e-mail").fill(ADDRESS.format(f".bo.{width}"))
    press(page, "Register my colleague")
    look("colleague, added")
    press(page, "Forget it in this browser")
    look("forgotten")
    visit.context.close()
    assert found == {}
    assert len(set(titles)) >= len(titles) - 3, titles
    assert sum(title.startswith("Error: ") for title in titles) == 7


def test_the_whole_journey_by_keyboard_alone_without_javascript(browser, site):
    visit = Visit(browser, site, width=320, java_script_enabled=False)
    page = visit.page
    page.goto(START)

    def tab_to(name: str, role: str | None = None) -> None:
        """Press Tab until the control of this name has the focus."""
        target = page.get_by_role(role, name=name).first if role else page.get_by_label(name).first
        for _ in range(90):
            page.keyboard.press("Tab")
            if target.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"Tab does not reach {name}")

    def enter(name: str) -> None:
        tab_to(name, "button")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    enter("Start now")
    enter("Save and continue")
    # The error summary has the focus, without a script: the next Tab is its first link.
    assert page.locator(":focus").get_attribute("role") == "alert"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#id_name")
    # Chromium moves on from where the link led: the field itself, or what precedes it.
    page.get_by_label("Full name").focus()
    page.keyboard.type("Ada Lovelace")
    tab_to("E-mail address")
    page.keyboard.type("ada.keyboard@example.org")
    enter("Save and continue")
    tab_to("Member, early bird")
    page.keyboard.press("Space")
    tab_to("My organisation")
    page.keyboard.press("ArrowDown")
    enter("Save and continue")
    assert heading(page) == "Your workshops"
    page.keyboard.press("Tab")
    tab_to("Reserves")
    page.keyboard.press("Space")
    enter("Save and continue")
    tab_to("BSL")
    page.keyboard.press("Space")
    enter("Save and continue")
    main = page.locator("main").inner_text()
    assert "ada.keyboard@example.org" in main and "BSL interpretation" in main and "1A Reserves" in main
    enter("Confirm registration")
    assert heading(page) == "You have a place"
    assert re.search(r"CL-[2-9A-Z]{4}-[2-9A-Z]{4}", page.locator("main").inner_text())
    visit.context.close()


def test_change_returns_to_the_check_and_back_keeps_every_answer(browser, site):
    visit = Visit(browser, site, width=320, java_script_enabled=False)
    page = visit.page
    page.goto(START)
    press(page, "Start now")
    page.get_by_label("Full name").fill("Zoë Ní Bhriain")
    page.get_by_label("E-mail address").fill("zoe@example.org")
    press(page, "Save and continue")
    page.get_by_label("Organisation", exact=False).first.fill("Pont y Bobl")
    page.get_by_label("Member, early bird").check()
    page.get_by_label("I do").check()
    press(page, "Save and continue")
    page.get_by_role("link", name="Back to your organisation").click()
    assert page.get_by_label("Organisation", exact=False).first.input_value() == "Pont y Bobl"
    assert page.get_by_label("Member, early bird").is_checked() and page.get_by_label("I do").is_checked()
    press(page, "Save and continue")
    press(page, "Save and continue")
    press(page, "Save and continue")
    assert heading(page) == "Check your answers"
    page.get_by_role("link", name="Change “Full name”").click()
    assert page.url.endswith("/details/#id_name")
    page.get_by_label("Full name").fill("Zoë King")
    press(page, "Save and continue")
    assert heading(page) == "Check your answers" and "Zoë King" in page.locator("main").inner_text()
    press(page, "Confirm registration")
    assert heading(page) == "You have a place"
    visit.context.close()


def test_the_payer_is_asked_only_for_a_ticket_that_costs_something(browser, site):
    visit = Visit(browser, site, width=320, java_script_enabled=False)
    page = visit.page
    page.goto(START)
    press(page, "Start now")
    page.get_by_label("Full name").fill("Bo Ek")
    page.get_by_label("E-mail address").fill("bo@example.org")
    press(page, "Save and continue")
    other = page.get_by_label("Name of the payer")
    assert page.get_by_text("The invoice", exact=True).is_visible() and other.is_hidden()
    page.get_by_label("Somebody else", exact=True).check()
    assert other.is_visible()
    page.get_by_label("Free place").check()
    assert page.get_by_text("The invoice", exact=True).is_hidden()
    page.get_by_label("Invitation code").fill("speak up 27")
    press(page, "Save and continue")
    assert heading(page) == "Your workshops"
    visit.context.close()


def test_nothing_is_cut_when_letters_stand_further_apart(browser, site):
    visit = Visit(browser, site, width=320, bypass_csp=True)
    page = visit.to(START)
    press(page, "Start now")
    page.get_by_label("Full name").fill("Spaced Out")
    page.get_by_label("E-mail address").fill("spaced.out@example.org")
    cut = {}
    for step in ("Your details", "Your organisation", "Your workshops", "Access and food", "Check your answers"):
        assert heading(page).startswith(step)
        if step == "Your organisation":
            page.get_by_label("Member, early bird").check()
            page.get_by_label("I do").check()
        page.add_style_tag(content=SPACING)
        if page.evaluate(WIDTH) > 320 or page.evaluate(CLIPPED):
            cut[step] = page.evaluate(WIDTH), page.evaluate(CLIPPED)
        press(page, "Confirm" if step.startswith("Check") else "Save and continue")
    page.add_style_tag(content=SPACING)
    assert page.evaluate(WIDTH) <= 320 and page.evaluate(CLIPPED) == []
    visit.context.close()
    assert cut == {}


def test_no_page_of_the_journey_asks_another_site_or_reports_an_error(browser, site):
    visit = Visit(browser, site, width=320)
    page = visit.to(START)
    press(page, "Start now")
    press(page, "Save and continue")
    assert [fault for fault in visit.faults if "422" not in fault] == []
    assert [each.url for each in visit.requests if not each.url.startswith(site)] == []
    visit.context.close()
