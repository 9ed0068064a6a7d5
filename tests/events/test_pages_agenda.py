"""The agenda, as a visitor reads it."""

import datetime
import itertools
import re

import pytest
import time_machine
from django.core.management import call_command

from events.models import Access, Event, Kind, Status
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
    new_session,
    save,
)
from tests.reading import Page, read, words

BEFORE = london(12, day=DAY - datetime.timedelta(days=100))
AFTER = london(12, day=DAY + datetime.timedelta(days=1))
NEXT_DAY = DAY + datetime.timedelta(days=1)


def agenda(client, event: Event, moment: datetime.datetime = BEFORE) -> Page:
    """Return the agenda as it is at that moment."""
    with time_machine.travel(moment, tick=False):
        page = read(client.get(f"/events/{event.slug}/agenda/"))
    assert page.status == 200
    return page


def slots(page: Page) -> list[str]:
    """Return the heading of each time slot."""
    return [words(each) for each in page.classed("when", "h2")]


@pytest.fixture
def real(db) -> Event:
    """The conference of 2023."""
    call_command("load_programme", verbosity=0)
    return Event.objects.get(slug="clinks-annual-conference-2023")


@pytest.fixture
def sample(db) -> Event:
    """The invented conference that comes."""
    call_command("load_programme", sample=True, verbosity=0)
    return Event.objects.get(slug="sample-conference")


# -- The real day


def test_the_day_of_2023_stands_in_the_order_of_time(client, real):
    assert slots(agenda(client, real)) == [
        "10am to 10:30am", "10:30am to 10:40am", "10:40am to 11:25am", "11:25am to 11:40am",
        "11:40am to 12:25pm: Workshop series 1", "12:35pm to 1:20pm: Workshop series 2", "1:20pm to 1:35pm",
        "1:35pm to 2:25pm", "2:25pm to 3:15pm: Workshop series 3", "3:15pm to 3:25pm", "3:25pm to 3:35pm",
        "3:35pm to 4:35pm", "4:35pm to 5pm",
    ]  # fmt: skip


def test_what_nobody_recorded_of_2023_is_one_panel_for_each_series(client, real):
    page = agenda(client, real)
    assert len(page.classed("awaited")) == 3
    assert page.texts(".//h3").count("Four workshops were planned") == 3
    assert page.classed("card") == []
    assert "member organisation or a sector partner" in page.main


def test_the_past_of_2023_promises_nothing(client, real):
    page = agenda(client, real)
    assert page.classed("notice-past")
    assert "to be announced" not in page.main.lower()
    assert "will be announced" not in page.main
    assert "choose one" not in page.main.lower()
    assert "confirmed" not in page.main and page.main.count("Not recorded") >= 2  # the panels' rooms and access


def test_the_same_day_before_it_comes_announces_what_will_be(client, real):
    page = agenda(client, real, london(9, day=datetime.date(2023, 10, 2)))
    assert page.texts(".//h3").count("Four workshops, to choose one from") == 3
    assert "To be announced" in page.main
    assert "took place" not in page.main


def test_the_performers_of_2023_are_named_in_their_own_wording(client, real):
    assert agenda(client, real).main.count("Members of the National Criminal Justice Arts Alliance") == 2


# -- Structure


@pytest.mark.parametrize("edition", ["real", "sample"])
def test_one_heading_names_the_page_each_slot_and_each_session(client, request, edition):
    event = request.getfixturevalue(edition)
    page = agenda(client, event)
    levels = [level for level, _ in page.headings]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(len(each.findall(".//h2")) == 1 for each in page.classed("slot", "li"))
    assert all(each.findall(".//h3") for each in page.classed("slot", "li"))


def test_every_announced_session_has_a_heading_that_leads_to_it(client, sample):
    page = agenda(client, sample)
    own = {session.slug: session.heading for session in sample.sessions.public() if session.kind != Kind.BREAK}
    found = {each.get("href").rsplit("/", 2)[1]: words(each) for each in page.all(".//h3//a")}
    assert found == own


def test_every_session_says_its_start_and_end_in_text(client, sample):
    page = agenda(client, sample)
    each_says_its_own = [
        *page.classed("card", "article"),
        *page.classed("peak", "div"),
        *page.classed("slot-break", "li"),
    ]
    assert len(each_says_its_own) == sample.sessions.public().count()
    for shown in each_says_its_own:
        assert len(shown.findall(".//time[@datetime]")) == 2, words(shown)
        assert re.search(r"(\d[ap]m|midday|midnight) to (\d|midday|midnight)", words(shown)), words(shown)


def test_every_session_says_its_room_in_text(client, sample):
    page = agenda(client, sample)
    shown = {words(each.find(".//h3")): words(each) for each in page.all(".//li") if len(each.findall(".//h3")) == 1}
    for session in sample.sessions.public().select_related("room"):
        assert session.room.name in shown[session.heading], session


def test_times_for_machines_are_those_of_the_event_with_their_offset(client, event):
    make_session(event, 10, ends=london(10, 45))
    moments = [each.get("datetime") for slot in agenda(client, event).classed("slot") for each in slot.iter("time")]
    assert set(moments) == {"2027-06-16T10:00+01:00", "2027-06-16T10:45+01:00"}


def test_times_are_said_in_the_zone_of_the_event(client, db):
    event = make_event(time_zone="America/New_York")
    make_session(event, 14, ends=london(15, 30))
    assert slots(agenda(client, event)) == ["9am to 10:30am"]


def test_parallel_workshops_stand_side_by_side_under_one_time(client, event):
    series = make_series(event, 1, theme="How to last")
    for code in "ABCD":
        make_workshop(series, code, title=f"Workshop {code}")
    page = agenda(client, event)
    assert slots(page) == ["10am to 11am: Workshop series 1"]
    [row] = page.classed("parallel", "ul")
    assert [words(each) for each in row.iter("h3")] == [f"Workshop {code}" for code in "ABCD"]
    assert "How to last" in page.main and "Choose one of four." in page.main


def test_a_series_of_which_one_is_announced_shows_every_workshop(client, event):
    series = make_series(event)
    make_workshop(series, "A", title="Reserves"), make_workshop(series, "B", title="")
    page = agenda(client, event)
    assert page.classed("awaited") == []
    assert page.texts(".//h3") == ["Reserves", "Workshop 1B, to be announced"]


def test_two_series_at_the_same_time_are_both_named(client, event):
    for number in (1, 2):
        make_workshop(make_series(event, number), "A", title=f"Workshop of {number}")
    page = agenda(client, event)
    assert slots(page) == ["10am to 11am"]
    assert [words(each) for each in page.classed("row-title")] == ["Workshop series 1", "Workshop series 2"]


def test_sessions_without_a_series_that_start_together_are_both_there(client, event):
    make_session(event, 10, title="Walk"), make_session(event, 10, title="Talk", ends=london(12))
    page = agenda(client, event)
    assert page.texts(".//h3") == ["Walk", "Talk"]
    assert "10am to 11am" in page.main and "10am to midday" in page.main


def test_a_series_without_a_time_is_not_forgotten(client, event):
    make_session(event), make_series(event, 2, theme="How to last")
    page = agenda(client, event)
    assert "Times to be announced" in page.texts(".//h2")
    assert "Workshop series 2" in page.main and "How to last" in page.main


def test_a_cancelled_session_stays_and_says_so(client, event):
    make_session(event, title="Walk", status=Status.CANCELLED)
    page = agenda(client, event)
    assert page.texts(".//h3") == ["Walk Cancelled"]
    assert [words(each) for each in page.all(".//s")] == ["Walk"]


def test_a_cancelled_event_says_so_above_its_programme(client, programme):
    programme.event.status = Status.CANCELLED
    save(programme.event)
    assert "This event is cancelled" in agenda(client, programme.event).texts(".//h2")


def test_provisional_times_say_so_until_the_day_is_over(client, event):
    make_session(event, provisional=True)
    assert "Provisional" in agenda(client, event).main
    make_session(event, 12, kind=Kind.PANEL, provisional=True), make_session(event, 14, kind=Kind.PANEL)
    make_workshop(make_series(event), hour=15, title="Rest", provisional=True)
    assert len(agenda(client, event).classed("tag-provisional")) == 4  # above all of them, and at three
    page = agenda(client, event, AFTER)
    assert "how the day ran was not recorded" in page.main and "Provisional" not in page.main


def test_no_more_is_said_of_a_past_programme_than_that_it_was_planned(client, real):
    """Of 2023 the plan is on record, and nothing of how the day went."""
    for below in ("", "agenda/", "agenda/workshop-1a/", "agenda/workshop-2b/", "people/", "changes/"):
        page = read(client.get(f"/events/{real.slug}/{below}"))
        assert page.status == 200
        for claim in ("session took place", "workshops took place", "was led by", "programme took place", "Who spoke"):
            assert claim not in page.main, below
        assert "Provisional" not in page.main and "confirmed" not in page.main, below


def test_a_card_says_who_and_from_where_and_what_is_there(client, event):
    workshop = make_workshop(make_series(event), title="Reserves", bsl=Access.YES, content_note="Prison is spoken of.")
    table = make_organisation("The Long Table")
    make_appearance(workshop, make_person("Marcia Hale", organisation=table), order=1)
    make_appearance(workshop, make_person("Dee"), order=2)
    [card] = agenda(client, event).classed("card")
    assert "Marcia Hale and Dee The Long Table" in words(card)
    assert {"BSL", "Content note"} <= {words(each) for each in card.iter("span")}


def test_the_room_is_said_with_its_floor_and_its_absence_in_words(client, event):
    make_session(event, 10, kind=Kind.PANEL, room=make_room("Heddle Room", floor="First floor"))
    make_session(event, 11, kind=Kind.PANEL)
    facts = [words(each) for each in agenda(client, event).all(".//dl/div")]
    assert [fact for fact in facts if fact.startswith("Time and room")] == [
        "Time and room 10am to 11am Heddle Room, first floor",
        "Time and room 11am to midday Room to be announced",
    ]


# -- No programme, several days


def test_an_event_without_a_programme_says_what_will_come(client, event):
    page = agenda(client, event)
    assert "The programme is still to come" in page.texts(".//h2")
    assert page.link("About the event") == f"/events/{event.slug}/"
    assert page.all(".//form") == []


def test_a_past_event_without_a_programme_promises_none(client, event):
    assert "The programme is not in the record" in agenda(client, event, AFTER).texts(".//h2")


@pytest.fixture
def two_days(db) -> Event:
    """An event on two days with a session on each."""
    event = make_event(ends=london(17, day=NEXT_DAY))
    make_session(event, title="First"), make_session(event, starts=london(10, day=NEXT_DAY), title="Second")
    return event


def test_several_days_are_headed_by_their_dates_and_can_be_jumped_to(client, two_days):
    page = agenda(client, two_days)
    assert [words(each) for each in page.classed("day-name", "h2")] == [
        "Wednesday 16 June 2027", "Thursday 17 June 2027",
    ]  # fmt: skip
    assert page.link("Thursday 17 June 2027") == "#day-2027-06-17"
    assert [each.get("id") for each in page.classed("day-name")] == ["day-2027-06-16", "day-2027-06-17"]


def test_one_day_has_no_heading_of_its_own(client, event):
    make_session(event)
    assert agenda(client, event).classed("day-name") == []


def test_every_address_within_the_page_exists_once(client, sample):
    page = agenda(client, sample)
    anchors = [each.get("id") for each in page.tree.iter() if each.get("id")]
    assert len(anchors) == len(set(anchors))
    assert {href[1:] for _, href in page.links if href.startswith("#")} <= set(anchors)


# -- On the day


@pytest.fixture
def morning(event) -> Event:
    """An event with sessions from 10am to 11am and from 11:30am to 12:30pm."""
    make_session(event, 10, title="First"), make_session(event, starts=london(11, 30), title="Second")
    return event


MOMENTS = [
    (BEFORE, "", ""),
    (london(7, 59), "", ""),
    (london(8), "", "10am"),
    (london(9, 59), "", "10am"),
    (london(10), "10am", "11:30am"),
    (london(10, 59), "10am", "11:30am"),
    (london(11), "", "11:30am"),
    (london(11, 30), "11:30am", ""),
    (london(12, 30), "", ""),
    (AFTER, "", ""),
]


@pytest.mark.parametrize(("moment", "now", "then"), MOMENTS)
def test_now_and_next_stand_out_on_the_day_only(client, morning, moment, now, then):
    page = agenda(client, morning, moment)
    marked = {tag: [words(each).split(" ")[0] for each in page.classed(f"slot-{tag}", "li")] for tag in ("now", "next")}
    assert marked == {"now": [now] if now else [], "next": [then] if then else []}
    assert ("Now" in page.main, "Next" in page.main.replace("Next event", "")) == (bool(now), bool(then))


@pytest.mark.slow
def test_an_agenda_of_a_thousand_sessions_is_one_page(client, db):
    event = make_event(ends=london(17, day=DAY + datetime.timedelta(days=9)))
    series = [make_series(event, number) for number in range(1, 21)]
    save(*(
        new_session(event, kind=Kind.WORKSHOP, series=each, code=code, title=f"Workshop {each.number}{code} {hour}",
                    starts=london(9 + hour, day=DAY + datetime.timedelta(days=each.number % 10)))
        for each in series for hour in range(5) for code in [f"{a}{'ABCDE'[hour]}" for a in "ABCDEFGHIJ"]
    ))  # fmt: skip
    page = agenda(client, event)
    assert len(page.classed("card")) == 1000
