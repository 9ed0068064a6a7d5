"""The text search configurations, and what is searched of a row.

Accents and apostrophes are forgiven, abstracts are stemmed, no name is a stop word, and the last word may be only
the beginning of one.
"""

import unicodedata

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection

from events import search
from events.models import Organisation, Person, Session
from tests.builders import (
    DAY,
    make_appearance,
    make_organisation,
    make_person,
    make_series,
    make_session,
    make_workshop,
)


def finds(model, query, config):
    return model.objects.filter(search=SearchQuery(query, config=config, search_type="websearch")).exists()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Ọlájùmọ̀kẹ́ Adé", "olajumoke"), ("Ọlájùmọ̀kẹ́ Adé", "Ọlájùmọ̀kẹ́"), ("Ọlájùmọ̀kẹ́ Adé", "OLAJUMOKE ade"),
        ("Łukasz Żółć", "lukasz"), ("Nguyễn Thị Hà", "nguyen ha"), ("Gruffŷdd ap Huw", "gruffydd"),
        ("Søren Æbelø", "soren"), ("Do Thi An", "do"), ("Do Thi An", "An"), ("Will Self", "will"), ("أمل", "أمل"),
        ("Anne-Marie O’Neill", "anne-marie"), ("Anne-Marie O’Neill", "marie"),
    ],
)  # fmt: skip
def test_a_name_is_found_without_its_accents_and_whatever_word_it_is(db, name, query, form):
    make_person(name)
    make_organisation(name)
    typed = search.clean(unicodedata.normalize(form, query))
    assert finds(Person, typed, "clinks_names") and finds(Organisation, typed, "clinks_names")


@pytest.mark.parametrize("query", ["ade olu", "-ade"])
def test_another_name_is_not_found(db, query):
    make_person("Ọlájùmọ̀kẹ́ Adé")
    assert not finds(Person, query, "clinks_names")


def answers(session, query):
    """Whether the agenda's search finds the session."""
    return search.matching(Session.objects.filter(pk=session.pk), search.clean(query), DAY).exists()


@pytest.mark.parametrize("name", ["Niamh O’Driscoll-Achebe", "Niamh O'Driscoll-Achebe"])
@pytest.mark.parametrize("make", [make_person, make_organisation])
@pytest.mark.parametrize(
    "query",
    [
        "O'Driscoll", "O’Driscoll", "ODriscoll", "odriscoll", "Niamh O'Driscoll", '"Niamh O’Driscoll"', "o driscoll",
        "Driscoll", "Achebe", "O'Driscoll-Achebe", "odriscoll achebe", "driscoll-achebe", "Niamh", "O’Drisc",
        "O'Driscoll-Ach", "driscoll-ach", "whats O'Driscoll", "O'Driscoll what’s left",
    ],
)  # fmt: skip
def test_a_name_is_found_with_and_without_its_apostrophe(event, make, name, query):
    session = make_session(event, title="What’s left")
    make_appearance(session, make(name))
    assert answers(session, query)


@pytest.mark.parametrize("query", ["niamh", "O’Driscoll", "ODriscoll-Achebe"])
def test_somebodys_own_wording_is_found_so_too(event, query):
    session = make_session(event)
    make_appearance(session, make_person("Ada"), wording="Niamh O’Driscoll-Achebe and friends")
    assert answers(session, query)


@pytest.mark.parametrize(
    "query", ["o'brien", "driscolls", "marie", "O’Driscoll -Achebe", "-O’Driscoll", '"achebe driscoll"', "iscoll"]
)
def test_an_apostrophe_finds_nobody_else(event, query):
    session = make_session(event)
    make_appearance(session, make_person("Mary O’Driscoll-Achebe"))
    assert not answers(session, query)


@pytest.mark.parametrize(
    "query",
    [
        "olaj", "Ọlájù", "gruff", "wilhel", "fund", "sustainab", "lea", "olaj or zebra", "zebra or olaj",
        "gruffydd olaj", "olajumoke lead", "leading olajumoke", "-zebra fund", "trauma-inf", "sustainable lead",
        "the sustainab",
    ],
)  # fmt: skip
def test_the_last_word_is_found_by_its_beginning(event, query):
    session = make_session(event, title="Leading sustainably", abstract="What funders of trauma-informed work want.")
    for name in ("Ọlájùmọ̀kẹ́ Adé", "Gruffŷdd ap Huw"):
        make_appearance(session, make_person(name))
    make_appearance(session, make_organisation("Wilhelmina’s"))
    assert answers(session, query)


@pytest.mark.parametrize(
    "query", ["olaj zebra", "olaj huw", '"olaj"', "-olaj zebra", "le", "th", "unders", "lajumoke", "the", "wil", "an"]
)
def test_no_other_word_and_no_other_part_of_one_is(event, query):
    session = make_session(
        event, title="Leading the others", abstract="You will need an hour. Their funders wanted it."
    )
    make_appearance(session, make_person("Ọlájùmọ̀kẹ́ Adé"))
    assert not answers(session, query)


@pytest.mark.parametrize("query", ["sustainability", "sustain", "sustainab", "needs", "sustainability reserves"])
def test_a_series_is_found_by_its_theme(event, query):
    series = make_series(event, theme="Sustainability and needs")
    assert answers(make_workshop(series, title="Reserves"), query)
    assert not answers(make_session(event, title="Reserves"), query)


@pytest.mark.parametrize(
    "query", ["a " * 200, "'\\ \\' ':* \\\\':*", "abc':*", "abc\\", "abc -- --abc", '"" -"" or or', "o" * 300]
)
def test_no_sign_is_taken_for_more_than_a_sign(event, query):
    assert not answers(make_session(event), query)


def test_a_name_stored_with_separate_accents_past_our_tidying_is_found_too(db):
    person = make_person("x")
    Person.objects.filter(pk=person.pk).update(name=unicodedata.normalize("NFD", "Ọlájùmọ̀kẹ́ Gruffŷdd"))
    assert finds(Person, "olajumoke", "clinks_names") and finds(Person, "gruffydd", "clinks_names")


@pytest.mark.parametrize(
    ("abstract", "query"),
    [
        ("Leading through change", "lead"), ("We lead together", "leading"), ("Anti-racist practice", "racist"),
        ("A café for families", "cafe families"), ("Reserves and rest", "reserve"), ("Men in prisons", "prison"),
    ],
)  # fmt: skip
def test_a_session_is_found_by_the_stem_of_a_word(event, abstract, query):
    make_session(event, title="x", abstract=abstract)
    assert finds(Session, query, "clinks")


@pytest.mark.parametrize("field", ["title", "label", "abstract", "content_note"])
def test_a_session_is_found_by_whatever_it_says(event, field):
    make_session(event, **{"title": "x", field: "Embroidery"})
    assert finds(Session, "embroidery", "clinks")


@pytest.mark.parametrize("field", ["clash_reason", "materials"])
def test_a_session_is_not_found_by_what_it_does_not_say_in_the_programme(event, field):
    make_session(event, **{field: "Embroidery"})
    assert not finds(Session, "embroidery", "clinks")


def test_what_is_searched_follows_a_write_past_every_rule(event):
    session = make_session(event)
    Session.objects.filter(pk=session.pk).update(title="Embroidery")
    assert finds(Session, "embroidery", "clinks")


def lexemes(config, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s))", [config, text])
        return cursor.fetchone()[0]


def test_with_postgresqls_own_configurations_these_would_not_be_found(db):
    assert lexemes("english", "Will An Do") == [] and lexemes("clinks_names", "Will An Do") == ["an", "do", "will"]
    assert lexemes("simple", "Łukasz") == ["łukasz"] and lexemes("clinks_names", "Łukasz") == ["lukasz"]
    assert lexemes("simple", "leading") == ["leading"] and lexemes("clinks", "leading") == ["lead"]


def test_texts_of_several_rows_are_searched_as_one(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_together(to_tsvector('clinks', word)) @@ websearch_to_tsquery('clinks', 'rest adebayo')"
            " FROM unnest(ARRAY['Reserves and rest', 'Adébayọ̀']) word"
        )
        assert cursor.fetchone() == (True,)
