"""The list of events, the page of one, and the way from each to the next."""

import datetime

import pytest
import time_machine
from django.core.management import call_command

from events.models import Event, Status
from tests.builders import (
    DAY,
    london,
    make_appearance,
    make_event,
    make_listing,
    make_person,
    make_series,
    make_session,
    make_workshop,
    save,
)
from tests.reading import Page, read, words

NOW = london(12, day=datetime.date(2026, 11, 22))


@pytest.fixture(autouse=True)
def the_time():
    """Stand on 22 November 2026."""
    with time_machine.travel(NOW, tick=False):
        yield


def on(year: int, **values: object) -> Event:
    """Save an event in June of that year, named after it."""
    day = datetime.date(year, 6, 16)
    return make_event(f"Conference {year}", starts=london(9, day=day), ends=london(17, day=day), **values)


def events(client, query: str = "") -> Page:
    """Return the list of events."""
    page = read(client.get(f"/events/{query}"))
    assert page.status == 200
    return page


def listed(page: Page, part: str) -> list[str]:
    """Return the titles under "coming" or "past"."""
    return page.texts(f".//section[@aria-labelledby='{part}']//li//h3")


# -- The list


def test_what_comes_stands_first_and_earliest_first_what_is_past_latest_first(client, db):
    for year in (2025, 2028, 2023, 2027):
        on(year)
    page = events(client)
    assert listed(page, "coming") == ["Conference 2027", "Conference 2028"]
    assert listed(page, "past") == ["Conference 2025", "Conference 2023"]


def test_an_event_is_coming_until_it_ends(client, event):
    for moment, part in ((london(17) - datetime.timedelta(seconds=1), "coming"), (london(17), "past")):
        with time_machine.travel(moment, tick=False):
            assert listed(events(client), part) == ["Annual conference"], part


def test_drafts_are_not_in_the_list_and_cancelled_events_say_so(client, db):
    on(2027, status=Status.DRAFT), on(2028, status=Status.CANCELLED)
    page = events(client)
    assert listed(page, "coming") == ["Conference 2028"]
    assert "Cancelled" in page.main


def test_a_listing_stands_where_staff_put_it_and_its_date_is_not_recorded(client, db):
    on(2023), on(2025)
    make_listing("Theirs", sorts_at=london(9, day=datetime.date(2024, 1, 1)))
    page = events(client)
    assert listed(page, "past") == ["Conference 2025", "Theirs", "Conference 2023"]
    [theirs] = page.classed("event-listing")
    assert "Date not recorded" in words(theirs) and "Another organisation’s event" in words(theirs)


def test_every_event_of_the_list_leads_to_its_page(client, db):
    on(2023), on(2027), make_listing("Theirs", sorts_at=NOW)
    for title in ("Conference 2023", "Conference 2027", "Theirs"):
        assert read(client.get(events(client).link(title))).texts(".//h1") == [title]


def test_an_empty_list_says_what_will_stand_there(client, db):
    assert events(client).texts(".//h3") == ["Nothing is announced yet", "No event has taken place yet"]


@pytest.fixture
def many(db) -> list[Event]:
    """Thirty-one past events and a coming one."""
    return [on(year) for year in range(1995, 2026)] + [on(2027)]


def test_past_events_go_on_to_further_pages(client, many):
    first, second = events(client), events(client, "?page=2")
    assert len(listed(first, "past")) == 30 and listed(first, "coming") == ["Conference 2027"]
    assert listed(second, "past") == ["Conference 1995"] and listed(second, "coming") == []
    assert first.link("Next page") == "?page=2" and second.link("Previous page") == "?page=1"
    assert second.title == "Past events, page 2 – Clinks"
    assert second.canonical == "http://localhost:8000/events/?page=2"


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "1e3", "", "9" * 40, "١", "None"])
def test_a_page_that_the_list_does_not_have_is_not_found(client, event, number):
    assert client.get("/events/", {"page": number}).status_code == 404


# -- From one to the next


def neighbours(page: Page) -> dict[str, list[tuple[str, str]]]:
    """Return words and address of every link to the previous and to the next event."""
    links = page.all(".//a[@rel]")
    return {
        way: sorted({(words(each), each.get("href")) for each in links if each.get("rel") == way})
        for way in ("prev", "next")
    }


def test_each_event_names_the_one_before_and_the_one_after(client, db):
    on(2028), on(2023), on(2025), on(2027, status=Status.DRAFT)
    page = read(client.get("/events/conference-2025/"))
    assert neighbours(page) == {
        "prev": [("Conference 2023", "/events/conference-2023/")],
        "next": [("Conference 2028", "/events/conference-2028/")],
    }
    assert "Friday 16 June 2023" in page.main and "Friday 16 June 2028" in page.main


def test_the_first_and_the_last_say_that_nothing_is_beyond_them(client, db):
    on(2025), on(2028)
    first, last = read(client.get("/events/conference-2025/")), read(client.get("/events/conference-2028/"))
    assert neighbours(first)["prev"] == neighbours(last)["next"] == []
    assert "Nothing earlier is listed" in first.main and "Nothing later is listed yet" in last.main


def test_a_draft_becomes_a_neighbour_once_it_is_published(client, db):
    on(2025)
    draft = on(2027, status=Status.DRAFT)
    assert neighbours(read(client.get("/events/conference-2025/")))["next"] == []
    draft.status = Status.PUBLISHED
    save(draft)
    assert neighbours(read(client.get("/events/conference-2025/")))["next"][0][0] == "Conference 2027"


def test_events_at_the_same_moment_lead_through_each_other_in_both_directions(client, db):
    for title in ("One", "Two", "Three"):
        make_event(title)
    way = [neighbours(read(client.get(f"/events/{slug}/"))) for slug in ("one", "two", "three")]
    assert [[words for words, _ in each["next"]] for each in way] == [["Two"], ["Three"], []]
    assert [[words for words, _ in each["prev"]] for each in way] == [[], ["One"], ["Two"]]


def test_the_supplied_events_lead_through_each_other_in_the_order_of_the_record(client, db):
    call_command("load_programme", verbosity=0)
    page = read(client.get("/events/clinks-annual-conference-2023/"))
    [(before, _)], [(after, _)] = neighbours(page)["prev"], neighbours(page)["next"]
    assert before == "AI and the Future of Technology in the Black Community"
    assert after.startswith("MA in People")
    assert "date not recorded" in page.main.lower()


# -- One event


def test_the_day_in_brief_names_panels_and_series_and_leads_to_the_agenda(client, event):
    make_workshop(make_series(event, 1, theme="How to last"), "A", 11)
    make_session(event, 10, kind="panel", label="Opening panel", title="Where things stand")
    make_session(event, 12, kind="break", title="Lunch")
    page = read(client.get(f"/events/{event.slug}/"))
    [brief] = page.classed("brief")
    assert [words(each) for each in brief.iter("h3")] == ["Opening panel", "Workshop series 1"]
    assert "Lunch" not in words(brief) and "How to last" in words(brief)
    assert page.link("See the whole agenda") == f"/events/{event.slug}/agenda/"


def test_a_few_people_are_named_and_the_rest_are_a_link_away(client, event):
    session = make_session(event)
    for number in range(10):
        make_appearance(session, make_person(f"Person {number:02}"))
    page = read(client.get(f"/events/{event.slug}/"))
    assert len(page.all(".//ul[@class='names']/li")) == 8
    assert page.link("All 10 people") == f"/events/{event.slug}/people/"


def test_a_sample_says_on_every_page_that_it_is_invented(client, furnished):
    from tests.page_types import below

    furnished.event.is_sample = True
    save(furnished.event)
    at = f"/events/{furnished.event.slug}/"
    for address in [at, *below(at, furnished).values()]:
        page = read(client.get(address))
        assert page.classed("ribbon") and "invented" in page.words, address
        assert page.is_kept_from_search_engines, address
        assert page.schema is None, address


def test_a_real_event_wears_no_ribbon(client, furnished):
    assert read(client.get(f"/events/{furnished.event.slug}/")).classed("ribbon") == []


def test_the_place_on_the_map_is_a_link_and_only_where_it_is_known(client, furnished):
    address = f"/events/{furnished.event.slug}/"
    assert "openstreetmap" not in client.get(address).content.decode()
    furnished.house.latitude, furnished.house.longitude = "51.558100", "-0.118700"
    save(furnished.house)
    assert "mlat=51.558100&mlon=-0.118700" in read(client.get(address)).link("See it on a map")


def test_a_listing_with_a_date_says_when_it_is(client, db):
    make_listing("Theirs", starts=london(9), ends=london(17))
    page = read(client.get("/events/theirs/"))
    assert page.beside("When") == "Wednesday 16 June 2027 9am to 5pm"
    assert page.is_kept_from_search_engines


def test_an_event_on_several_days_says_both(client, db):
    event = make_event(ends=london(17, day=DAY + datetime.timedelta(days=1)))
    page = read(client.get(f"/events/{event.slug}/"))
    assert page.beside("When").startswith("Wednesday 16 to Thursday 17 June 2027")
