"""An address that something published once had leads to the present one for good."""

import pytest

from events.models import Organisation, Person, Session, Status
from tests.builders import (
    make_appearance,
    make_event,
    make_organisation,
    make_person,
    make_session,
    save,
)
from tests.page_types import preview_of


@pytest.fixture
def day(event):
    """An event at /events/spring/ with a session, a person and an organisation at plain addresses."""
    event.slug = "spring"
    save(event)
    session = make_session(event, title="Reserves", slug="reserves")
    make_appearance(session, make_person("Marcia Hale"))
    make_appearance(session, make_organisation("Long Table"))
    return event


def rename(row, slug: str) -> None:
    """Give something another address."""
    row.slug = slug
    save(row)


def leads(client, address: str) -> str | int:
    """Return where an address leads for good, or its status if it leads nowhere."""
    response = client.get(address)
    return response["Location"] if response.status_code == 301 else response.status_code


PAGES = [
    "", "agenda/", "agenda/reserves/", "people/", "people/marcia-hale/", "organisations/", "organisations/long-table/",
]  # fmt: skip


@pytest.mark.parametrize("below", PAGES)
def test_every_page_of_a_renamed_event_leads_to_the_same_page_of_it(client, day, below):
    rename(day, "summer")
    assert leads(client, f"/events/spring/{below}?q=a%20b&page=2") == f"/events/summer/{below}?q=a%20b&page=2"
    assert client.get(f"/events/summer/{below}").status_code == 200


RENAMED = [
    ("agenda/reserves/", Session, "agenda/rest/"),
    ("people/marcia-hale/", Person, "people/rest/"),
    ("organisations/long-table/", Organisation, "organisations/rest/"),
]


@pytest.mark.parametrize(("old", "of", "new"), RENAMED)
def test_what_is_renamed_within_an_event_is_found_at_its_old_address(client, day, old, of, new):
    rename(of.objects.get(), "rest")
    assert leads(client, f"/events/spring/{old}?a=b") == f"/events/spring/{new}?a=b"


def test_something_renamed_twice_is_found_in_one_step(client, day):
    for slug in ("summer", "autumn"):
        rename(day, slug)
    assert leads(client, "/events/spring/") == leads(client, "/events/summer/") == "/events/autumn/"


def test_something_renamed_back_is_where_it_was(client, day):
    rename(day, "summer"), rename(day, "spring")
    assert leads(client, "/events/spring/") == 200
    assert leads(client, "/events/summer/") == "/events/spring/"


def test_a_renamed_session_of_a_renamed_event_is_found_by_both_old_addresses(client, day):
    rename(day.sessions.get(), "rest"), rename(day, "summer")
    assert client.get("/events/spring/agenda/reserves/", follow=True).redirect_chain == [
        ("/events/summer/agenda/reserves/", 301), ("/events/summer/agenda/rest/", 301),
    ]  # fmt: skip


def test_who_takes_a_former_address_keeps_it(client, day):
    rename(day, "summer")
    make_event("Another", slug="spring")
    assert leads(client, "/events/spring/") == 200


def test_a_draft_at_a_former_address_is_previewed_and_visitors_are_led_on_until_it_is_published(admin_client, day):
    rename(day.sessions.get(), "rest")
    draft = make_session(day, 11, title="Hidden hour", slug="reserves", status=Status.DRAFT)
    assert leads(admin_client, "/events/spring/agenda/reserves/") == "/events/spring/agenda/rest/"
    assert "Hidden hour" in admin_client.get(f"{preview_of(day)}agenda/reserves/").content.decode()
    draft.status = Status.PUBLISHED
    save(draft)
    assert "Hidden hour" in admin_client.get("/events/spring/agenda/reserves/").content.decode()


def test_so_are_they_past_a_draft_event_and_somebody_in_a_draft_session(client, day):
    make_appearance(make_session(day, 11, status=Status.DRAFT), make_person(slug="taken"))
    rename(day, "summer")
    make_event("Another", slug="spring", status=Status.DRAFT)
    assert leads(client, "/events/spring/") == "/events/summer/"
    rename(Person.objects.get(slug="marcia-hale"), "marcia")
    rename(Person.objects.get(slug="taken"), "marcia-hale")
    assert leads(client, "/events/summer/people/marcia-hale/") == "/events/summer/people/marcia/"


def test_the_former_address_of_a_draft_leads_nowhere(client, day):
    day.status = Status.DRAFT
    save(day)
    rename(day, "summer")
    day.status = Status.PUBLISHED
    save(day)
    assert leads(client, "/events/spring/") == 404


def test_a_former_address_of_what_is_a_draft_by_now_leads_nowhere(client, day):
    rename(day, "summer")
    assert leads(client, "/events/spring/") == "/events/summer/"
    day.status = Status.DRAFT
    save(day)
    assert leads(client, "/events/spring/") == 404


def test_a_former_address_of_a_session_that_is_a_draft_by_now_leads_nowhere(client, day):
    session = day.sessions.get()
    rename(session, "rest")
    session.status = Status.DRAFT
    save(session)
    assert leads(client, "/events/spring/agenda/reserves/") == 404


def test_a_former_address_of_somebody_without_a_page_leads_nowhere(client, day):
    person = Person.objects.get()
    rename(person, "rest")
    person.has_page = False
    save(person)
    assert leads(client, "/events/spring/people/marcia-hale/") == 404


def test_the_former_address_of_a_session_belongs_to_its_event_alone(client, day):
    other = make_event("Another", slug="another")
    rename(make_session(other, slug="reserves"), "elsewhere")
    rename(day.sessions.get(), "rest")
    assert leads(client, "/events/another/agenda/reserves/") == "/events/another/agenda/elsewhere/"
    assert leads(client, "/events/spring/agenda/reserves/") == "/events/spring/agenda/rest/"


def test_a_redirect_leads_to_this_site_whatever_was_asked(client, day):
    rename(day, "summer")
    for query in ("//evil.example/", "https://evil.example/", "%0d%0aSet-Cookie:a=b"):
        assert leads(client, f"/events/spring/?{query}").startswith("/events/summer/?")


@pytest.mark.parametrize("address", ["/events/spring", "/events", "/events/spring/agenda"])
def test_an_address_without_its_last_slash_leads_to_the_one_with_it(client, day, address):
    assert leads(client, f"{address}?a=b") == f"{address}/?a=b"
