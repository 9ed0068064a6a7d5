"""“Your data” in a real browser without JavaScript: complain, read, take away, erase; with axe on every page."""

import json
import uuid
from pathlib import Path

import pytest

from tests.journeys.test_registering import faults, heading, press
from tests.journeys.visits import SAMPLE, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def link(site, django_db_blocker):
    """The link of somebody who is registered for the sample."""
    from django.utils import timezone

    from events.models import Event
    from registrations import booking
    from registrations.answering.answers import Answers, Needs
    from registrations.tickets import prices
    from registrations.way_in import links

    with django_db_blocker.unblock():
        event, now = Event.objects.get(slug=SAMPLE.split("/")[2]), timezone.now()
        ticket = event.ticket_types.filter(price=0).first() or event.ticket_types.first()
        given = Answers(
            name="Ọlájùmọ̀kẹ́ Adé", email=f"{uuid.uuid4().hex[:8]}@example.org", quote=prices.quote(ticket, now),
            needs=Needs(bsl=True), invitation_code=ticket.invitation_code,
        )  # fmt: skip
        registration = booking.register(event, given, uuid.uuid4(), now, by_staff=True)
        return links.my_day(registration).partition("//")[2].partition("/")[2]


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_without_fault(browser, site, link, width):
    visit = Visit(browser, site, width=width)
    visit.to(f"/{link}")
    found = {}
    for below in ("data/", "data/all/", "erase/", "complain/", "erased/"):
        visit.to(f"/my-day/{below}")
        found[below] = faults(visit, width)
    for below, button in (("erase/", "Erase my data"), ("complain/", "Send my complaint")):
        press(visit.to(f"/my-day/{below}"), button)
        assert visit.page.title().startswith("Error: ")
        found[f"{below} with an error"] = faults(visit, width)
    assert {name: each for name, each in found.items() if each} == {}
    visit.context.close()


def test_complain_take_away_and_erase_without_javascript(browser, site, link):
    visit = Visit(browser, site, java_script_enabled=False)
    page = visit.to(f"/{link}")
    page.get_by_role("link", name="Your data").click()
    page.get_by_role("link", name="Complain").click()
    page.get_by_label("What went wrong").fill("It leaked.")
    press(page, "Send my complaint")
    assert "We have your complaint" in page.get_by_role("status").inner_text()
    page.get_by_role("link", name="Your data").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the same as a file").click()
    held = json.loads(Path(download.value.path()).read_text())
    assert held["registration"][0]["name"] == "Ọlájùmọ̀kẹ́ Adé" and held["access_and_food"][0]["bsl"] is True
    page.get_by_role("link", name="Have your data erased").click()
    page.get_by_label("Yes, erase what you hold about me").check()
    press(page, "Erase my data")
    assert heading(page) == "Your data are erased"
    visit.to(f"/{link}")
    assert heading(page) == "This link no longer works"
    visit.context.close()
