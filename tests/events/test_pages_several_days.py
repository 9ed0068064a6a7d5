"""An event on several days says the day with the hour, however much of it a page shows; one on one day does not."""

import datetime

import pytest
import time_machine

from events.models import Event, Kind
from tests.builders import (
    DAY,
    london,
    make_appearance,
    make_event,
    make_organisation,
    make_person,
    make_session,
    save,
)
from tests.reading import Page, read, words

BEFORE = london(12, day=DAY - datetime.timedelta(days=100))
LAST = DAY + datetime.timedelta(days=2)
TODAY = "Wednesday 16 June 2027"


def show(client, event: Event, below: str) -> Page:
    """Return a page below an event's, as it is long before."""
    with time_machine.travel(BEFORE, tick=False):
        page = read(client.get(f"/events/{event.slug}/{below}"))
    assert page.status == 200
    return page


def programme_of(event: Event) -> Event:
    """Save two sessions: on the event's first day, with somebody in it, and a panel on its last."""
    first = make_session(event, 10, title="Rest", slug="rest", provisional=True)
    table = make_organisation("The Long Table", slug="table")
    make_appearance(first, make_person("Marcia Hale", slug="marcia", organisation=table))
    _, last = event.first_and_last_day
    make_session(event, kind=Kind.PANEL, title="Art", slug="art", starts=london(10, day=last), provisional=True)
    return event


@pytest.fixture
def one_day(db) -> Event:
    """A programme on one day."""
    return programme_of(make_event())


@pytest.fixture
def three_days(db) -> Event:
    """The same on the first and the last of three days."""
    return programme_of(make_event(ends=london(17, day=LAST)))


SAID = [
    ("people/marcia/", "sessions-of", f"{TODAY}, 10am to 11am"),
    ("organisations/table/", "sessions-of", f"{TODAY}, 10am to 11am"),
    ("agenda/?q=rest", "day-name", TODAY),
    ("agenda/art/", "neighbour", f"Before: {TODAY} at 10am"),
    ("", "brief", "Friday 18 June 2027"),
]


@pytest.mark.parametrize(("below", "part", "said"), SAID)
def test_the_day_is_said_wherever_the_hour_is(client, three_days, below, part, said):
    assert said in " ".join(words(each) for each in show(client, three_days, below).classed(part))


@pytest.mark.parametrize("below", sorted({below for below, *_ in SAID}))
def test_one_day_is_said_once(client, one_day, below):
    page = show(client, one_day, below)
    assert (
        page.classed("day-name") == []
        and f"{TODAY} at 10am" not in page.main
        and f"{TODAY}, 10am to" not in ("".join(words(each) for each in page.classed("sessions-of")))
    )


def test_a_programme_that_lies_on_one_day_so_far_is_headed_by_it(client, db):
    event = make_event(ends=london(17, day=LAST))
    make_session(event, title="Rest")
    assert [words(each) for each in show(client, event, "agenda/").classed("day-name")] == [TODAY]


def test_two_breaks_at_one_hour_have_titles_of_their_own(client, three_days):
    for day in (DAY, LAST):
        make_session(three_days, kind=Kind.BREAK, title="Lunch", slug=f"lunch-{day.day}", starts=london(13, day=day))
    titles = [show(client, three_days, f"agenda/lunch-{day.day}/").title.split(" – ")[0] for day in (DAY, LAST)]
    assert titles == [f"Lunch, {TODAY} at 1pm", "Lunch, Friday 18 June 2027 at 1pm"]


def test_what_has_changed_says_the_day(client, three_days):
    session = three_days.sessions.get(slug="rest")
    with time_machine.travel(BEFORE - datetime.timedelta(days=1), tick=False):
        session.starts += datetime.timedelta(minutes=30)
        save(session)
    assert f"Rest, {TODAY} at 10:30am" in show(client, three_days, "changes/").main


@pytest.mark.parametrize(("event", "whole"), [("one_day", "day"), ("three_days", "event")])
def test_calendars_are_offered_the_whole_of_it(client, request, event, whole):
    event = request.getfixturevalue(event)
    assert f"Add the whole {whole} to your calendar" in show(client, event, "agenda/").main
    assert f"The whole {whole} can be subscribed to" in show(client, event, "agenda/rest/").main


@pytest.mark.parametrize(
    ("event", "said"), [("one_day", "The day itself is"), ("three_days", "The days themselves are")]
)
def test_what_is_fixed_is_said_of_as_many_days_as_there_are(client, request, event, said):
    assert f"{said} fixed." in show(client, request.getfixturevalue(event), "agenda/").main


def days_to_choose(page: Page) -> list[str]:
    """Return the words beside the boxes of days."""
    return [words(each) for each in page.all(".//label") if each.find("input[@name='day']") is not None]


def test_only_days_with_sessions_are_filters(client, three_days):
    assert days_to_choose(show(client, three_days, "agenda/")) == ["Wednesday 16 June", "Friday 18 June"]
    assert days_to_choose(show(client, three_days, "agenda/?day=2027-06-18")) == ["Wednesday 16 June", "Friday 18 June"]


def test_where_all_is_on_one_day_there_is_none_to_choose(client, one_day):
    assert days_to_choose(show(client, one_day, "agenda/")) == []
    event = make_event(ends=london(17, day=LAST))
    make_session(event)
    assert days_to_choose(show(client, event, "agenda/")) == []


def test_a_shared_address_of_a_day_that_was_emptied_finds_nothing(client, three_days):
    page = show(client, three_days, "agenda/?day=2027-06-17")
    assert "Nothing matches" in page.texts(".//h2")


@pytest.mark.parametrize("day", ["2027-06-15", "2027-06-19", "20270616", "2027-W24-3", "٢٠٢٧-٠٦-١٦"])
def test_what_is_no_day_of_it_is_ignored(client, three_days, day):
    assert len(show(client, three_days, f"agenda/?day={day}").all(".//main//h3")) == 2


def test_a_long_event_offers_few_days_and_all_that_it_has(client, db):
    event = make_event(ends=london(17, day=DAY + datetime.timedelta(days=60)))
    for later in (0, 40):
        make_session(event, starts=london(10, day=DAY + datetime.timedelta(days=later)))
    assert days_to_choose(show(client, event, "agenda/")) == ["Wednesday 16 June", "Monday 26 July"]


@pytest.mark.parametrize("below", ["agenda/", "agenda/?q=rest&day=2027-06-16"])
def test_several_days_cost_no_more_queries_than_a_page_may(client, three_days, django_assert_max_num_queries, below):
    with django_assert_max_num_queries(12):
        show(client, three_days, below)
