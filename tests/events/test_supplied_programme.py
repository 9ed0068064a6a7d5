"""What the supplied programme says: equal to the record, true, and well written."""

import datetime
import itertools
import tomllib
import unicodedata
from collections.abc import Iterator

import pytest

from events.loading import PROGRAMMES, load_all
from events.models import Access, Appearance, Event, Kind, Organisation, Person, Role, Session, Status

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
FILES = sorted(PROGRAMMES.glob("*.toml"))
NOT_YET = None  # a workshop without a title

MORNING = "The current state of racial inequity in the criminal justice system"
AFTERNOON = "What’s the solution? Let’s make race and justice everybody’s business and commit to taking action together"
TIMETABLE = [
    ("10:00", "10:30", "break", "Arrival, registration and refreshments"),
    ("10:30", "10:40", "plenary", "Welcome"),
    ("10:40", "11:25", "panel", MORNING),
    ("11:25", "11:40", "break", "Break"),
    *[("11:40", "12:25", "workshop", f"1{code}") for code in "ABCD"],
    *[("12:35", "13:20", "workshop", f"2{code}") for code in "ABCD"],
    ("13:20", "13:35", "performance", "Performance"),
    ("13:35", "14:25", "break", "Networking lunch"),
    *[("14:25", "15:15", "workshop", f"3{code}") for code in "ABCD"],
    ("15:15", "15:25", "break", "Break"),
    ("15:25", "15:35", "performance", "Performance"),
    ("15:35", "16:35", "panel", AFTERNOON),
    ("16:35", "17:00", "plenary", "Closing words and networking"),
]
THEMES = [
    "Sustainability within the criminal justice system for organisations led by/for racially minoritised people",
    "Understanding the needs of racially minoritised people and the importance of providing trauma informed,"
    " culturally sensitive support",
    "How to influence the criminal justice system and achieve better outcomes for racially minoritised people",
]


@pytest.fixture(scope="module")
def loaded(looking: None) -> None:
    """All that is supplied, loaded once: these tests only look."""
    load_all(NOW, sample=True)


@pytest.fixture
def real(loaded: None) -> Event:
    """The conference of 2023."""
    return Event.objects.get(slug="clinks-annual-conference-2023")


@pytest.fixture
def sample(loaded: None) -> Event:
    """The invented edition."""
    return Event.objects.get(slug="sample-conference")


def timetable(event: Event) -> list[tuple[str, str, str, str]]:
    """The event's sessions as a timetable; a workshop goes by its code, a performance by its kind."""

    def clock(moment: datetime.datetime) -> str:
        return f"{moment.astimezone(event.zone):%H:%M}"

    return [
        (
            clock(each.starts),
            clock(each.ends),
            each.kind,
            each.full_code or (each.get_kind_display() if each.kind == Kind.PERFORMANCE else each.title),
        )
        for each in event.sessions.select_related("series").in_order()
    ]


# -- 2023


def test_the_facts_of_2023(real: Event) -> None:
    assert real.strapline == "Making race and justice everybody’s business"
    assert real.starts.astimezone(real.zone) == datetime.datetime(2023, 11, 22, 10, tzinfo=real.zone)
    assert real.ends.astimezone(real.zone) == datetime.datetime(2023, 11, 22, 17, tzinfo=real.zone)
    assert real.venue.address_lines == ["356 Holloway Road", "London", "N7 6PA"]
    assert real.price_words == "From £50"
    assert "30 October 2023" in real.audience
    assert (real.organiser, real.status, real.is_sample) == ("Clinks", Status.PUBLISHED, False)


def test_the_timetable_of_2023(real: Event) -> None:
    assert timetable(real) == TIMETABLE
    assert all(session.provisional and session.status == Status.PUBLISHED for session in real.sessions.all())
    assert [series.theme for series in real.series.all()] == THEMES


def test_what_was_not_announced_in_2023_is_left_open(real: Event) -> None:
    workshops = real.sessions.filter(kind=Kind.WORKSHOP)
    assert {session.title for session in workshops} == {""}
    assert workshops.order_by("slug")[0].slug == "workshop-1a"
    assert {(session.bsl, session.live_captions, session.room) for session in real.sessions.all()} == {
        (Access.UNKNOWN, Access.UNKNOWN, None)
    }
    assert not real.venue.rooms.exists()
    assert [real.contact_email, real.contact_phone, real.outside_url, real.capacity, real.venue.latitude] == [
        "", "", "", None, None,
    ]  # fmt: skip


def test_the_only_names_in_2023_are_the_performers(real: Event) -> None:
    named = Appearance.objects.filter(session__event=real)
    assert {(each.session.kind, each.role, str(each)) for each in named} == {
        (Kind.PERFORMANCE, Role.PERFORMER, "Members of the National Criminal Justice Arts Alliance")
    }
    assert named.count() == 2


def test_the_neighbours_stand_just_before_and_after_without_a_date(real: Event) -> None:
    before, middle, after = Event.objects.filter(is_sample=False).in_order()
    assert middle == real
    assert before.title == "AI and the Future of Technology in the Black Community"
    assert after.title == "MA in People and Organisation Development Virtual Open Day"
    for each in (before, after):
        assert (each.is_listing, each.starts, each.outside_url) == (True, None, "")


# -- The sample


def test_the_sample_has_the_same_day_panels_and_themes(sample: Event) -> None:
    assert timetable(sample) == TIMETABLE
    assert [series.theme for series in sample.series.all()] == THEMES


def test_everything_in_the_sample_is_told_in_full(sample: Event) -> None:
    for workshop in sample.sessions.filter(kind=Kind.WORKSHOP):
        assert workshop.title
        assert workshop.abstract.count("\n\n") >= 1
        assert workshop.room.venue.name == "Loom House"
        assert workshop.places
        assert workshop.appearances.exists()
    for panel in sample.sessions.filter(kind=Kind.PANEL):
        assert [each.role for each in panel.appearances.all()].count(Role.CHAIR) == 1


def test_everybody_in_the_sample_is_invented_and_says_so(sample: Event) -> None:
    assert Person.objects.count() == 15
    for person in Person.objects.all():
        assert "Invented for this sample." in person.biography
        assert {each.session.event for each in person.appearances.all()} == {sample}
    for organisation in Organisation.objects.exclude(slug="national-criminal-justice-arts-alliance"):
        assert "An organisation invented for this sample." in organisation.description
        assert organisation.url == ""


def test_nobody_is_in_two_sessions_at_once_and_no_reason_was_needed(sample: Event) -> None:
    named = Appearance.objects.filter(session__event=sample).select_related("session")
    for one, two in itertools.combinations(named, 2):
        apart = one.session.ends <= two.session.starts or two.session.ends <= one.session.starts
        same = one.person_id == two.person_id and one.organisation_id == two.organisation_id
        assert apart or not same
    assert not named.exclude(clash_reason="").exists()
    assert max(person.appearances.count() for person in Person.objects.all()) >= 3


def test_the_sample_shows_every_answer_about_access(sample: Event) -> None:
    rooms = sample.venue.rooms.all()
    sessions = Session.objects.filter(event=sample)
    assert {room.step_free for room in rooms} == {Access.YES, Access.NO}
    assert {room.hearing_loop for room in rooms} == {Access.YES, Access.NO, Access.UNKNOWN}
    assert {session.bsl for session in sessions} == set(Access)
    assert {session.live_captions for session in sessions} == set(Access)
    assert sessions.exclude(content_note="").count() >= 2
    assert sessions.exclude(materials="").count() == 1


def test_dee_speaks_from_experience_and_has_no_page(sample: Event) -> None:
    dee = Person.objects.get(name="Dee")
    assert (dee.has_page, dee.searchable, dee.organisation) == (False, False, None)


def test_names_sort_as_their_owners_would_look_for_them(sample: Event) -> None:
    names = [person.name for person in Person.objects.all()]
    assert names.index("Ọlájùmọ̀kẹ́ Adébáyọ̀") < names.index("Comfort Asante-Brew")
    assert names.index("Siân Gruffŷdd") < names.index("Nguyễn Thị Hà") < names.index("Niamh O’Driscoll-Achebe")
    assert names[-1] == "Łukasz Żółć"


# -- The words


def texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Every text below this value, with the way to it."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(each, f"{where}.{key}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_words_are_set_as_a_printer_would_set_them(path: object) -> None:
    for where, text in texts(tomllib.loads(path.read_text()), path.name):
        assert "'" not in text, where
        assert '"' not in text, where
        assert " - " not in text and "..." not in text and "  " not in text, where
        assert unicodedata.is_normalized("NFC", text), where


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_people_are_called_what_clinks_calls_them(path: object) -> None:
    words = path.read_text().casefold()
    assert not [bad for bad in ("bame", "bme ", "offender", "ethnic minorit", "minority ethnic") if bad in words]
