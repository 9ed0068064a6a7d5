"""Loading the programme that comes with the site: once, and never against what staff did since."""

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from events import changes
from events.loading import PROGRAMMES, FileProblem, load_all
from events.loading.days import AHEAD, sample_day
from events.models import Appearance, Event, FormerSlug, Organisation, Person, Room, Session, Venue

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
DAY_AFTER = datetime.datetime(2027, 11, 25, 9, tzinfo=datetime.UTC)
REAL = "clinks-annual-conference-2023"
SAMPLE = "sample-conference"


def run(*options: str) -> str:
    """Run the command and return what it printed."""
    said = io.StringIO()
    call_command("load_programme", *options, stdout=said)
    return said.getvalue()


def everything() -> dict[str, list]:
    """Every row of every table of the programme, the history's and the memory's too."""
    return {
        model.__name__: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_app_config("events").get_models()
    }


@pytest.fixture(scope="module")
def loaded_once(looking: None) -> None:
    """The real programme and the sample, loaded at NOW, for all tests that begin with them."""
    load_all(NOW, sample=True)


@pytest.fixture
def loaded(loaded_once: None, undone: None) -> None:
    """The real programme and the sample; what the test does with them is undone."""


# -- The command


@pytest.mark.django_db
def test_the_command_loads_the_real_programme_into_an_empty_database() -> None:
    said = run()
    assert "Loaded “Clinks annual conference 2023”, Wednesday 22 November 2023: 22 sessions, 1 organisation.\n" in said
    assert [event.slug for event in Event.objects.in_order()] == [
        "ai-and-the-future-of-technology-in-the-black-community",
        REAL,
        "ma-in-people-and-organisation-development-virtual-open-day",
    ]


@pytest.mark.django_db
def test_without_the_option_no_run_makes_the_sample_or_anyone_in_it() -> None:
    run()
    run()
    assert not Event.objects.filter(is_sample=True).exists()
    assert not Person.objects.exists()
    assert not Venue.objects.filter(name="Loom House").exists()


@pytest.mark.django_db
def test_with_the_option_the_sample_comes_too_even_later() -> None:
    run()
    said = run("--sample")
    assert said.endswith("3 events were loaded before: left as they are.\n")
    assert Event.objects.get(slug=SAMPLE).is_sample


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_with_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise FileProblem("wrong.toml, event: the key “title” is missing.")

    monkeypatch.setattr("events.management.commands.load_programme.load_all", refuse)
    with pytest.raises(CommandError, match=r"Nothing was loaded\. wrong\.toml, event: the key “title” is missing\."):
        run()


# -- Loading again


def test_loading_again_changes_no_row_and_writes_no_history(loaded: None) -> None:
    before = everything()
    lines = load_all(NOW + datetime.timedelta(days=30), sample=True)
    assert everything() == before
    assert lines == ["4 events were loaded before: left as they are."]


def edit(row: object, **values: object) -> None:
    """Save new values as staff do."""
    for name, value in values.items():
        setattr(row, name, value)
    changes.apply(saves=[row])


def test_what_staff_edited_is_kept(loaded: None) -> None:
    edit(Event.objects.get(slug=REAL), summary="Ours.")
    edit(Session.objects.get(event__slug=REAL, slug="workshop-1a"), title="A title at last")
    edit(Person.objects.get(slug="dee"), biography="")
    edit(Room.objects.get(name="Bobbin Room"), capacity=12)
    before = everything()
    load_all(NOW, sample=True)
    assert everything() == before


def test_what_staff_gave_another_address_stays_there_and_is_not_made_twice(loaded: None) -> None:
    edit(Event.objects.get(slug=REAL), slug="conference-2023")
    edit(Event.objects.get(slug=SAMPLE), slug="try-it-out")
    edit(Person.objects.get(slug="dee"), slug="d")
    before = everything()
    load_all(NOW, sample=True)
    assert everything() == before


def deletions() -> list[Callable[[], object]]:
    """What staff may delete."""
    return [
        lambda: Session.objects.get(event__slug=REAL, slug="workshop-1a"),
        lambda: Person.objects.get(slug="dee"),
        lambda: Organisation.objects.get(slug="national-criminal-justice-arts-alliance"),
        lambda: Event.objects.get(slug=REAL),
        lambda: Event.objects.get(slug=SAMPLE),
        lambda: Event.objects.get(slug="ai-and-the-future-of-technology-in-the-black-community"),
    ]


@pytest.mark.parametrize("find", deletions(), ids=["session", "person", "organisation", "event", "sample", "listing"])
def test_what_staff_deleted_is_not_brought_back(loaded: None, find: Callable[[], object]) -> None:
    changes.apply(deletes=[find()])
    before = everything()
    load_all(NOW, sample=True)
    load_all(DAY_AFTER)
    assert everything() == before


@pytest.mark.django_db
def test_an_event_that_staff_made_at_the_same_address_is_left_alone() -> None:
    changes.apply(saves=[Event(title="Ours", slug=REAL, starts=NOW, ends=NOW + datetime.timedelta(hours=1))])
    lines = load_all(NOW)
    assert f"“Clinks annual conference 2023” is not loaded: another event has the address {REAL}." in lines
    assert Event.objects.get(slug=REAL).title == "Ours"


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_load_everything_once() -> None:
    said: list[list[str]] = []

    def load() -> None:
        said.append(load_all(NOW, sample=True))
        connection.close()

    threads = [Thread(target=load), Thread(target=load)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = said
    assert all(line.startswith("Loaded") for line in first)
    assert second == ["4 events were loaded before: left as they are."]


# -- The sample, always in the future


def test_the_sample_is_to_come_and_can_be_booked_until_a_week_before(loaded: None) -> None:
    sample = Event.objects.get(slug=SAMPLE)
    zone = sample.zone
    assert sample.title == "Clinks annual conference 2027 (sample)"
    assert sample.starts.astimezone(zone) == datetime.datetime(2027, 11, 24, 10, tzinfo=zone)
    assert sample.ends.astimezone(zone) == datetime.datetime(2027, 11, 24, 17, tzinfo=zone)
    assert sample.booking_opens < NOW
    assert sample.booking_closes.astimezone(zone) == datetime.datetime(2027, 11, 17, 17, tzinfo=zone)


def test_the_day_of_the_sample_is_a_wednesday_in_late_november_far_enough_ahead() -> None:
    for number in range(4 * 366):
        today = datetime.date(2026, 1, 1) + datetime.timedelta(days=number)
        day = sample_day(today)
        assert (day.month, day.isoweekday()) == (11, 3)
        assert 22 <= day.day <= 28
        assert AHEAD <= day - today < AHEAD + datetime.timedelta(days=372)


def test_until_its_day_has_passed_the_sample_stays(loaded: None) -> None:
    before = everything()
    load_all(Event.objects.get(slug=SAMPLE).ends - datetime.timedelta(seconds=1), sample=True)
    assert everything() == before


def test_after_its_day_a_new_sample_takes_the_address_and_the_old_one_gets_a_date(loaded: None) -> None:
    lines = load_all(DAY_AFTER, sample=True)
    old, new = Event.objects.filter(is_sample=True).order_by("starts")
    assert (old.slug, new.slug) == ("sample-conference-2027-11-24", SAMPLE)
    assert new.title == "Clinks annual conference 2028 (sample)"
    assert "“Clinks annual conference 2027 (sample)” is over: it is now at sample-conference-2027-11-24." in lines
    assert old.sessions.count() == new.sessions.count() == 22
    assert not FormerSlug.objects.filter(kind="event", slug=SAMPLE).exists()
    assert Person.objects.count() == 15


def test_the_new_sample_can_itself_be_loaded_again_and_pass(loaded: None) -> None:
    load_all(DAY_AFTER, sample=True)
    before = everything()
    load_all(DAY_AFTER, sample=True)
    assert everything() == before
    load_all(DAY_AFTER.replace(year=2028), sample=True)
    assert Event.objects.filter(is_sample=True).count() == 3


def test_without_the_option_a_past_sample_stays_where_it_is(loaded: None) -> None:
    before = everything()
    load_all(DAY_AFTER)
    assert everything() == before


def test_a_new_sample_takes_people_as_staff_left_them(loaded: None) -> None:
    edit(Person.objects.get(slug="sian-gruffydd"), slug="sian", name="Siân")
    changes.apply(deletes=[Person.objects.get(slug="dee"), Organisation.objects.get(slug="gatefold")])
    load_all(DAY_AFTER, sample=True)
    new = Appearance.objects.filter(session__event__slug=SAMPLE)
    assert not Person.objects.filter(slug__in=["dee", "sian-gruffydd"]).exists()
    assert new.get(person__slug="sian").session.full_code == "1B"
    assert new.filter(session__slug="support-in-more-than-one-language").count() == 1
    assert not Organisation.objects.filter(slug="gatefold").exists()


def test_a_new_sample_does_without_a_room_that_staff_deleted(loaded: None) -> None:
    changes.apply(deletes=[Event.objects.get(slug=SAMPLE).sessions.get(slug="core-costs")])
    for session in Session.objects.filter(room__name="Bobbin Room"):
        edit(session, room=None)
    changes.apply(deletes=[Room.objects.get(name="Bobbin Room")])
    load_all(DAY_AFTER, sample=True)
    assert Session.objects.get(event__slug=SAMPLE, slug="core-costs").room is None


def test_a_past_sample_that_staff_moved_or_made_real_keeps_its_address(loaded: None) -> None:
    edit(Event.objects.get(slug=SAMPLE), is_sample=False)
    before = everything()
    load_all(DAY_AFTER, sample=True)
    assert everything() == before


@pytest.mark.django_db
def test_nobody_real_is_given_the_workshops_of_a_namesake() -> None:
    dee = Person(name="Dee", slug="dee", biography="A real person.")
    changes.apply(saves=[dee])
    load_all(NOW, sample=True)
    load_all(DAY_AFTER, sample=True)
    assert not dee.appearances.exists()
    assert Person.objects.filter(name="Dee").count() == 2


# -- Files that are wrong

GOOD = """
[event]
slug = "a-day"
title = "A day"
day = 2027-05-05
starts = 10:00:00
ends = 17:00:00

[venue]
slug = "hall"
name = "Hall"
address = "1 Example Street"

[[rooms]]
name = "Room 1"

[[people]]
slug = "dee"
name = "Dee"

[[sessions]]
slug = "talk"
kind = "panel"
title = "Talk"
starts = 10:00:00
ends = 11:00:00
room = "Room 1"

[[sessions.appearances]]
person = "dee"
role = "chair"
"""

WRONG = [
    ("[event]", "[event", "this is not valid TOML: Expected ']'"),
    ("[venue]", "[venu]", "the key “venu” is not known. Known are: event, organisations, people"),
    ("[venue]", "[venue]\nphone = 1", "day.toml, venue: the key “phone” is not known."),
    ('title = "A day"', "", "day.toml, event: the key “title” is missing."),
    ("day = 2027-05-05", "", "day.toml, event: the key “day” is missing."),
    ("day = 2027-05-05", "day = 2027-05-05\nis_sample = true", "a sample has no “day”"),
    ("day = 2027-05-05", 'day = "5 May"', "day.toml, event: “day” has to be a date such as 2027-11-24."),
    ("day = 2027-05-05", 'day = 2027-05-05\ntime_zone = "London"', "“time_zone” is “London”, which is no time zone."),
    ("day = 2027-05-05", 'day = 2027-05-05\noutside_url = "book here"', "day.toml, event, “a-day”: “outside_url”"),
    ("ends = 17:00:00", "ends = 09:00:00", "“ends”: The event has to end after it starts."),
    ("ends = 11:00:00", "ends = 18:00:00", "day.toml: “Talk” is not within the event"),
    ('kind = "panel"', 'kind = "talk"', "day.toml, sessions, “talk”: “kind”"),
    ('kind = "panel"', 'kind = "workshop"', "day.toml, sessions, “talk”: “series”: A workshop belongs to a series"),
    ('kind = "panel"', 'kind = "panel"\nkinds = 1', "day.toml, sessions, number 1 (“talk”): the key “kinds”"),
    ('room = "Room 1"', 'room = "Room 2"', "sessions, “talk”: “room” is “Room 2”, which is not among the rooms"),
    ('person = "dee"', 'person = "dum"', "“person” is “dum”, which is not among the people of this file."),
    ('person = "dee"', "", "each names a “person” or an “organisation”, one of the two."),
    (
        'name = "Dee"',
        'name = "Dee"\n\n[[people]]\nslug = "dee"\nname = "Dee"',
        "people, “dee”: this stands in the file",
    ),
    ('role = "chair"', 'role = "boss"', "“role”"),
    ('[venue]\nslug = "hall"\nname = "Hall"\naddress = "1 Example Street"', "", "there are “rooms” but no “venue”"),
]


@pytest.mark.django_db
def test_a_file_that_is_right_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "day.toml").write_text(GOOD)
    assert load_all(NOW, folder=tmp_path) == ["Loaded “A day”, Wednesday 5 May 2027: 1 session, 1 person."]


@pytest.mark.django_db
@pytest.mark.parametrize(("right", "wrong", "sentence"), WRONG, ids=[each[2][:40] for each in WRONG])
def test_a_file_that_is_wrong_is_refused_in_words(tmp_path: Path, right: str, wrong: str, sentence: str) -> None:
    assert right in GOOD
    (tmp_path / "a-good-one.toml").write_text(GOOD.replace("a-day", "another-day").replace('"dee"', '"dum-dum"'))
    (tmp_path / "day.toml").write_text(GOOD.replace(right, wrong, 1))
    with pytest.raises(FileProblem) as refused:
        load_all(NOW, folder=tmp_path)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("day.toml")
    assert not Event.objects.exists()


def test_every_file_of_the_folder_is_one_event() -> None:
    assert len(list(PROGRAMMES.glob("*.toml"))) == 4
