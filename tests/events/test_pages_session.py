"""The page of one session."""

import datetime

import pytest
import time_machine

from events.models import Access, Kind, Role, Status
from tests.builders import (
    DAY,
    london,
    make_appearance,
    make_event,
    make_organisation,
    make_person,
    make_room,
    make_series,
    make_session,
    make_workshop,
    save,
)
from tests.reading import Page, read, words

BEFORE = london(12, day=DAY - datetime.timedelta(days=100))
AFTER = london(12, day=DAY + datetime.timedelta(days=1))


def show(client, session, moment: datetime.datetime = BEFORE) -> Page:
    """Return the session's page as it is at that moment."""
    with time_machine.travel(moment, tick=False):
        page = read(client.get(f"/events/{session.event.slug}/agenda/{session.slug}/"))
    assert page.status == 200
    return page


def access_of(page: Page) -> list[str]:
    """Return what is said of access, fact by fact."""
    return [words(each) for each in page.all(".//ul[@class='facts-access']/li")]


def test_it_says_what_when_and_where(client, event):
    room = make_room("Heddle Room", floor="First floor", directions="beside the lift")
    page = show(client, make_session(event, 10, title="Reserves and rest", room=room, ends=london(10, 45)))
    assert page.texts(".//h1") == ["Reserves and rest"]
    assert page.beside("Time") == "10am to 10:45am 45 minutes"
    for said in ("Heddle Room", "irst floor", "beside the lift"):
        assert said in page.beside("Room")
    assert "Wednesday 16 June 2027" in page.main


def test_facts_about_access_are_yes_no_or_not_yet_confirmed_in_words(client, event):
    room = make_room(step_free=Access.YES, hearing_loop=Access.NO, accessible_toilet="Beside the lift")
    assert access_of(show(client, make_session(event, room=room, bsl=Access.YES, live_captions=Access.UNKNOWN))) == [
        "Step-free access: yes",
        "Hearing loop: no",
        "BSL interpretation: yes",
        "Live captions: not yet confirmed",
        "Accessible toilet: Beside the lift",
    ]


def test_a_session_without_a_room_has_nothing_confirmed(client, event):
    page = show(client, make_session(event))
    assert page.beside("Room") == "To be announced"
    assert len(access_of(page)) == 5
    assert all(fact.endswith(": not yet confirmed") for fact in access_of(page))


def test_a_past_session_of_which_nothing_is_recorded_says_so_in_one_line_and_offers_nothing(client, event):
    make_session(event, title="Beside it", provisional=True)
    page = show(client, make_session(event, provisional=True), AFTER)
    assert page.beside("Access") == "Not recorded"
    assert "Time as planned" in page.main and "Provisional" not in page.main
    assert "Ask about access" not in page.main and "QR code" not in page.main


def test_after_the_day_what_was_not_confirmed_is_not_recorded(client, event):
    page = show(client, make_session(event, bsl=Access.YES, live_captions=Access.UNKNOWN), AFTER)
    assert {"BSL interpretation: yes", "Live captions: not recorded"} < set(access_of(page))


def test_a_past_session_without_a_room_says_that_none_is_recorded(client, event):
    page = show(client, make_session(event), AFTER)
    assert page.beside("Room") == page.beside("Access") == "Not recorded"


def test_of_a_past_session_what_is_known_is_said_and_what_is_not_is_not_recorded(client, event):
    session = make_session(event, room=make_room(step_free=Access.YES, hearing_loop=Access.NO))
    assert access_of(show(client, session, AFTER)) == [
        "Step-free access: yes",
        "Hearing loop: no",
        "BSL interpretation: not recorded",
        "Live captions: not recorded",
        "Accessible toilet: not recorded",
    ]


def test_the_sessions_beside_a_past_one_are_not_provisional(client, event):
    series = make_series(event)
    session = make_workshop(series, "A", provisional=True)
    make_workshop(series, "B", provisional=True)
    assert len(show(client, session).classed("tag-provisional")) == 2
    [planned] = show(client, session, AFTER).classed("tag-provisional")
    assert words(planned) == "Time as planned"


def test_the_content_note_stands_before_the_abstract(client, event):
    page = show(client, make_session(event, content_note="Prison is spoken of.", abstract="We talk of planning."))
    assert page.main.index("Content note Prison is spoken of.") < page.main.index("We talk of planning.")


def test_headings_in_an_abstract_continue_those_of_the_page(client, event):
    page = show(client, make_session(event, abstract="# Big\n\n### Small\n\nWords."))
    assert {(2, "Big"), (3, "Small")} <= set(page.headings)


def test_a_session_of_which_nothing_is_announced_says_so(client, event):
    session = make_workshop(make_series(event), title="")
    page = show(client, session)
    assert page.texts(".//h1") == ["Workshop 1A, to be announced"]
    assert "More to be announced" in page.texts(".//h2")
    past = show(client, session, AFTER)
    assert "Not in the record" in past.texts(".//h2")
    assert "will be announced" not in past.main


def test_people_stand_under_what_they_do_chairs_first(client, event):
    session = make_session(event, kind=Kind.PANEL)
    make_appearance(session, make_person("Dee"), role=Role.PANELLIST, order=1)
    make_appearance(session, make_person("Imran Lindley"), role=Role.PANELLIST, order=2)
    make_appearance(session, make_person("Marcia Hale"), role=Role.CHAIR, order=3)
    page = show(client, session)
    people = [
        heading
        for heading in page.headings
        if heading[1] in ("Chair", "Panellists", "Dee", "Imran Lindley", "Marcia Hale")
    ]
    assert people == [(2, "Chair"), (3, "Marcia Hale"), (2, "Panellists"), (3, "Dee"), (3, "Imran Lindley")]


def test_a_person_is_said_with_pronouns_organisation_and_a_little_of_their_life(client, event):
    table = make_organisation("The Long Table")
    marcia = make_person("Marcia Hale", pronouns="she/her", organisation=table, biography="Marcia *plans*.")
    session = make_session(event)
    make_appearance(session, marcia)
    [person] = show(client, session).classed("person", "article")
    assert words(person) == "MH Marcia Hale she/her The Long Table Marcia plans."


def test_materials_are_there_before_and_after_the_day(client, event):
    session = make_session(event, materials="[Slides](https://example.org/slides)")
    for moment in (BEFORE, AFTER):
        assert show(client, session, moment).link("Slides") == "https://example.org/slides"


def test_a_session_without_materials_has_no_heading_for_them(client, event):
    assert "Materials" not in show(client, make_session(event)).texts(".//h2")


def test_a_workshop_names_its_code_its_series_and_its_places(client, event):
    series = make_series(event, 2, theme="How to last")
    page = show(client, make_workshop(series, "B", title="Reserves", capacity=24))
    assert page.title == "2B: Reserves – Annual conference – Clinks"
    assert page.beside("Places") == "24"
    assert page.beside("Workshop series 2") == "How to last"
    assert page.link("Agenda, Workshop series 2").endswith("/agenda/#series-2")


def test_a_cancelled_session_says_so(client, event):
    page = show(client, make_session(event, status=Status.CANCELLED))
    assert "This session is cancelled" in page.texts(".//h2")


def test_a_provisional_time_says_so(client, event):
    assert "Provisional time" in show(client, make_session(event, provisional=True)).main


def test_booking_is_offered_while_it_is_open_and_never_for_a_cancelled_session(client, event):
    event.outside_url = "https://example.org/book"
    save(event)
    session = make_session(event)
    assert "https://example.org/book" in [each.get("href") for each in show(client, session).all(".//main//a")]
    session.status = Status.CANCELLED
    save(session)
    assert "https://example.org/book" not in [each.get("href") for each in show(client, session).all(".//main//a")]


# -- Around it


@pytest.fixture
def day(event):
    """A day of a panel, two parallel workshops, a lunch and a closing."""
    series = make_series(event)
    return {
        "panel": make_session(event, 10, kind=Kind.PANEL, title="Opening"),
        "first": make_workshop(series, "A", 11, title="Reserves"),
        "second": make_workshop(series, "B", 11, title="Art inside"),
        "lunch": make_session(event, 12, kind=Kind.BREAK, title="Lunch"),
        "last": make_session(event, 13, title="Closing"),
    }


def beside(page: Page, relation: str) -> list[tuple[str, str]]:
    """Return the links to the previous (rel prev) or next session."""
    [nav] = page.all(".//nav[@aria-label='Previous and next session']")
    return [
        (words(each), each.get("href").split("/agenda/")[1]) for each in nav.iter("a") if each.get("rel") == relation
    ]


def test_other_workshops_at_this_time_are_named_and_lead_to_their_pages(client, day):
    page = show(client, day["first"])
    assert "Other workshops at this time" in page.texts(".//h2")
    assert [words(each.find(".//h3")) for each in page.classed("card")] == ["Art inside"]
    assert page.link("Art inside").endswith(f"/agenda/{day['second'].slug}/")


def test_a_workshop_that_only_overlaps_is_at_this_time_too_and_one_that_follows_is_not(client, event):
    series, other = make_series(event, 1), make_series(event, 2)
    long = make_workshop(series, "A", 10, title="Long", ends=london(12))
    make_workshop(other, "A", starts=london(11, 30), title="Overlapping")
    make_workshop(other, "B", 12, title="Following")
    assert [words(each.find(".//h3")) for each in show(client, long).classed("card")] == ["Overlapping"]


def test_a_session_with_nothing_beside_it_says_nothing_of_others(client, day):
    assert show(client, day["panel"]).classed("card") == []


def test_previous_and_next_are_named_and_breaks_are_left_out(client, day):
    page = show(client, day["first"])
    assert beside(page, "prev") == [("Opening", f"{day['panel'].slug}/")]
    assert beside(page, "next") == [("Closing", f"{day['last'].slug}/")]


def test_several_that_start_together_are_named_as_their_series(client, day):
    assert beside(show(client, day["panel"]), "next") == [("Workshop series 1", "#series-1")]
    assert beside(show(client, day["last"]), "prev") == [("Workshop series 1", "#series-1")]


def test_the_ends_of_the_programme_say_so(client, day):
    assert "The programme begins here" in show(client, day["panel"]).main
    assert "The programme ends here" in show(client, day["last"]).main


def test_drafts_are_neither_beside_nor_before_nor_after(client, day):
    for name in ("panel", "second", "last"):
        day[name].status = Status.DRAFT
        save(day[name])
    page = show(client, day["first"])
    assert page.classed("card") == []
    assert beside(page, "prev") == beside(page, "next") == []


def test_sessions_of_another_event_are_not_around_it(client, day):
    alone = make_session(make_event("Another"), 11, title="Alone")
    page = show(client, alone)
    assert beside(page, "prev") == beside(page, "next") == [] and page.classed("card") == []


def test_who_has_no_page_is_named_and_no_more(client, programme):
    values = {"pronouns": "she/they", "biography": "A whole life.", "photograph": f"photographs/{'a' * 32}.webp"}
    quiet = make_person("Quiet Person", has_page=False, **values)
    make_appearance(programme.panel, quiet)
    response = client.get(f"/events/{programme.panel.event.slug}/agenda/{programme.panel.slug}/")
    body = response.content.decode()
    assert "Quiet Person" in body
    assert [word for word in ("she/they", "A whole life", "a" * 32) if word in body] == []


@pytest.mark.parametrize(("year", "said"), [(2027, "to be announced"), (2023, "title not in the record")])
def test_a_workshop_without_a_title_promises_none_once_its_day_is_over(client, db, year, said):
    day = datetime.date(year, 6, 16)
    event = make_event("Annual conference", starts=london(9, day=day), ends=london(17, day=day))
    hours = {"starts": london(11, day=day), "ends": london(12, day=day)}
    session = make_workshop(make_series(event), title="", **hours)
    with time_machine.travel(london(9, day=datetime.date(2026, 1, 1)), tick=False):
        response = client.get(f"/events/{event.slug}/agenda/{session.slug}/")
    assert response.content.decode().count(f"Workshop 1A, {said}") >= 2
