"""What search engines read, by a reader that is not ours (extruct), equals what people read on the same page."""

import datetime
import json

import extruct
import pytest
from django.db import connection

from events.feeds import json_ld
from events.models import Kind, Role, Session, Status
from tests.builders import DAY, london, make_appearance, make_organisation, make_person, make_room, make_session
from tests.reading import read, words
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register
from tests.registrations.journeys import later

SITE = "http://localhost:8000"
ORG = "https://schema.org/"
HOSTILE = '</script><script>alert(1)</script><!-- & \u2028 " \\'
STATES = {"Places available": "InStock", "Last few places": "LimitedAvailability", "Sold out": "SoldOut"}
STATES |= {"Full – join the waiting list": "SoldOut"}
FULL = {"event_capacity": 1}


def told(page) -> dict | None:
    """Return what extruct reads from a page; None if there is nothing."""
    found = extruct.extract(page.source, base_url=SITE, syntaxes=["json-ld"])["json-ld"]
    assert len(found) < 2
    return found[0] if found else None


def look(client, event, below: str = ""):
    """Return a page below an event's, and what extruct reads from it."""
    page = read(client.get(f"/events/{event.slug}/{below}"))
    return page, told(page)


def at_session(client, session):
    """Return the same of a session's page."""
    return look(client, session.event, f"agenda/{session.slug}/")


def tickets_on(page) -> dict[str, list[str]]:
    """Return the tickets that a page shows: name, and the words beside it."""
    return {words(row.find("dt")): words(row.find("dd")) for row in page.all(".//dl[@class='prices']/div")}


def names(data: dict) -> list[tuple[str, str]]:
    """Return who is told of."""
    return [(each["@type"], each["name"]) for each in data.get("performer", [])]


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Stand on NOW, weeks before the day."""
    time_machine.move_to(NOW, tick=False)
    return time_machine


# -- Events and their tickets


def test_an_event_s_page_tells_of_the_people_whom_it_names(client, furnished):
    page, data = look(client, furnished.event)
    assert names(data) == [("Person", name) for name in ("Ọlájùmọ̀kẹ́ Adé", "Nguyễn Thị Hà")]
    assert all(name in page.main for _, name in names(data))
    home = read(client.get("/"))
    assert told(home) == data


@pytest.mark.parametrize(
    ("values", "taken", "said"),
    [
        ({"ticket_capacity": 7}, 1, "Places available"), ({}, 1, "Places available"),
        ({"ticket_capacity": 7}, 2, "Last few places"), ({"event_capacity": 6}, 1, "Last few places"),
        ({"ticket_capacity": 1}, 1, "Sold out"), (FULL, 1, "Full – join the waiting list"),
        (FULL | {"ticket_capacity": 1}, 1, "Sold out"),
        (FULL | {"ticket_capacity": 9}, 1, "Full – join the waiting list"),
    ],
)  # fmt: skip
def test_a_ticket_is_told_with_its_price_and_whether_it_can_be_had(client, db, values, taken, said):
    day = make_day(hours=(), **values)
    for _ in range(taken):
        register(day)
    page, data = look(client, day.event)
    assert tickets_on(page) == {"Ticket": f"Free {said}"}
    where = f"{SITE}/events/{day.event.slug}/register/"
    price = {"price": "0.00", "priceCurrency": "GBP", "availability": ORG + STATES[said]}
    assert data["offers"] == [{"@type": "Offer", "name": "Ticket", "url": where, **price}]


def test_prices_and_moments_are_those_that_the_page_shows(client, db):
    day = make_day(hours=())
    make_ticket_type(day.event, "Early", 4950, audience="Members.", available_until=later(days=2))
    make_ticket_type(day.event, "Late", 120000, available_from=later(days=2))
    page, data = look(client, day.event)
    assert [words(each) for each in page.all(".//dl[@class='prices']/div/dd/b")] == ["Free", "£49.50", "£1,200"]
    assert [each["price"] for each in data["offers"]] == ["0.00", "49.50", "1200.00"]
    [until], [opens] = (
        [each.get(name) for each in data["offers"] if name in each] for name in ("validThrough", "validFrom")
    )
    shown = [each.get("datetime") for each in page.all(".//dl[@class='prices']//time")]
    assert [until, opens] == shown == ["2027-05-03T10:00+01:00"] * 2
    assert tickets_on(page)["Late"] == "£1,200 On sale from Monday 3 May 2027 at 10am."
    assert "availability" not in data["offers"][2]


def test_before_booking_opens_tickets_are_to_come(client, db):
    day = make_day(hours=(), booking_opens=later(days=1), booking_closes=later(days=9))
    make_ticket_type(day.event, "Late", 100, available_from=later(days=3), available_until=later(days=30))
    page, data = look(client, day.event)
    assert tickets_on(page)["Ticket"] == "Free On sale from Sunday 2 May 2027 at 10am."
    assert tickets_on(page)["Late"].endswith("from Tuesday 4 May 2027 at 10am. Until Monday 10 May 2027 at 10am.")
    assert [each["validFrom"] for each in data["offers"]] == ["2027-05-02T10:00+01:00", "2027-05-04T10:00+01:00"]
    assert {each["url"] for each in data["offers"]} == {f"{SITE}/events/{day.event.slug}/"}


@pytest.mark.parametrize(
    "values",
    [
        {"booking_closes": later(hours=-1)}, {"outside_url": "https://example.org/"}, {"status": Status.CANCELLED},
        {"starts": later(days=-2), "ends": later(days=-1)},
    ],
    ids=["closed", "elsewhere", "cancelled", "past"],
)  # fmt: skip
def test_where_nobody_can_book_no_ticket_is_shown_or_told(client, db, values):
    day = make_day(hours=())
    page, data = look(client, day.event)
    assert tickets_on(page) and data["offers"]
    edit(day.event, **values)
    page, data = look(client, day.event)
    assert "What it costs" not in page.main and "offers" not in data


def test_tickets_for_who_was_invited_are_not_told_to_everybody(client, db):
    day = make_day(hours=())
    make_ticket_type(day.event, "Guests", invitation_code="SECRET")
    page, data = look(client, day.event)
    assert "Guests" not in page.source and "SECRET" not in page.source and len(data["offers"]) == 1
    day.ticket.delete()
    page, data = look(client, day.event)
    assert "What it costs" not in page.main and "offers" not in data


def test_a_word_about_a_ticket_ends_the_stored_page(client, db):
    day = make_day(hours=(), ticket_capacity=7)
    said = []
    for _ in range(8):
        page, data = look(client, day.event)
        said.append((tickets_on(page)["Ticket"].removeprefix("Free "), data["offers"][0]["availability"]))
        if len(said) < 8:
            register(day)
    assert [each for each, _ in said] == ["Places available"] * 2 + ["Last few places"] * 5 + ["Sold out"]
    assert [each for _, each in said] == [ORG + STATES[each] for each, _ in said]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trigger", ["ENABLE", "DISABLE"])
def test_without_its_trigger_the_page_would_go_on(client, trigger):
    """The negative control: it is the trigger on places that ends the page, for a ticket as for a workshop."""
    day = make_day(hours=(), ticket_capacity=1)
    look(client, day.event)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE registrations_places {trigger} TRIGGER places_said")
        register(day)
        said = tickets_on(look(client, day.event)[0])
        cursor.execute("ALTER TABLE registrations_places ENABLE TRIGGER places_said")
    assert said == {"Ticket": "Free Sold out" if trigger == "ENABLE" else "Free Last few places"}


def test_no_page_tells_how_many_places_there_are(client, db):
    day = make_day(hours=(11,), event_capacity=4711, places=(4712, 4713), ticket_capacity=4714)
    for below in ("", "agenda/", f"agenda/{day.a1.slug}/"):
        _, data = look(client, day.event, below)
        assert "471" not in json.dumps(data)


# -- Sessions


HOUSE = {"@type": "Place", "name": "Hall House", "address": "1 High Street, London"}


def test_a_session_is_told_as_its_page_shows_it(client, furnished):
    page, data = at_session(client, furnished.panel)
    del data["superEvent"]
    assert data == {
        "@context": "https://schema.org", "@type": "Event", "name": page.texts(".//h1")[0], "url": page.canonical,
        "startDate": "2027-06-16T10:00+01:00", "endDate": "2027-06-16T11:00+01:00",
        "eventStatus": f"{ORG}EventScheduled", "eventAttendanceMode": f"{ORG}OfflineEventAttendanceMode",
        "location": HOUSE | {"name": "Upper Hall"}, "description": "Some words about it. A part More words.",
        "performer": [{"@type": "Person", "name": "Ọlájùmọ̀kẹ́ Adé"}],
        "organizer": {"@type": "Organization", "name": "Clinks"},
    }  # fmt: skip


def test_a_session_is_told_as_a_part_of_its_event(client, furnished):
    event, whole = (look(client, furnished.event)[1], at_session(client, furnished.panel)[1]["superEvent"])
    assert whole.keys() == {"@type", "name", "url", "startDate", "endDate", "location"}
    assert whole == {name: event[name] for name in whole}
    assert (whole["name"], whole["location"]) == ("Annual conference", HOUSE)


def test_what_a_session_s_data_says_stands_on_its_page(client, furnished):
    page, data = at_session(client, furnished.panel)
    hours = [each.get("datetime") for each in page.all(".//aside//time")]
    assert hours == [data["startDate"], data["endDate"]]
    assert data["location"]["name"] in page.beside("Room")
    assert data["description"] in page.main
    assert [name for _, name in names(data)] == page.texts(".//article[@class='person']//h3")


def test_a_session_of_which_little_is_known_tells_little(client, event):
    _, data = at_session(client, make_session(event, title=""))
    assert data["name"] == "Plenary, to be announced"
    absent = {"location", "description", "performer", "offers", "eventAttendanceMode"}
    assert not absent & set(data) and "location" not in data["superEvent"]


def test_after_the_event_it_is_called_what_the_page_calls_it(client, event, clock):
    session = make_session(event, title="")
    clock.move_to(london(18))
    page, data = at_session(client, session)
    assert page.texts(".//h1") == [data["name"]] == ["Plenary, title not in the record"]
    assert look(client, event, "agenda/")[1]["subEvent"][0]["name"] == data["name"]


def test_a_room_in_another_house_is_not_told_at_the_event_s_address(client, furnished):
    session = make_session(furnished.event, 15, room=make_room("Far Room"))
    assert at_session(client, session)[1]["location"] == {"@type": "Place", "name": "Far Room"}


@pytest.mark.parametrize("of", ["panel", "event"])
def test_what_is_cancelled_is_told_as_cancelled(client, furnished, of):
    row = getattr(furnished, of)
    assert at_session(client, furnished.panel)[1]["eventStatus"] == f"{ORG}EventScheduled"
    edit(row, status=Status.CANCELLED)
    page, data = at_session(client, furnished.panel)
    assert data["eventStatus"] == f"{ORG}EventCancelled" and "cancelled" in page.main


def test_a_cancelled_session_names_nobody(client, furnished):
    edit(furnished.panel, status=Status.CANCELLED)
    for _, data in (at_session(client, furnished.panel), look(client, furnished.event, "agenda/")):
        opening = next(each for each in (data, *data.get("subEvent", [])) if each["name"] == "Opening")
        assert "performer" not in opening
    assert "Adé" not in at_session(client, furnished.panel)[0].source


def test_each_part_of_the_agenda_tells_of_who_stands_on_its_card(client, furnished):
    page, data = look(client, furnished.event, "agenda/")
    parts = {each["name"]: names(each) for each in data["subEvent"]}
    assert parts["Reserves and rest"] == [("Person", "Ọlájùmọ̀kẹ́ Adé")]
    assert parts["Art inside"] == [("Organization", "The Long Table"), ("Person", "Nguyễn Thị Hà")]
    assert parts["Lunch"] == []
    for card in page.all(".//article"):
        title = words(card.find(".//h3"))
        assert [name for _, name in parts[title]] == [words(each) for each in card.findall(".//span[@class='name']")]


def told_of(client, session) -> list[list[str]]:
    """Return the names that three pages tell of one session: its own, the agenda and the event's."""
    _, agenda = look(client, session.event, "agenda/")
    part = next(each for each in agenda["subEvent"] if each["name"] == session.title)
    own, whole = at_session(client, session)[1], look(client, session.event)[1]
    return [[name for _, name in names(each)] for each in (own, part, whole)]


@pytest.mark.parametrize(
    ("hidden", "is_on_the_page"),
    [({"searchable": False}, True), ({"public_until": DAY - datetime.timedelta(90)}, False)],
)
def test_who_asks_not_to_be_found_or_is_gone_is_not_told_of(client, event, hidden, is_on_the_page):
    session, person = make_session(event, title="Talk"), make_person("Marcia Hale")
    make_appearance(session, person), make_appearance(session, make_person("Dee"))
    assert told_of(client, session) == [["Marcia Hale", "Dee"], ["Marcia Hale", "Dee"], ["Dee", "Marcia Hale"]]
    edit(person, **hidden)
    assert told_of(client, session) == [["Dee"]] * 3
    assert ("Marcia Hale" in at_session(client, session)[0].main) is is_on_the_page


def test_wording_stands_for_its_person_and_nobody_is_told_of_twice(client, event):
    session, person = make_session(event), make_person("Marcia Hale", has_page=False)
    make_appearance(session, person, wording="A trustee"), make_appearance(session, make_organisation("The Table"))
    twice = make_person("Dee")
    make_appearance(session, twice), make_appearance(session, twice, role=Role.CHAIR)
    page, data = at_session(client, session)
    assert names(data) == [("Person", "A trustee"), ("Organization", "The Table"), ("Person", "Dee")]
    assert "Marcia" not in page.source


@pytest.mark.parametrize(
    ("taken", "said"), [(1, "Places available"), (2, "Last few places"), (7, "Full – join the waiting list")]
)
def test_a_workshop_tells_of_its_places_what_its_page_says(client, db, taken, said):
    day = make_day(hours=(11,), places=(7, 40))
    for _ in range(taken):
        register(day, take=day.a1)
    page, data = at_session(client, day.a1)
    assert page.beside("Places").startswith(said)
    where = f"{SITE}/events/{day.event.slug}/register/"
    assert data["offers"] == [{"@type": "Offer", "url": where, "availability": ORG + STATES[said]}]


@pytest.mark.parametrize(
    "values",
    [{"booking_opens": later(days=1)}, {"booking_closes": later(hours=-1)}, {"outside_url": "https://a.example/"}],
)
def test_where_its_page_says_nothing_of_places_a_workshop_offers_none(client, db, values):
    day = make_day(hours=(11,), places=(7, 40))
    assert at_session(client, day.a1)[1]["offers"]
    edit(day.event, **values)
    page, data = at_session(client, day.a1)
    assert "offers" not in data and not any(each in page.main for each in STATES)


def test_a_panel_offers_nothing(client, db):
    day = make_day(hours=(11,))
    panel = make_session(day.event, 10, kind=Kind.PANEL)
    assert "offers" not in at_session(client, panel)[1]


# -- What is not told


def test_a_draft_is_nowhere(client, furnished):
    Session.objects.filter(pk=furnished.panel.pk).update(status=Status.DRAFT)
    assert at_session(client, furnished.panel)[0].status == 404
    for below in ("", "agenda/", f"agenda/{furnished.first.slug}/"):
        _, data = look(client, furnished.event, below)
        assert data and "Opening" not in json.dumps(data)


def test_samples_and_previews_tell_nothing(client, admin_client, furnished):
    below = f"agenda/{furnished.first.slug}/"
    assert look(client, furnished.event, below)[1]
    assert told(read(admin_client.get(f"/admin/events/event/{furnished.event.pk}/preview/{below}"))) is None
    edit(furnished.event, is_sample=True)
    assert look(client, furnished.event, below)[1] is None


def test_no_text_can_end_the_script_that_holds_it(client, db):
    day = make_day(hours=(), title=HOSTILE, organiser=HOSTILE, summary=HOSTILE)
    make_ticket_type(day.event, HOSTILE, audience=HOSTILE)
    session = make_session(day.event, title=HOSTILE, abstract=HOSTILE, slug="hostile")
    make_appearance(session, make_person(HOSTILE))
    for below in ("", "agenda/", "agenda/hostile/"):
        page, data = look(client, day.event, below)
        assert data["name"] == HOSTILE and len(page.all(".//script")) == 1
    assert data["performer"][0]["name"] == data["organizer"]["name"] == HOSTILE
    assert HOSTILE in [each["name"] for each in look(client, day.event)[1]["offers"]]


def test_without_the_guard_a_name_would_end_it(client, db, monkeypatch):
    """The negative control: extruct finds no data any more, and the page has a script too many."""
    day = make_day(hours=())
    session = make_session(day.event, title=HOSTILE, slug="hostile")
    monkeypatch.setattr(json_ld, "as_script", lambda data: json_ld.mark_safe(json.dumps(data)))
    page = read(client.get(f"/events/{day.event.slug}/agenda/{session.slug}/"))
    assert len(page.all(".//script")) > 1
