"""How long a text and how far away a date may be: refused in words on every path, before it can break a page."""

import datetime
import zoneinfo

import pytest
from django.db import DataError, OperationalError, transaction

from events.changes import Refused
from events.limits import LONGEST_TEXT
from events.models import Event, Organisation, Person, Room, Session, Venue
from tests.builders import london, make_event, make_person, make_session, new_session, save


def sentences(row):
    with pytest.raises(Refused) as refused:
        save(row)
    return [problem.message for problem in refused.value.problems]


# Different words of which PostgreSQL's index would be larger than it can be.
WORDS = " ".join(f"word{number}" for number in range(150_000))


def test_a_text_that_postgresql_could_not_index_is_refused_in_words(event):
    said = sentences(new_session(event, abstract=WORDS))
    assert said == [f"Abstract: at most 20,000 characters, and this has {len(WORDS):,}."]
    assert not Session.objects.exists()


def test_past_the_limit_postgresql_would_refuse_it_with_an_error_of_its_own(event):
    session = make_session(event)
    with pytest.raises(OperationalError, match="too long for tsvector"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(abstract=WORDS)


def test_the_longest_text_is_indexed(event):
    text = WORDS[:LONGEST_TEXT]
    assert make_session(event, abstract=text, materials=text).pk


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (Person(name="x" * 201), "Name: at most 200 characters, and this has 201."),
        (Organisation(name="x", url="x" * 201), "Website: at most 200 characters, and this has 201."),
        (Venue(name="x", address="x" * 20_001), "Address: at most 20,000 characters, and this has 20,001."),
        (Room(name="x", floor="x" * 81, venue=Venue()), "Floor: at most 80 characters, and this has 81."),
        (Event(title="x", slug="x" * 81), "Address on this site: at most 80 characters, and this has 81."),
    ],
)
def test_a_text_longer_than_its_column_is_refused_in_words(db, row, sentence):
    assert sentence in sentences(row)


def test_a_refusal_stands_beside_its_field(event):
    with pytest.raises(Refused) as refused:
        save(session := new_session(event, title="x" * 201))
    assert [(problem.about, problem.field) for problem in refused.value.problems] == [(session, "title")]


NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
FAR = datetime.datetime(9999, 12, 31, 23, 59, tzinfo=NEW_YORK)


def test_a_date_that_could_not_be_read_back_is_refused_in_words(db):
    said = sentences(Event(title="x", starts=london(9), ends=FAR))
    assert said == ["Ends: the year has to be between 1900 and 2200."]


def test_past_the_limit_such_a_date_would_break_every_list_of_events(event):
    Event.objects.filter(pk=event.pk).update(ends=FAR)
    with pytest.raises(DataError, match="after year 10K"), transaction.atomic():
        list(Event.objects.all())


@pytest.mark.parametrize("year", [1, 1899, 2201, 9999])
@pytest.mark.parametrize("name", ["starts", "booking_opens", "booking_closes", "sorts_at"])
def test_no_date_of_an_event_is_out_of_the_calendar(event, name, year):
    setattr(event, name, london(9).replace(year=year))
    assert any("the year has to be between" in sentence for sentence in sentences(event))


@pytest.mark.parametrize("year", [1900, 2200])
def test_the_first_and_the_last_year_are_fine(db, year):
    assert make_event(starts=london(9).replace(year=year), ends=london(17).replace(year=year)).pk


def test_a_persons_last_day_may_be_any_day_but_a_mistyped_one(db):
    assert make_person(public_until=datetime.date(2027, 1, 1)).pk
    assert sentences(Person(name="x", public_until=datetime.date(20, 1, 1)))
