"""People and organisations: lists, one of each, and what somebody may ask for about themselves."""

import datetime

import pytest
import time_machine

from events.models import Appearance, Person, Status
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
    save,
)
from tests.reading import Page, read, words


def show(client, event, below: str) -> Page:
    """Return a page below the event's."""
    page = read(client.get(f"/events/{event.slug}/{below}"))
    assert page.status == 200
    return page


def listed(client, event, of: str = "people") -> list[str]:
    """Return the names in a list of people or organisations."""
    return [words(each.find("*")) for each in show(client, event, f"{of}/").all(".//ul[@class='names']/li")]


# -- Lists


def test_people_are_listed_by_their_last_name_or_as_they_are_filed(client, event):
    session = make_session(event)
    for name, filed in (("Łukasz Żółć", ""), ("Nguyễn Thị Hà", "Nguyễn"), ("Dee", ""), ("Ọlájùmọ̀kẹ́ Adébáyọ̀", "")):
        make_appearance(session, make_person(name, sort_name=filed))
    assert listed(client, event) == ["Ọlájùmọ̀kẹ́ Adébáyọ̀", "Dee", "Nguyễn Thị Hà", "Łukasz Żółć"]


def test_a_list_says_what_each_does(client, event):
    series, person = make_series(event), make_person("Marcia Hale", organisation=make_organisation("The Long Table"))
    make_appearance(make_workshop(series, "A", 10), person)
    make_appearance(make_session(event, 12, label="Closing panel"), person)
    [row] = show(client, event, "people/").all(".//ul[@class='names']/li")
    assert words(row) == "Marcia Hale The Long Table · closing panel, workshop 1A"


def test_organisations_are_listed_those_of_people_too(client, event):
    session = make_session(event)
    make_appearance(session, make_organisation("Pont y Bobl"))
    make_appearance(session, make_person(organisation=make_organisation("The Long Table", sort_name="Long Table, The")))
    make_organisation("Nobody’s")
    assert listed(client, event, "organisations") == ["The Long Table", "Pont y Bobl"]


def test_an_event_lists_only_its_own(client, event):
    make_appearance(make_session(make_event("Another")), make_person("Marcia Hale"))
    page = show(client, event, "people/")
    assert "Marcia" not in page.words
    assert "The names are still to come" in page.texts(".//h2")


def test_a_past_event_without_names_promises_none(client, event):
    with time_machine.travel(london(36)):
        assert "The names are not in the record" in show(client, event, "people/").texts(".//h2")
        assert "The organisations are not in the record" in show(client, event, "organisations/").texts(".//h2")


def test_a_long_list_has_pages_with_addresses_and_titles_of_their_own(client, event):
    session, people = make_session(event), [Person(name=f"Person {number:02}") for number in range(61)]
    save(*people, *(Appearance(session=session, person=each) for each in people))
    first, second = show(client, event, "people/"), show(client, event, "people/?page=2")
    assert first.link("Next page") == "?page=2" and second.link("Previous page") == "?page=1"
    assert second.title == "People, page 2 – Annual conference – Clinks"
    assert second.canonical.endswith("/people/?page=2") and not first.canonical.endswith("?page=1")


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "1.0", "٢", "99999999999999999999", "", " 1", "last"])
@pytest.mark.parametrize("of", ["people", "organisations"])
def test_a_page_that_a_list_does_not_have_is_not_found(client, event, of, number):
    assert client.get(f"/events/{event.slug}/{of}/", {"page": number}).status_code == 404


# -- One


def test_a_person_has_a_page_of_what_they_do(client, event):
    person = make_person(
        "Marcia Hale", role="Director", pronouns="she/her", organisation=make_organisation("The Long Table"),
        biography="Marcia *plans*.",
    )  # fmt: skip
    workshop = make_workshop(make_series(event), title="Reserves")
    make_appearance(workshop, person)
    page = show(client, event, "people/marcia-hale/")
    assert page.texts(".//h1") == ["Marcia Hale"]
    assert all(said in page.main for said in ("Director", "The Long Table", "she/her", "Marcia plans."))
    assert page.link("Reserves") == f"/events/{event.slug}/agenda/{workshop.slug}/"
    assert page.link("The Long Table") == f"/events/{event.slug}/organisations/the-long-table/"
    assert page.named("description") == "Marcia plans."


def test_a_person_without_a_photograph_has_their_initials(client, event):
    make_appearance(make_session(event), make_person("Ọlájùmọ̀kẹ́ Adébáyọ̀"))
    [portrait] = show(client, event, "people/olajumoke-adebayo/").classed("initials")
    assert (words(portrait), portrait.get("aria-hidden")) == ("ỌA", "true")


def test_a_draft_session_is_not_on_a_persons_page(client, event):
    person = make_person("Marcia Hale")
    make_appearance(make_session(event, 10, title="Shown"), person)
    make_appearance(make_session(event, 12, title="Hidden", status=Status.DRAFT), person)
    page = show(client, event, "people/marcia-hale/")
    assert "Shown" in page.main and "Hidden" not in page.words


def test_an_organisation_has_a_page_of_its_people_and_sessions(client, event):
    table = make_organisation("The Long Table", kind="member", url="https://example.org", description="We *eat*.")
    make_appearance(make_session(event, 10, title="By itself"), table)
    make_appearance(make_session(event, 12, title="Through Marcia"), make_person("Marcia Hale", organisation=table))
    page = show(client, event, "organisations/the-long-table/")
    assert page.link("Website of The Long Table") == "https://example.org"
    assert page.link("Marcia Hale") == f"/events/{event.slug}/people/marcia-hale/"
    assert "Member" in page.main and "We eat." in page.main
    assert [each for each in page.texts(".//h3") if each in ("By itself", "Through Marcia")] == [
        "By itself", "Through Marcia",
    ]  # fmt: skip


# -- As they choose


def test_a_name_in_a_session_may_be_worded_otherwise(client, event):
    session = make_session(event)
    make_appearance(session, make_person("Marcia Hale"), wording="A member of the network")
    page = show(client, event, f"agenda/{session.slug}/")
    assert "A member of the network" in page.main and "Marcia Hale" not in page.words
    assert "Marcia Hale" not in show(client, event, "agenda/").words


def test_who_wants_no_page_is_named_without_a_link_and_has_none(client, event):
    session = make_session(event)
    make_appearance(session, make_person("Dee", has_page=False))
    for below in ("", "agenda/", f"agenda/{session.slug}/", "people/"):
        page = show(client, event, below)
        assert not [href for _, href in page.links if "/people/dee" in href], below
    assert listed(client, event) == ["Dee"]
    assert client.get(f"/events/{event.slug}/people/dee/").status_code == 404


def test_who_asks_not_to_be_found_has_a_page_that_search_engines_leave_alone(client, event):
    session = make_session(event)
    make_appearance(session, make_person("Dee", searchable=False)), make_appearance(session, make_person("Imran"))
    assert show(client, event, "people/dee/").is_kept_from_search_engines
    assert not show(client, event, "people/imran/").is_kept_from_search_engines


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.PUBLISHED])
def test_a_cancelled_session_names_nobody(client, event, status):
    session = make_session(event, status=status)
    make_appearance(session, make_person("Marcia Hale")), make_appearance(session, make_organisation("Long Table"))
    pages = [f"agenda/{session.slug}/", "agenda/", "agenda/?q=marcia", "agenda/?q=table", "people/", "organisations/"]
    named = [name in show(client, event, at).main for at in pages for name in ("Marcia Hale", "Long Table")]
    assert any(named) == (status == Status.PUBLISHED)


@pytest.mark.parametrize(("has_page", "known"), [(False, False), (True, True)])
def test_wording_instead_of_the_name_hides_who_has_no_page(client, event, has_page, known):
    session = make_session(event)
    make_appearance(session, make_person("Marcia Hale", has_page=has_page), wording="A member of a group")
    pages = [f"agenda/{session.slug}/", "agenda/", "people/"]
    assert any("Marcia" in show(client, event, at).main for at in pages) == known
    found = show(client, event, "agenda/?q=marcia").main
    assert ("A member of a group" in found) == known


@pytest.fixture
def leaving(event):
    """Somebody of an organisation, in a workshop and on the panel, whose last day is the day of the event."""
    person = make_person(
        "Zora Quill", public_until=DAY, organisation=make_organisation("Quill and Co"), biography="Of the quills."
    )
    make_appearance(make_workshop(make_series(event), "A", 10, title="Reserves"), person)
    make_appearance(make_session(event, 12, kind="panel", title="Opening"), person, wording="Zora, who writes")
    return person


def everything_said(client, event) -> str:
    """Return the source of every page of an event that could name somebody."""
    at = f"/events/{event.slug}/"
    sessions = [f"{at}agenda/{session.slug}/" for session in event.sessions.all()]
    searches = [f"{at}agenda/?q=reserves", f"{at}agenda/?q=opening"]
    pages = ["/", "/sitemap.xml", at, f"{at}agenda/", f"{at}people/", f"{at}organisations/", *sessions, *searches]
    return "".join(client.get(address).content.decode() for address in pages)


def test_until_the_last_second_of_their_last_day_somebody_is_named(client, event, leaving):
    # The clock stands still: a slow machine takes longer than that second for these pages.
    with time_machine.travel(london(24) - datetime.timedelta(seconds=1), tick=False):
        said = everything_said(client, event)
        assert all(words in said for words in ("Zora Quill", "Zora, who writes", "Quill and Co", "people/zora-quill/"))
        assert client.get(f"/events/{event.slug}/people/zora-quill/").status_code == 200


def test_from_the_next_day_on_they_are_named_nowhere(client, event, leaving):
    with time_machine.travel(london(24)):
        said = everything_said(client, event)
        assert [words for words in ("Zora", "Quill", "zora", "quill") if words in said] == []
        assert "no longer named here" in said


def test_from_the_next_day_on_their_page_is_gone(client, event, leaving):
    with time_machine.travel(london(24)):
        page = read(client.get(f"/events/{event.slug}/people/zora-quill/"))
        assert page.status == 410
        assert page.texts(".//h1") == ["This page is no longer here"]
        assert "Zora" not in page.source.replace("zora-quill", "")


def test_so_is_an_address_that_they_had_before(client, event, leaving):
    leaving.slug = "zora"
    save(leaving)
    with time_machine.travel(london(23, 59)):
        assert client.get(f"/events/{event.slug}/people/zora-quill/").status_code == 301
    with time_machine.travel(london(24)):
        assert client.get(f"/events/{event.slug}/people/zora-quill/").status_code == 410


def test_an_organisation_that_was_there_only_through_them_is_not_found(client, event, leaving):
    address = f"/events/{event.slug}/organisations/quill-and-co/"
    with time_machine.travel(london(23)):
        assert client.get(address).status_code == 200
    with time_machine.travel(london(24)):
        assert client.get(address).status_code == 404


def test_the_day_ends_where_the_event_is(client, event, leaving):
    event.time_zone = "America/New_York"
    save(event)
    address = f"/events/{event.slug}/people/zora-quill/"
    with time_machine.travel(london(28)):
        assert client.get(address).status_code == 200
    with time_machine.travel(london(29)):
        assert client.get(address).status_code == 410


def test_somebody_gone_who_was_never_public_is_not_found(client, event):
    """410 says that there was somebody of that name: only what was public may say so."""
    make_appearance(make_session(event, status=Status.DRAFT), make_person("Zora Quill", public_until=DAY))
    make_person("Una Noone", public_until=DAY)
    make_appearance(make_session(event, 12), make_person("Dee", public_until=DAY, has_page=False))
    with time_machine.travel(london(24)):
        for name in ("zora-quill", "una-noone", "dee"):
            assert client.get(f"/events/{event.slug}/people/{name}/").status_code == 404, name
