"""What search engines are told in JSON-LD equals what the page says."""

import pytest

from events.feeds import json_ld
from events.models import Access, Status
from tests.builders import make_room, make_series, make_session, make_workshop, save
from tests.reading import Page, read, words

SITE = "http://localhost:8000"


def agenda(client, event, query: str = "") -> Page:
    """Return the event's agenda."""
    return read(client.get(f"/events/{event.slug}/agenda/{query}"))


@pytest.fixture
def day(event):
    """An event with an address, a workshop in a room, one to be announced and a cancelled one."""
    room = make_room("Heddle Room", step_free=Access.YES)
    event.venue, event.summary = room.venue, "One day."
    save(event)
    series = make_series(event)
    make_workshop(series, "A", title="Reserves", room=room)
    make_workshop(series, "B", title="")
    make_session(event, 12, title="Walk", status=Status.CANCELLED)
    make_session(event, 13, title="Hidden", status=Status.DRAFT)
    return event


def test_an_event_is_told_with_its_hours_place_and_organiser(client, day):
    assert read(client.get(f"/events/{day.slug}/")).schema == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Annual conference",
        "url": f"{SITE}/events/{day.slug}/",
        "startDate": "2027-06-16T09:00+01:00",
        "endDate": "2027-06-16T17:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "organizer": {"@type": "Organization", "name": "Clinks"},
        "description": "One day.",
        "location": {"@type": "Place", "name": day.venue.name, "address": "1 High Street, London"},
    }


def test_the_agenda_tells_of_every_session_that_it_shows_and_of_no_other(client, day):
    page = agenda(client, day)
    told = [each["name"] for each in page.schema["subEvent"]]
    assert told == ["Reserves", "Workshop 1B, to be announced", "Walk"]
    assert [name for name in told if name not in page.main] == []


def test_a_series_shown_as_one_panel_is_not_told_as_its_empty_workshops(client, day):
    later = make_series(day, number=2)
    make_workshop(later, "A", 14, title=""), make_workshop(later, "B", 14, title="")
    assert not [each for each in agenda(client, day).schema["subEvent"] if "2A" in each["name"]]
    assert agenda(client, day).classed("awaited")


def test_times_and_addresses_told_are_those_that_the_page_shows(client, day):
    page = agenda(client, day)
    shown = {each.get("datetime") for slot in page.classed("slot") for each in slot.iter("time")}
    assert {each[key] for each in page.schema["subEvent"] for key in ("startDate", "endDate")} == shown
    addresses = {f"{SITE}{href}" for _, href in page.links}
    assert {each["url"] for each in page.schema["subEvent"]} <= addresses


def test_rooms_and_cancellations_are_told(client, day):
    reserves, _, walk = agenda(client, day).schema["subEvent"]
    assert reserves["location"] == {"@type": "Place", "name": "Heddle Room", "address": "1 High Street, London"}
    assert (reserves["eventStatus"], walk["eventStatus"]) == (
        "https://schema.org/EventScheduled", "https://schema.org/EventCancelled",
    )  # fmt: skip
    assert "location" not in walk


def test_a_cancelled_event_is_told_as_cancelled(client, day):
    day.status = Status.CANCELLED
    save(day)
    assert agenda(client, day).schema["eventStatus"] == "https://schema.org/EventCancelled"


@pytest.mark.parametrize("hidden", ["is_sample", "is_listing"])
def test_nothing_is_told_of_samples_and_listings(client, event, hidden):
    address = f"/events/{event.slug}/"
    assert read(client.get(address)).schema
    setattr(event, hidden, True)
    save(event)
    assert read(client.get(address)).schema is None


def test_nothing_is_told_by_a_search_or_in_a_preview(client, admin_client, day):
    assert agenda(client, day, "?q=reserves").schema is None
    assert read(admin_client.get(f"/admin/events/event/{day.pk}/preview/agenda/")).schema is None


HOSTILE = '</script><script>alert(1)</script><!-- & \u2028 " \\'


def test_no_title_can_end_the_script_that_holds_it(client, event):
    event.title = HOSTILE
    save(event)
    make_session(event, title=HOSTILE)
    page = agenda(client, event)
    assert page.schema["name"] == page.schema["subEvent"][0]["name"] == HOSTILE
    assert len(page.all(".//script")) == 1
    assert HOSTILE.split()[0] in words(page.tree.find(".//h3"))


def test_without_the_guard_a_title_would_end_the_script():
    """The negative control of the test above: plain JSON does hold the letters that end a script."""
    import json

    assert "</script>" in json.dumps({"name": HOSTILE}, ensure_ascii=False)
    assert not set("<>&\u2028") & set(json_ld.as_script({"name": HOSTILE}))
