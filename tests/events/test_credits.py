"""Who is in a session, as it is said on a page."""

import datetime

import pytest

from events.models import Appearance, Kind, Organisation, Person, Role, Series, Session
from events.wording.credits import by_role, credits_of, joined, parts_words

TODAY = datetime.date(2027, 6, 16)
ORGANISATION = Organisation(name="The Long Table", slug="the-long-table")


def credit(**values):
    return credits_of([Appearance(**{"role": Role.PANELLIST, **values})], TODAY)[0]


def person(name="Dee", **values):
    return Person(name=name, **values)


def test_a_person_is_credited_by_name_with_their_organisation():
    shown = credit(person=person(organisation=ORGANISATION, role="Director"))
    assert (shown.name, shown.role_words, shown.below, shown.has_page) == ("Dee", "Panellist", "The Long Table", True)


def test_a_person_without_an_organisation_is_credited_with_what_they_say_of_themselves():
    assert credit(person=person(role="Speaks from experience")).below == "Speaks from experience"


def test_an_organisation_is_credited_by_its_name():
    shown = credit(organisation=ORGANISATION, role=Role.HOST)
    assert (shown.name, shown.role_words, shown.below, shown.is_person) == ("The Long Table", "Host", "", False)
    assert shown.has_page and shown.organisation is ORGANISATION


@pytest.mark.parametrize("who", [{"person": person()}, {"organisation": ORGANISATION}])
def test_a_wording_stands_instead_of_the_name(who):
    assert credit(wording="Members of the choir", **who).name == "Members of the choir"


def test_a_person_without_a_page_has_a_name_only():
    assert not credit(person=person(has_page=False)).has_page


@pytest.mark.parametrize(("until", "gone"), [(None, False), (TODAY, False), (TODAY - datetime.timedelta(1), True)])
def test_a_person_is_named_to_the_end_of_their_last_day(until, gone):
    shown = credit(person=person(public_until=until), role=Role.CHAIR)
    assert (shown.is_gone, shown.name) == (gone, "Chair, no longer named here" if gone else "Dee")


def test_of_a_person_who_is_gone_nothing_is_left():
    gone = person("Dee", public_until=datetime.date(2020, 1, 1), organisation=ORGANISATION, role="Director")
    shown = credit(person=gone, wording="Dee of the Long Table")
    assert (shown.person, shown.organisation, shown.below, shown.has_page) == (None, None, "", False)
    assert "Dee" not in shown.name


def test_credits_keep_the_order_of_the_appearances():
    appearances = [Appearance(person=person(name), role=Role.PANELLIST) for name in ("Bo", "Al", "Cy")]
    assert [each.name for each in credits_of(appearances, TODAY)] == ["Bo", "Al", "Cy"]


def test_roles_are_grouped_chairs_first_and_counted_in_their_heading():
    roles = [Role.PANELLIST, Role.HOST, Role.CHAIR, Role.PANELLIST]
    groups = by_role(credits_of([Appearance(person=person(), role=role) for role in roles], TODAY))
    assert [(group.heading, len(group.credits)) for group in groups] == [("Chair", 1), ("Panellists", 2), ("Host", 1)]


def test_every_role_has_words_for_one_and_for_several():
    for role in Role:
        one, several = (by_role(credits_of([Appearance(person=person(), role=role)] * n, TODAY))[0] for n in (1, 2))
        assert one.heading == role.label and several.heading == f"{role.label}s"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "", "A", "B"], "A and B"),
    ],
)
def test_names_are_joined_as_in_a_sentence(words, said):
    assert joined(words) == said


def part(role=Role.FACILITATOR, **values):
    if code := values.pop("code", None):
        values |= {"series": Series(number=int(code[0])), "code": code[1]}
    return Appearance(role=role, session=Session(kind=Kind.PANEL, **values))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], ""),
        ([part(code="1A")], "Workshop 1A"),
        ([part(code="1A"), part(code="3C")], "Workshops 1A and 3C"),
        ([part(code="1A"), part(Role.HOST, code="1A")], "Workshop 1A"),
        ([part(Role.CHAIR, label="Morning keynote panel")], "Chair, morning keynote panel"),
        ([part(code="1A"), part(Role.PANELLIST)], "Panellist, panel · workshop 1A"),
    ],
)
def test_what_somebody_does_in_an_event_is_one_line(parts, words):
    assert parts_words(parts) == words


def test_nobody_is_credited_in_no_groups():
    assert by_role(credits_of([], TODAY)) == []
