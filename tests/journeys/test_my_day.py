"""“My day” in a real browser: two windows without JavaScript, and every page looked at with axe, wide and narrow."""

import pytest

from tests.journeys import people
from tests.journeys.test_registering import faults, heading, press
from tests.journeys.visits import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def full(site, django_db_blocker):
    """A workshop whose last place Bea has, and for which Ada waits."""
    with django_db_blocker.unblock():
        full = people.a_full_workshop()
    yield full
    with django_db_blocker.unblock():
        people.undo(full)


def links_of(django_db_blocker, *registrations):
    with django_db_blocker.unblock():
        return [people.path_of(each) for each in registrations]


def test_one_waits_the_other_cancels_and_the_first_is_moved_and_told(browser, site, full, django_db_blocker):
    to_ada, to_bea = links_of(django_db_blocker, full.ada, full.bea)
    first = Visit(browser, site, java_script_enabled=False)
    second = Visit(browser, site, java_script_enabled=False, width=1280)
    page, other = first.to(to_ada), second.to(to_bea)
    assert "Waiting: you are first" in page.locator("main").inner_text()
    other.get_by_role("link", name="Cancel your place").click()
    press(other, "Yes, cancel my place")
    assert "Your registration is cancelled" in other.get_by_role("status").inner_text()
    page.reload()
    words = page.locator("main").inner_text()
    assert "What has changed since you last looked" in words and "it came free, and you were next" in words
    assert "Waiting" not in page.locator(".own-day").inner_text()
    press(page, "I have seen what has changed")
    assert "What has changed" not in page.locator("main").inner_text()
    with django_db_blocker.unblock():
        _are_told(full)
    first.context.close()
    second.context.close()


def _are_told(full):
    """Both get the right message; Ada's calendar holds the workshop she has now, and cancels the other."""
    import vobject

    from registrations.messages import emails

    moved, gone = full.ada.messages.get(kind="promoted"), full.bea.messages.get(kind="cancelled")
    words = emails.write(moved)
    assert f"You now have a place in the workshop {full.wanted.full_code}" in words.text
    stands = {entry.uid.value: entry.status.value for entry in vobject.readOne(words.calendar).vevent_list}
    assert (stands[str(full.wanted.uid)], stands[str(full.held.uid)]) == ("CONFIRMED", "CANCELLED")
    assert "cancelled" in emails.write(gone).subject and "STATUS:CONFIRMED" not in emails.write(gone).calendar


def test_workshops_are_swapped_by_keyboard_alone_without_javascript(browser, site, full, django_db_blocker):
    [to_ada] = links_of(django_db_blocker, full.ada)
    visit = Visit(browser, site, java_script_enabled=False)
    page = visit.to(to_ada)
    page.get_by_role("link", name="Change my workshops").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == "Change your workshops"
    page.locator("input[type=radio]:checked").first.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Save my workshops").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Your workshops are changed." in page.get_by_role("status").inner_text()
    visit.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_and_its_error_state_are_without_fault(browser, site, full, django_db_blocker, width):
    from django.utils import timezone

    from registrations import booking
    from registrations.answering.answers import Wish
    from registrations.my_day import transfers
    from registrations.way_in import links

    with django_db_blocker.unblock():
        now = timezone.now()
        cai = people.register(full.event, "Cai Featherstonehaugh-Papadopoulos", take=full.held)
        wish = Wish(full.held.pk, full.wanted.pk, ask_first=True)
        booking.change_choices(full.ada, {full.held.series_id: wish}, now)
        booking.cancel(full.bea, now)  # so that Ada is offered the place
        accept = links.transfer(transfers.begin(cai, "Dan", "dan@example.org", now)).partition("/my-day/")[2]
    to_ada, to_cai = links_of(django_db_blocker, full.ada, cai)
    visit, found, titles = Visit(browser, site, width=width), {}, []
    page = visit.page

    def look(name: str) -> None:
        titles.append(page.title())
        if wrong := faults(visit, width):
            found[name] = wrong

    visit.to(to_ada)
    look("day with an offer")
    for below in ("workshops/", "details/", "access/", "order/", "pass-on/", "cancel/", "calendar/", "letter/"):
        visit.to(f"/my-day/{below}")
        look(below)
    for below, button, field in (
        ("details/", "Save my details", "Full name"),
        ("pass-on/", "Write to my colleague", "Your colleague’s full name"),
        ("order/", "Save what the invoice says", "Name of the payer"),
    ):  # fmt: skip
        visit.to(f"/my-day/{below}").get_by_label(field).fill("")
        press(page, button)
        look(f"{below} wrong")
    visit.to("/my-day/access/")
    press(page, "Send my answers")
    look("access/ wrong")
    visit.to("/my-day/workshops/")
    page.evaluate("() => document.querySelector('input[type=radio]').value = '999999'")
    page.locator("input[type=radio]").first.check()
    press(page, "Save my workshops")
    look("workshops/ wrong")
    visit.to(to_cai)
    look("day while it is passed on")
    visit.to(f"/my-day/{accept}")
    look("accept")
    page.get_by_label("Anything else").fill("x" * 2001)
    press(page, "Accept the place")
    look("accept, wrong")
    press(page, "No, thank you")
    look("said no")
    visit.to("/my-day/find/")
    look("find")
    press(page, "Send me my link")
    look("find, wrong")
    page.get_by_label("Your e-mail address").fill("somebody@example.org")
    press(page, "Send me my link")
    look("sent")
    visit.to("/my-day/open/1-a/")
    look("ended")
    visit.context.close()
    assert found == {}
    assert sum(title.startswith("Error: ") for title in titles) == 7


# The smallest letters on the page, in pixels of CSS: 12 are 9 points.
SMALLEST = """() => Math.min(...[...document.querySelectorAll('main *, footer *')]
    .filter(each => each.checkVisibility() && !each.closest('.hidden, svg')
        && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(each => parseFloat(getComputedStyle(each).fontSize)))"""


@pytest.fixture
def crowded(site, django_db_blocker):
    """Ada, whose day says as much as a day can say."""
    with django_db_blocker.unblock():
        crowded = people.a_crowded_day()
    yield crowded
    with django_db_blocker.unblock():
        people.undo_crowded(crowded)


def test_the_day_prints_on_one_page(browser, site, crowded, django_db_blocker):
    import re

    visit = Visit(browser, site, width=1280)
    page = visit.to(links_of(django_db_blocker, crowded.ada)[0])
    # It is the crowded one: something kept, something changed, something owed, two workshops in each series.
    shown = page.locator("main").inner_text()
    assert shown.count("Confirmed") == 3 and shown.count("Waiting: you are first") == 2 and "Kept for you" in shown
    assert "What has changed" in shown and "to be invoiced" in shown
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="What I will do, by when").is_visible()
    assert page.locator(".to-do hr").count() == 3 and not page.get_by_role("button").first.is_visible()
    assert page.evaluate(SMALLEST) >= 12
    visit.context.close()


def test_what_can_only_be_pressed_is_not_printed(browser, site, full, django_db_blocker):
    visit = Visit(browser, site, width=1280)
    page = visit.to(links_of(django_db_blocker, full.ada)[0])
    choose = page.get_by_role("link", name="Choose a workshop of Workshop series 2")
    assert choose.is_visible()
    page.emulate_media(media="print")
    assert not choose.is_visible() and page.get_by_text("Nothing chosen yet.").first.is_visible()
    visit.context.close()
