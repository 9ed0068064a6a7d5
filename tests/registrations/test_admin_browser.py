"""The bookings' admin in a real browser: nothing is against the strict Content-Security-Policy, and it can be used."""

import pytest
from playwright.sync_api import expect

from registrations.answering.answers import Needs
from registrations.models import AccessNeedsLog, Invoice, Message, Registration, TicketType, WorkshopChoice
from tests.admin_pages import add, listed, of
from tests.axe import grave_faults, violations
from tests.page_types import preview_of
from tests.registrations.builders import register, state
from tests.registrations.staff import a_busy_day, a_paying

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EXPECTED = "Failed to load resource: the server responded with a status of 422"


@pytest.fixture
def day():
    return a_busy_day()


def every_page(day):
    """The addresses of the pages about bookings."""
    anna = a_paying(day, take=[day.a1], needs=Needs(bsl=True))
    register(day, "Ben", wait=[day.a1])
    models = [Registration, Invoice, WorkshopChoice, Message, TicketType, AccessNeedsLog]
    shown = ["change", "history", "cancel", "resend", "letter", "access_needs", "workshops"]
    version = of(anna, "simple_history", anna.history.first().pk)
    of_invoice = [of(anna.invoice, what) for what in ("change", "history", "mark_invoiced", "confirm_payment")]
    rest = [add(Registration), add(TicketType), of(day.paid), of(anna.messages.get()), of(day.ticket, "delete")]
    rest += [f"{preview_of(day.event)}register/"]
    return [*map(listed, models), *(of(anna, what) for what in shown), version, *of_invoice, *rest]


def test_no_page_breaks_the_policy_or_has_a_grave_fault_of_access(staff, said, live_server, day):
    for address in every_page(day):
        staff.goto(f"{live_server.url}{address}", wait_until="load")
        assert [each for each in said if "409" not in each] == [], address  # the page that says why nothing is deleted
        assert grave_faults(staff) == [], address
        said.clear()  # axe tries styles of its own, which the policy rightly stops


def test_what_stands_on_pages_of_our_own_has_no_serious_fault_of_access(staff, live_server, day):
    """Their frame is the stock admin’s."""
    anna = a_paying(day, take=[day.a1], needs=Needs(bsl=True))
    register(day, "Ben", wait=[day.a1])
    ours = [of(anna, what) for what in ("cancel", "access_needs", "workshops")]
    for address in [add(Registration), *ours, of(anna.invoice, "mark_invoiced")]:
        staff.goto(f"{live_server.url}{address}")
        found = violations(staff, part="#content-main", impacts=["critical", "serious"])
        assert [each["id"] for each in found] == [], address


def test_the_letter_has_no_fault_of_access_at_all(staff, live_server, day):
    staff.goto(f"{live_server.url}{of(a_paying(day), 'letter')}")
    assert [each["id"] for each in violations(staff)] == []


def test_the_letter_is_one_page_on_paper(staff, live_server, day):
    staff.goto(f"{live_server.url}{of(a_paying(day, take=[day.a1, day.a2]), 'letter')}")
    pages = staff.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    assert pages == 1


def test_somebody_is_registered_on_the_telephone(staff, said, live_server, day):
    staff.goto(f"{live_server.url}{listed(Registration)}")
    staff.get_by_role("link", name="Add registration").first.click()
    staff.get_by_label("Name:", exact=True).fill("Zoë Ní Bhriain")
    staff.get_by_label("Ticket:").select_option(label="Members, £50")
    staff.get_by_label("Workshop:").first.select_option(label="1B: Workshop 1B (11am to midday) – Places available")
    staff.get_by_role("button", name="Register").click()
    expect(staff.locator(".field-invoice_payer .errorlist")).to_have_text("Say who pays: a name for the invoice.")
    staff.get_by_label("Who pays:").fill("The Long Table")
    staff.get_by_role("button", name="Register").click()
    expect(staff.locator(".messagelist")).to_contain_text("has a place.")
    assert state(Registration.objects.get()) == "confirmed 1B"
    staff.get_by_role("link", name="Print the letter").click()
    expect(staff.get_by_role("heading", name="You have a place at Annual conference")).to_be_visible()
    assert [each for each in said if not each.startswith(EXPECTED)] == []


def test_workshops_are_changed_on_the_telephone(staff, said, live_server, day):
    register(day, "Ben", take=[day.a2])
    anna = register(day, "Anna", take=[day.a1])
    staff.set_viewport_size({"width": 320, "height": 800})
    staff.goto(f"{live_server.url}{of(anna)}")
    staff.get_by_role("link", name="Change workshops").click()
    first = staff.get_by_role("group", name="Workshop series 1: Workshop")
    expect(first.get_by_role("radio", checked=True)).to_have_accessible_name(
        "1A: Workshop 1A (11am to midday) – theirs now; full for everybody else"
    )
    first.get_by_role("radio", name="1B: Workshop 1B").check()
    staff.get_by_role("radio", name="2B: Workshop 2B (1pm to 2pm) – Places available").check()
    second = staff.get_by_role("group", name="Workshop series 2: Also on the waiting list for")
    second.get_by_role("radio", name="2A: Workshop 2A (1pm to 2pm) – Full – join the waiting list").check()
    assert staff.evaluate("() => document.documentElement.scrollWidth") <= 320
    staff.get_by_role("button", name="Save the workshops").click()
    expect(staff.locator(".messagelist")).to_contain_text(f"The workshops of {anna} are changed.")
    assert state(anna) == "confirmed 1B, 2B, waits 2A"
    assert said == []


def test_chosen_registrations_are_cancelled_after_a_question(staff, said, live_server, day):
    people = [register(day, name) for name in ("Anna", "Ben")]
    staff.goto(f"{live_server.url}{listed(Registration)}")
    staff.get_by_label("Select all objects on this page for an action").check()
    staff.get_by_label("Action:").select_option(label="Cancel registration …")
    staff.get_by_role("button", name="Go").click()
    expect(staff.get_by_role("heading", name="Cancel this registration?")).to_be_visible()
    assert state(people[0]) == "confirmed"
    staff.get_by_role("button", name="Cancel registration").click()
    expect(staff.locator(".messagelist")).to_contain_text(f"{people[0]} is cancelled.")
    assert [state(each) for each in people] == ["cancelled", "cancelled"]
    assert said == []


def test_a_payment_is_confirmed_by_its_button(staff, said, live_server, day):
    invoice = a_paying(day).invoice
    staff.goto(f"{live_server.url}{of(invoice)}")
    staff.get_by_role("link", name="Confirm payment").click()
    expect(staff.locator(".deeds")).to_contain_text("The Long Table: £50 for")
    staff.get_by_role("button", name="Confirm payment").click()
    expect(staff.locator(".messagelist")).to_contain_text(f"£50 is paid on {invoice}.")
    assert said == []


def test_the_list_is_exported_as_it_is_filtered(staff, said, live_server, day):
    register(day, "Anna"), register(day, "Ben")
    staff.goto(f"{live_server.url}{listed(Registration)}?q=anna")
    with staff.expect_download() as saved:
        staff.get_by_role("link", name="Export this list (CSV)").click()
    text = saved.value.path().read_text("utf-8-sig")
    assert "Anna" in text and "Ben" not in text
    assert said == []
