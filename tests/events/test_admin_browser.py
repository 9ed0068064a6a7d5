"""The admin in a real browser: nothing that it does is against the strict Content-Security-Policy."""

import pytest
from playwright.sync_api import expect

from events.models import Event, Organisation, Person, Room, Series, Session, Venue
from pages.models import Page as InformationPage
from tests.admin_pages import add, listed, of
from tests.axe import grave_faults, violations
from tests.builders import DAY, make_event, make_person, make_programme, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def programme():
    """The small programme of `tests.builders`, of a stored event."""
    return make_programme(make_event())


def every_page(programme):
    """The addresses of the admin's pages."""
    programme.first.title = "Rest and reserves"
    save(programme.first)
    rows = [
        programme.event,
        programme.first,
        programme.person,
        programme.organisation,
        programme.house,
        programme.upper,
    ]
    models = [Event, Session, Person, Organisation, Venue, Room, Series, InformationPage]
    version = of(programme.first, "simple_history", programme.first.history.last().pk)
    users = ["/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/group/add/", "/admin/password_change/"]
    of_rows = [of(row, what) for row in rows for what in ("change", "history", "delete")]
    return [*(address for model in models for address in (listed(model), add(model))), *of_rows, version, *users]


def test_somebody_signs_in(page, said, live_server, django_user_model):
    django_user_model.objects.create_superuser("staff", password="A long pass phrase")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username:").fill("staff")
    page.get_by_label("Password:").fill("A long pass phrase")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="What would you like to change?")).to_be_visible()
    assert said == []


def test_no_page_breaks_the_policy_or_has_a_grave_fault_of_access(staff, said, live_server, programme):
    for address in every_page(programme):
        staff.goto(f"{live_server.url}{address}", wait_until="load")
        assert [each for each in said if "409" not in each] == [], address  # the page that says why nothing is deleted
        assert grave_faults(staff) == [], address
        said.clear()  # axe tries styles of its own, which the policy rightly stops


def test_the_search_for_grave_faults_finds_those_that_axe_finds_with_all_its_rules(staff, live_server, programme):
    """The negative control, which also tells when a new axe no longer says the impact of a rule beforehand."""
    staff.goto(f"{live_server.url}{of(programme.second)}")
    bad = '<img src="/x.png"><button></button><select><option>x</select><input><i role="banana"></i><ul role="tablist">'
    staff.evaluate("bad => document.querySelector('main').insertAdjacentHTML('beforeend', bad)", bad)
    everything = violations(staff)
    assert {each["impact"] for each in everything} >= {"critical", "serious"}
    grave = {each["id"] for each in everything if each["impact"] == "critical"}
    assert grave >= {"image-alt", "button-name", "select-name", "label", "aria-roles"}
    assert {rule for rule, _ in grave_faults(staff)} == grave


def test_a_clash_is_shown_beside_its_room(staff, said, live_server, programme):
    staff.goto(f"{live_server.url}{of(programme.second)}")
    staff.get_by_label("Room:", exact=True).select_option(label="Upper Hall")
    staff.get_by_role("button", name="Save", exact=True).click()
    expect(staff.locator(".field-room .errorlist")).to_have_text(
        "Upper Hall already has “1A: Reserves and rest” from 11am to midday."
    )
    assert [each for each in said if "422" not in each] == []


def test_somebody_is_found_by_name_and_put_into_a_session(staff, said, live_server, programme):
    make_person("Nguyễn Thị Hà")
    staff.goto(f"{live_server.url}{of(programme.second)}")
    staff.get_by_role("button", name="Add another Person or organisation").click()
    staff.locator("[aria-labelledby=select2-id_appearances-1-person-container]").click()
    staff.locator(".select2-search__field").fill("nguyen")
    staff.get_by_role("option", name="Nguyễn Thị Hà").click()
    staff.get_by_role("button", name="Save and continue editing").click()
    expect(staff.locator(".messagelist")).to_contain_text("was changed successfully")
    assert programme.second.appearances.count() == 2
    assert said == []


def test_a_session_is_added_on_the_events_page(staff, said, live_server, programme):
    staff.goto(f"{live_server.url}{of(programme.event)}")
    staff.get_by_role("button", name="Add another Session").click()
    row = staff.locator("#sessions-3")
    row.get_by_label("Title").fill("Closing words")
    row.get_by_label("Kind").select_option("plenary")
    row.get_by_label("Starts").fill(f"{DAY}T16:00")
    row.get_by_label("Ends").fill(f"{DAY}T17:00")
    staff.get_by_role("button", name="Save", exact=True).click()
    expect(staff.locator(".messagelist")).to_contain_text("was changed successfully")
    assert Session.objects.get(title="Closing words").slug == "closing-words"
    assert said == []


def test_a_room_is_added_in_a_window_of_its_own(staff, said, live_server, programme):
    staff.goto(f"{live_server.url}{of(programme.second)}")
    with staff.expect_popup() as opened:
        staff.locator("#add_id_room").click()
    window = opened.value
    window.get_by_label("Name:").fill("Small Room")
    window.locator(".field-venue .select2-selection, #id_venue").first.click()
    window.locator("#id_venue").select_option(label="Hall House")
    with window.expect_event("close"):
        window.get_by_role("button", name="Save", exact=True).click()
    expect(staff.get_by_label("Room:", exact=True).locator("option:checked")).to_have_text("Small Room")
    assert said == []


def test_the_stock_pickers_of_dates_work(staff, said, live_server, django_user_model):
    staff.goto(f"{live_server.url}{of(django_user_model.objects.get())}")
    staff.locator("#calendarlink0").click()
    staff.locator("#calendarbox0 td a").first.click()
    staff.locator("#header .theme-toggle").click()
    assert said == []


def test_something_is_deleted_after_a_question(staff, said, live_server, programme):
    staff.goto(f"{live_server.url}{of(programme.second)}")
    staff.get_by_role("link", name="Delete").click()
    staff.get_by_role("button", name="Yes, I’m sure").click()
    expect(staff.locator(".messagelist")).to_contain_text("was deleted successfully")
    assert said == []
