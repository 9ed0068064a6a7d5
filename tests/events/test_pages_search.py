"""Finding something in the agenda: filters and search, all by the address."""

from urllib.parse import urlencode

import pytest
import time_machine
from django.core.management import call_command

from events.models import Event, Kind
from tests.builders import (
    DAY,
    london,
    make_appearance,
    make_event,
    make_organisation,
    make_person,
    make_series,
    make_session,
    make_workshop,
)
from tests.reading import Page, read, words


def search(client, event: Event, **asked: object) -> Page:
    """Return the agenda as asked for: `q`, `series`, `kind`, `day`, each one or a list."""
    page = read(client.get(f"/events/{event.slug}/agenda/?{urlencode(asked, doseq=True)}"))
    assert page.status == 200
    return page


def found(client, event: Event, **asked: object) -> list[str]:
    """Return the headings of the sessions that were found."""
    return [words(each) for each in search(client, event, **asked).all(".//main//h3")]


@pytest.fixture(scope="module")
def day(looking) -> Event:
    """A day with something of every kind, people and organisations in it."""
    event = make_event()
    money, voice = make_series(event, 1, theme="Sustainability"), make_series(event, 2, theme="Influence")
    reserves = make_workshop(money, "A", 11, title="Reserves and rest", abstract="How **trustees** plan ahead.")
    council = make_workshop(voice, "A", 12, title="Into the council chamber", content_note="Prison is spoken of.")
    panel = make_session(event, 10, kind=Kind.PANEL, title="Where things stand", label="Morning keynote panel")
    make_session(event, 13, kind=Kind.BREAK, title="Lunch")
    table = make_organisation("The Lantern Row Trust")
    make_appearance(reserves, make_person("Ọlájùmọ̀kẹ́ Adébáyọ̀", organisation=table))
    make_appearance(council, make_person("Nguyễn An"), wording="An of the Weft")
    make_appearance(panel, make_organisation("Pont y Bobl"))
    return event


QUERIES = [
    ("olajumoke", ["Reserves and rest"]),
    ("Ọlájùmọ̀kẹ́", ["Reserves and rest"]),
    ("ADEBAYO", ["Reserves and rest"]),
    ("lantern", ["Reserves and rest"]),  # the person's organisation
    ("bobl", ["Where things stand"]),  # an organisation itself
    ("trustee", ["Reserves and rest"]),  # the abstract, another form of the word
    ("reserve", ["Reserves and rest"]),
    ("keynote", ["Where things stand"]),  # the part of the day
    ("prison", ["Into the council chamber"]),  # the content note
    ("weft", ["Into the council chamber"]),  # somebody's own wording
    ("nguyen", ["Into the council chamber"]),
    ("an", ["Into the council chamber"]),  # a name, though it is an English stop word
    ("reserves adebayo", ["Reserves and rest"]),  # words from two places
    ("reserves council", []),
    ("reserves or council", ["Reserves and rest", "Into the council chamber"]),
    ('"council chamber"', ["Into the council chamber"]),
    ('"chamber council"', []),
    ("things -panel", []),
    ("lunch", ["Lunch"]),
    ("  reserves \t rest ", ["Reserves and rest"]),
    ("olaj", ["Reserves and rest"]),  # the beginning of a name
    ("counc", ["Into the council chamber"]),
    ("sustainability", ["Reserves and rest"]),  # the theme of the series
]


@pytest.mark.parametrize(("query", "sessions"), QUERIES)
def test_a_search_finds_titles_abstracts_people_and_organisations(client, day, query, sessions):
    assert found(client, day, q=query) == sessions


@pytest.mark.parametrize("query", ["reserves", "nothing-like-this"])
def test_a_search_says_what_was_searched_for_and_how_much_was_found(client, day, query):
    page = search(client, day, q=query)
    assert page.title == f"Agenda: search for “{query}” – Annual conference – Clinks"
    assert page.tree.find(".//input[@name='q']").get("value") == query
    assert f"“{query}”" in page.main
    assert ("1 session for" in page.main) == (query == "reserves")


def test_an_empty_result_offers_a_way_on(client, day):
    page = search(client, day, q="zebra")
    assert "Nothing matches" in page.texts(".//h2")
    assert page.link("Show the whole agenda") == f"/events/{day.slug}/agenda/"
    assert page.tree.find(".//input[@name='q']").get("value") == "zebra"


@pytest.mark.parametrize("query", ["the and of", "...", '"', "-", "!!", "''", "&|!():*<->", "\\", "%", "_"])
def test_what_holds_no_word_finds_nothing_and_breaks_nothing(client, day, query):
    assert "Nothing matches" in search(client, day, q=query).texts(".//h2")


@pytest.mark.parametrize("query", ["", "   ", "\t\n"])
def test_an_empty_search_is_the_whole_agenda(client, day, query):
    page = search(client, day, q=query)
    assert len(page.all(".//main//h3")) == 4
    assert page.title == "Agenda – Annual conference – Clinks"
    assert not page.is_kept_from_search_engines


def test_a_search_is_not_listed_by_search_engines_and_its_canonical_is_the_agenda(client, day):
    page = search(client, day, q="reserves")
    assert page.is_kept_from_search_engines
    assert page.canonical == f"http://localhost:8000/events/{day.slug}/agenda/"
    assert page.schema is None


def test_somebody_who_is_gone_is_not_found_by_name(client, event):
    make_appearance(make_session(event, 14, title="Late"), make_person("Zora Quill", public_until=DAY))
    with time_machine.travel(london(12)):
        assert found(client, event, q="quill") == ["Late"]
    with time_machine.travel(london(36)):
        assert found(client, event, q="quill") == []


def test_an_organisation_of_somebody_who_is_gone_is_not_found_through_them(client, event):
    weft = make_organisation("Commonweft")
    make_appearance(make_session(event, 14, title="Late"), make_person("Zora", organisation=weft, public_until=DAY))
    with time_machine.travel(london(36)):
        assert found(client, event, q="commonweft") == []


SUPPLIED = [
    ("sample-conference", "olajumoke", "Ọlájùmọ̀kẹ́ Adébáyọ̀"),
    ("sample-conference", "O'Driscoll", "Niamh O’Driscoll-Achebe"),
    ("clinks-annual-conference-2023", "sustainability", "Workshop series 1"),  # nothing of it but the theme is known
]


def test_the_supplied_programmes_are_found_as_they_are_typed(client, db):
    call_command("load_programme", sample=True, verbosity=0)
    for slug, query, found_there in SUPPLIED:
        assert found_there in search(client, Event.objects.get(slug=slug), q=query).main


ADVICE = "Fewer words find more, and so do the first letters of one, from three on."


@pytest.mark.parametrize(
    ("asked", "is_advised"),
    [({"q": "zebra"}, True), ({"q": "zebra", "series": 1}, True), ({"series": 1, "kind": "panel"}, False)],
)
def test_words_are_advised_on_where_words_were_searched_for(client, day, asked, is_advised):
    page = search(client, day, **asked)
    assert "Nothing matches" in page.texts(".//h2") and (ADVICE in page.main) == is_advised


# -- Filters


FILTERS = [
    ({"series": 1}, ["Reserves and rest"]),
    ({"series": [1, 2]}, ["Reserves and rest", "Into the council chamber"]),
    ({"kind": "panel"}, ["Where things stand"]),
    ({"kind": ["panel", "workshop"]}, ["Where things stand", "Reserves and rest", "Into the council chamber"]),
    ({"series": 1, "kind": "panel"}, []),
    ({"series": 2, "q": "council"}, ["Into the council chamber"]),
    ({"series": 1, "q": "council"}, []),
    ({"series": [1, 1, 99, "x"]}, ["Reserves and rest"]),
]


@pytest.mark.parametrize(("asked", "sessions"), FILTERS)
def test_filters_narrow_the_agenda_together(client, day, asked, sessions):
    assert found(client, day, **asked) == sessions


UNKNOWN = [
    {"series": 99}, {"series": "one"}, {"series": "-1"}, {"series": ""}, {"series": "1.0"}, {"series": "٣"},
    {"kind": "break"}, {"kind": "nothing"}, {"day": "2027-06-16"}, {"day": "tomorrow"}, {"day": "2027-13-45"},
    {"colour": "red"}, {"page": "2"},
]  # fmt: skip


@pytest.mark.parametrize("asked", UNKNOWN)
def test_what_makes_no_sense_as_a_filter_is_ignored(client, day, asked):
    page = search(client, day, **asked)
    assert len(page.all(".//main//h3")) == 4
    assert not page.is_kept_from_search_engines


def test_the_form_keeps_what_was_chosen_and_shows_it(client, day):
    page = search(client, day, series=2, kind=["panel", "workshop"])
    ticked = [(each.get("name"), each.get("value")) for each in page.all(".//input[@checked]")]
    assert ticked == [("series", "2"), ("kind", "panel"), ("kind", "workshop")]
    assert page.tree.find(".//details").get("open") is not None


def test_the_form_works_by_get_and_every_control_has_words(client, day):
    [form] = search(client, day).all(".//form")
    assert (form.get("method"), form.get("action")) == ("get", f"/events/{day.slug}/agenda/")
    assert form.find(".//label[@for='q']") is not None
    boxes = form.findall(".//input[@type='checkbox']")
    assert boxes and boxes == [each for label in form.iter("label") for each in label.iter("input")]
    assert len(form.findall(".//legend")) == len(form.findall(".//fieldset"))


def test_the_days_of_an_event_of_several_are_filters(client, db):
    second = DAY.replace(day=17)
    event = make_event(ends=london(17, day=second))
    make_session(event, title="First"), make_session(event, starts=london(10, day=second), title="Second")
    assert found(client, event, day="2027-06-17") == ["Second"]
    assert found(client, event, day=["2027-06-16", "2027-06-17"]) == ["First", "Second"]
    assert found(client, event, day="2027-06-18") == ["First", "Second"]


def test_a_day_is_a_day_where_the_event_is(client, db):
    event = make_event(time_zone="Pacific/Auckland", starts=london(20), ends=london(34 + 24))
    make_session(event, 20, title="In the morning of the 17th there")
    make_session(event, 24 + 11, title="At night of the 17th there")
    assert found(client, event, day="2027-06-17") == ["In the morning of the 17th there", "At night of the 17th there"]
    assert found(client, event, day="2027-06-18") == []


def test_a_filtered_agenda_says_nothing_of_choosing(client, day):
    assert "Choose one" not in search(client, day, series=1).main
