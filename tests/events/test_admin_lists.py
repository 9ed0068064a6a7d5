"""The admin's lists: what they say, what they find, what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.admin.missing import LACKING, lacking, missing
from events.models import (
    Access,
    Appearance,
    Event,
    Kind,
    Organisation,
    Person,
    Role,
    Room,
    Series,
    Session,
    Status,
    Venue,
)
from tests.admin_pages import listed, of, words
from tests.builders import (
    london,
    make_event,
    make_person,
    make_room,
    make_series,
    make_session,
    make_venue,
    make_workshop,
    new_session,
    save,
)  # fmt: skip

pytestmark = pytest.mark.django_db

MODELS = [Event, Session, Person, Organisation, Venue, Room, Series]


def one_of_everything(number):
    """Return unsaved rows: one of everything, in an event of its own."""
    event = Event(title=f"Event {number}", starts=london(9), ends=london(17), status=Status.PUBLISHED)
    venue = Venue(name=f"House {number}", address="1 High Street")
    room, series = Room(name=f"Room {number}", venue=venue), Series(event=event, number=1)
    session = new_session(event, kind=Kind.WORKSHOP, series=series, code="A", room=room)
    organisation = Organisation(name=f"Organisation {number}")
    person = Person(name=f"Person {number}", organisation=organisation, photograph=f"photographs/{number}.webp")
    facilitating = Appearance(session=session, person=person, role=Role.FACILITATOR)
    hosting = Appearance(session=session, organisation=organisation, role=Role.HOST)
    return [event, venue, room, series, session, organisation, person, facilitating, hosting]


def queries_of(client, address):
    """How many queries a page costs, once what a process asks only once (content types) is known."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_list_of_thirty_costs_as_much_as_a_list_of_one(admin_client):
    save(*one_of_everything(0))
    for model in MODELS:
        admin_client.get(listed(model))
    one = [queries_of(admin_client, listed(model)) for model in MODELS]
    save(*(row for number in range(1, 30) for row in one_of_everything(number)))
    assert [queries_of(admin_client, listed(model)) for model in MODELS] == one


def test_an_events_page_asks_no_more_for_thirty_sessions_than_for_two(admin_client):
    event = make_event()
    series, room = make_series(event), make_room()
    make_workshop(series, "A", room=room)
    make_workshop(series, "B")
    two = queries_of(admin_client, of(event))
    venues = [Venue(name=f"House {number}", address="1 High Street") for number in range(28)]
    rooms = [Room(name=f"Room {number}", venue=venue) for number, venue in enumerate(venues)]
    codes = ["C" + chr(65 + number % 26) + chr(65 + number // 26) for number in range(28)]
    workshop = {"kind": Kind.WORKSHOP, "series": series}
    save(
        *venues,
        *rooms,
        *(new_session(event, code=code, room=each, **workshop) for code, each in zip(codes, rooms, strict=True)),
    )
    assert queries_of(admin_client, of(event)) == two


def test_the_list_of_sessions_says_when_where_who_and_what_is_missing(admin_client, programme):
    text = words(admin_client.get(listed(Session)))
    assert "Wed 16 Jun 2027 11am to midday 1A: Reserves and rest" in text
    assert "Upper Hall 1 access not confirmed Ọlájùmọ̀kẹ́ Adé Published" in text


def test_the_list_of_one_event_does_not_repeat_its_name(admin_client, programme):
    response = admin_client.get(f"{listed(Session)}?event__id__exact={programme.event.pk}")
    assert "event" not in response.context_data["cl"].list_display


def test_the_list_of_events_says_when_and_how_many_sessions(admin_client, programme):
    text = words(admin_client.get(listed(Event)))
    assert "Annual conference Wednesday 16 June 2027 Published Ours 3" in text


def test_a_listing_without_a_date_says_so(admin_client):
    make_event("A neighbour’s", is_listing=True, starts=None, ends=None, sorts_at=london(9))
    assert "Not recorded Published Another organisation’s 0" in words(admin_client.get(listed(Event)))


def test_the_list_of_people_says_how_many_sessions(admin_client, programme):
    assert "Ọlájùmọ̀kẹ́ Adé - - 2" in words(admin_client.get(listed(Person)))


@pytest.mark.parametrize("typed", ["olajumoke", "Ọlájùmọ̀kẹ́", "ADE", "ade olajumoke"])
@pytest.mark.parametrize("model", [Person, Session])
def test_names_are_found_without_their_accents(admin_client, programme, model, typed):
    response = admin_client.get(listed(model), {"q": typed})
    assert response.context_data["cl"].result_count == (1 if model is Person else 2)


def test_people_are_offered_by_name_without_accents(admin_client, programme):
    asked = {"app_label": "events", "model_name": "appearance", "field_name": "person", "term": "olaju"}
    [found] = admin_client.get("/admin/autocomplete/", asked).json()["results"]
    assert found["text"] == "Ọlájùmọ̀kẹ́ Adé"


def test_people_are_filtered_by_event_photograph_and_whether_they_are_shown(admin_client, programme):
    import datetime

    make_person("Gone", public_until=datetime.date(2020, 1, 1), photograph="photographs/a.webp")

    def names(**query):
        return {person.name for person in admin_client.get(listed(Person), query).context_data["cl"].queryset}

    assert names(**{"in": programme.event.pk}) == {"Ọlájùmọ̀kẹ́ Adé"}
    assert names(photograph="yes") == names(shown="no") == {"Gone"}
    assert names(photograph="no") == names(shown="yes") == {"Ọlájùmọ̀kẹ́ Adé"}


QUERIES = """
event__id__exact=banana event__id__exact=99999999999999999999 in=banana missing=banana shown=banana starts__gte=banana
photograph=%F0%9F%98%80 p=banana p=-1 p=99999999 all= o=banana o=9.-9 q=%E2%80%AE<b> q=' q=" e=1 nothing=1 _popup=1
_to_field=banana _to_field=id starts__year=0 starts__year=9999 starts__year=banana
starts__day=99&starts__month=99&starts__year=2027
""".split()


@pytest.mark.parametrize("model", MODELS)
def test_no_query_is_an_error_of_ours(admin_client, programme, model):
    for query in [*QUERIES, "q=" + "a" * 3000]:
        response = admin_client.get(f"{listed(model)}?{query}", follow=True)
        assert response.status_code in (200, 400), query


class TestWhatIsMissing:
    def test_a_session_without_anything_lacks_everything(self, event):
        assert missing(make_session(event, title="")) == ["no title", "no room", "nobody named", "access not confirmed"]

    def test_a_workshop_needs_a_facilitator(self, programme):
        programme.hosting.delete()
        assert "no facilitator" in missing(programme.second)
        assert "no facilitator" not in missing(programme.first)

    def test_a_break_needs_a_name_only(self, event):
        assert missing(make_session(event, kind=Kind.BREAK, title="", label="Lunch")) == []
        assert missing(make_session(event, kind=Kind.BREAK, title="")) == ["no title"]

    def test_access_is_known_when_session_and_room_have_said_it(self, event):
        room = make_room(step_free=Access.YES, hearing_loop=Access.NO)
        session = make_session(event, room=room, bsl=Access.NO, live_captions=Access.YES)
        assert missing(session) == ["nobody named"]

    def test_the_filter_finds_what_the_list_says(self, admin_client, programme, event):
        make_session(event, 14, title="")
        make_session(event, 15, kind=Kind.BREAK, title="", label="Tea")
        said = {"title": "no title", "room": "no room", "people": "no facilitator", "access": "access not confirmed"}
        for what in LACKING:
            words_of_it = {said[what], "nobody named"} if what == "people" else {said[what]}
            expected = {each for each in Session.objects.all() if words_of_it & set(missing(each))}
            assert set(lacking(what, Session.objects.all())) == expected
            response = admin_client.get(listed(Session), {"missing": what})
            assert set(response.context_data["cl"].queryset) == expected


def test_venues_count_their_rooms(admin_client):
    venue = make_venue(name="Hall House")
    make_room(venue=venue)
    assert "Hall House - 1 0" in words(admin_client.get(listed(Venue)))
