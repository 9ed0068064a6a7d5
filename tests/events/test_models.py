"""What the programme's rows say of themselves, and what their forms refuse."""

import datetime
import zoneinfo

import pytest
from django.core.exceptions import ValidationError

from events.models import (
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
from tests.builders import (
    DAY,
    london,
    make_event,
    make_listing,
    make_organisation,
    make_person,
    make_session,
    make_workshop,
    new_session,
    save,
)

EVENT = Event(title="Annual conference", starts=london(9), ends=london(17))
HOUR = datetime.timedelta(hours=1)


def workshop(number=1, **values):
    return Session(kind=Kind.WORKSHOP, series=Series(event=EVENT, number=number), **values)


def faults(row):
    """Return the fields that the row's own `clean` complains of."""
    with pytest.raises(ValidationError) as refused:
        row.clean()
    return set(refused.value.message_dict)


# Sessions


@pytest.mark.parametrize(
    ("session", "heading"),
    [
        (workshop(code="A"), "Workshop 1A, to be announced"),
        (workshop(3, code="D"), "Workshop 3D, to be announced"),
        (workshop(), "Workshop, to be announced"),
        (workshop(code="A", title="Rest"), "Rest"),
        (Session(kind=Kind.PANEL, label="Morning keynote panel"), "Morning keynote panel, to be announced"),
        (Session(kind=Kind.PERFORMANCE), "Performance, to be announced"),
        (Session(kind=Kind.BREAK, label="Lunch", title="Lunch"), "Lunch"),
    ],
)
def test_a_session_is_called_something_announced_or_not(session, heading):
    assert session.heading == heading
    assert session.is_announced is bool(session.title)


@pytest.mark.parametrize(
    ("session", "code"),
    [(workshop(2, code="C"), "2C"), (workshop(2), ""), (Session(code="A"), ""), (workshop(12, code="AB"), "12AB")],
)
def test_a_code_is_said_with_the_number_of_its_series(session, code):
    assert session.full_code == code


def test_a_session_is_named_in_lists_by_code_and_title():
    assert str(workshop(code="A", title="Rest")) == "1A: Rest"
    assert str(workshop(code="A")) == "Workshop 1A, to be announced"
    assert str(Session(title="Welcome")) == "Welcome"


@pytest.mark.parametrize(
    ("own", "rooms", "places"), [(12, 40, 12), (None, 40, 40), (0, 40, 0), (None, None, None), (12, None, 12)]
)
def test_a_session_holds_its_own_number_of_people_else_its_rooms(own, rooms, places):
    assert Session(capacity=own, room=Room(capacity=rooms)).places == places


def test_a_session_without_a_room_has_no_limit_of_a_room():
    assert (Session().places, Session(capacity=7).places) == (None, 7)


def test_a_cancelled_session_says_so():
    assert Session(status=Status.CANCELLED).is_cancelled
    assert not Session(status=Status.PUBLISHED).is_cancelled


def test_an_empty_code_is_none_because_several_sessions_have_none(event):
    sessions = [make_session(event, hour, code="") for hour in (10, 11)]
    assert [session.code for session in sessions] == [None, None]


@pytest.mark.parametrize("code", ["a", "1", "ABCD", "A ", "Ä", "A\n"])
def test_a_code_is_capital_letters(code):
    with pytest.raises(ValidationError):
        Session._meta.get_field("code").clean(code, None)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"starts": london(10), "ends": london(10)}, {"ends"}),
        ({"starts": london(10), "ends": london(9), "kind": Kind.WORKSHOP}, {"ends", "series"}),
        ({"kind": Kind.WORKSHOP}, {"series"}),
    ],
)
def test_a_session_says_beside_the_field_what_is_wrong_with_it(values, fields):
    assert faults(Session(**{"kind": Kind.PLENARY, **values})) == fields


def test_a_good_session_has_no_faults():
    workshop(starts=london(10), ends=london(11)).clean()
    Session(kind=Kind.PLENARY).clean()


def test_the_order_of_the_day_is_by_time_then_series_then_code(programme):
    later = make_session(programme.event, 15)
    names = [str(session) for session in Session.objects.in_order()]
    assert names == ["Opening", "1A: Reserves and rest", "1B: Art inside", str(later)]


@pytest.mark.parametrize(
    ("session", "event", "shown"),
    [
        ("published", "published", True), ("cancelled", "published", True), ("published", "cancelled", True),
        ("draft", "published", False), ("published", "draft", False), ("cancelled", "draft", False),
    ],
)  # fmt: skip
def test_visitors_see_a_session_only_if_both_it_and_its_event_are_public(db, session, event, shown):
    make_session(make_event(status=event), status=session)
    assert Session.objects.public().exists() is shown


# Series, rooms, venues


def test_a_series_without_a_title_is_called_by_its_number():
    assert (Series(number=2).name, str(Series(number=2, title="Art"))) == ("Workshop series 2", "Art")


def test_the_colours_of_series_start_again_after_the_third():
    assert [Series(number=number).colour for number in range(1, 8)] == [1, 2, 3, 1, 2, 3, 1]


@pytest.mark.parametrize(
    ("floor", "place"),
    [("First floor", "Heddle Room, first floor"), ("", "Heddle Room"), ("1st floor", "Heddle Room, 1st floor")],
)
def test_a_room_is_said_with_its_floor(floor, place):
    assert Room(name="Heddle Room", floor=floor).place == place


def test_an_address_is_lines_with_the_postcode_last():
    venue = Venue(address="160 Tottenham Road\r\n\r\n London ", postcode="N1 2AB")
    assert venue.address_lines == ["160 Tottenham Road", "London", "N1 2AB"]
    assert Venue(address="Hall").address_lines == ["Hall"]


# Events


@pytest.mark.parametrize(("now", "past"), [(london(16, 59), False), (london(17), True), (london(17, 1), True)])
def test_an_event_is_past_from_the_moment_it_ends(now, past):
    assert EVENT.is_past(now) is past


def test_a_listing_without_a_date_is_never_past():
    assert not Event(is_listing=True).is_past(london(9, day=DAY + datetime.timedelta(9999)))


def test_an_event_stands_in_the_list_where_it_starts(db):
    event = make_event(sorts_at=london(1))
    event.starts = london(8)
    save(event)
    assert Event.objects.get().sorts_at == london(8)


def test_a_listing_without_a_date_stands_where_staff_put_it(db):
    first, last = make_event(), make_event(starts=london(12), ends=london(13))
    between = make_listing(sorts_at=london(11))
    assert list(Event.objects.in_order()) == [first, between, last]


def test_questions_about_events(db):
    ours, listing, draft = make_event(), make_listing(), make_event(status=Status.DRAFT)
    cancelled = make_event(status=Status.CANCELLED)
    assert set(Event.objects.public()) == {ours, listing, cancelled}
    assert set(Event.objects.ours()) == {ours, draft, cancelled}
    assert set(Event.objects.not_over(london(16, 59))) == {ours, draft, cancelled}
    assert set(Event.objects.not_over(london(17))) == set()


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"starts": london(10), "ends": london(10)}, {"ends"}),
        ({}, {"starts"}),
        ({"is_listing": True}, {"sorts_at"}),
        ({"starts": london(9), "booking_opens": london(2), "booking_closes": london(1)}, {"booking_closes"}),
    ],
)
def test_an_event_says_beside_the_field_what_is_wrong_with_it(values, fields):
    assert faults(Event(**values)) == fields


def test_a_good_event_and_a_listing_without_a_date_have_no_faults():
    EVENT.clean()
    Event(is_listing=True, sorts_at=london(9)).clean()


@pytest.mark.parametrize("name", ["Europe/Londn", "", "GMT+1", "../../etc/passwd", "\0"])
def test_an_unknown_time_zone_is_refused(name):
    with pytest.raises(ValidationError):
        Event._meta.get_field("time_zone").clean(name, None)


def test_the_events_zone_is_the_one_staff_chose():
    assert Event(time_zone="Europe/Paris").zone == zoneinfo.ZoneInfo("Europe/Paris")
    assert Event._meta.get_field("time_zone").clean("Europe/Paris", None)


# People, organisations, appearances


@pytest.mark.parametrize(
    ("name", "sort_name", "key"),
    [
        ("Ọlájùmọ̀kẹ́ Adé", "", "ade olajumoke"),
        ("Nguyễn Thị Hà", "Nguyễn Thị Hà", "nguyen thi ha"),
        ("Łukasz Żółć", "", "zolc lukasz"),
        ("Prince", "", "prince"),
        ("  Dee  ", "", "dee"),
        ("Mary Jane van Dyck", "", "dyck mary jane van"),
        ("أمل", "", "امل"),
    ],
)
def test_people_are_filed_under_their_last_word_without_accents(db, name, sort_name, key):
    assert make_person(name, sort_name=sort_name).sort_key == key


def test_people_are_listed_in_that_order(db):
    for name in ("Zoë Bell", "Adé Zola", "Łukasz Ćwik"):
        make_person(name)
    assert [person.name for person in Person.objects.all()] == ["Zoë Bell", "Łukasz Ćwik", "Adé Zola"]


def test_organisations_are_listed_by_name_or_as_staff_say(db):
    for name, sort_name in (("The Long Table", "Long Table, The"), ("Élan", ""), ("Zest", "")):
        make_organisation(name, sort_name=sort_name)
    assert [each.name for each in Organisation.objects.all()] == ["Élan", "The Long Table", "Zest"]


@pytest.mark.parametrize(
    ("until", "gone"), [(None, False), (DAY, False), (DAY - datetime.timedelta(1), True), (datetime.date.min, True)]
)
def test_a_person_is_gone_from_the_day_after_their_last(until, gone):
    assert Person(public_until=until).is_gone(DAY) is gone


def test_a_person_outlives_their_organisation(db):
    person = make_person(organisation=make_organisation())
    person.organisation.delete()
    person.refresh_from_db()
    assert person.organisation is None


@pytest.mark.parametrize("who", [{}, {"person": Person(name="Dee"), "organisation": Organisation(name="Table")}])
def test_an_appearance_is_of_one_person_or_organisation(who):
    assert faults(Appearance(**who)) == {"person"}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"person": Person(name="Dee")}, "Dee"),
        ({"organisation": Organisation(name="The Long Table")}, "The Long Table"),
        ({"person": Person(name="Dee"), "wording": "Members of the choir"}, "Members of the choir"),
        ({}, "Nobody"),
    ],
)
def test_an_appearance_is_named_by_who_it_is(values, name):
    assert str(Appearance(**values)) == name


def test_appearances_keep_the_order_that_staff_give_them(programme):
    for order, role in ((2, Role.HOST), (1, Role.PANELLIST)):
        save(Appearance(session=programme.panel, person=make_person(), role=role, order=order))
    assert [each.role for each in programme.panel.appearances.all()] == ["chair", "panellist", "host"]


# Saving fills in what is repeated


def test_a_session_is_saved_with_its_events_hours_and_status(event):
    session = make_session(event)
    assert (session.event_starts, session.event_ends, session.event_status) == (london(9), london(17), "published")


def test_a_session_saved_by_itself_has_the_events_hours_of_now_and_not_of_when_it_was_read(event):
    session = make_session(event)
    Event.objects.filter(pk=event.pk).update(starts=london(7))
    session.save()
    assert session.event_starts == london(7)


def test_an_appearance_is_saved_with_its_sessions_hours(programme):
    repeated = programme.chairing.session_starts, programme.chairing.session_ends, programme.chairing.session_status
    assert repeated == (london(10), london(11), "published")


def test_a_workshop_keeps_its_code_through_a_save(event):
    workshop = make_workshop(save(Series(event=event, number=1)), "B")
    workshop.save()
    assert Session.objects.get().full_code == "1B"


def test_the_builders_make_what_they_say(event):
    assert (new_session(event, 10).ends, DAY.strftime("%A")) == (london(11), "Wednesday")


@pytest.mark.parametrize(
    ("name", "address", "postcode", "place"),
    [
        ("Loom House", "1 Example Street\nLondon", "", "Loom House, London"),
        ("Resource for London", "356 Holloway Road\nLondon", "N7 6PA", "Resource for London, N7 6PA"),
        ("Loom House", "1 Example Street", "M1 1AA", "Loom House, M1 1AA"),
        ("Loom House", "", "", "Loom House"),
    ],
)
def test_a_venue_says_roughly_where_it_is(name, address, postcode, place):
    assert Venue(name=name, address=address, postcode=postcode).place == place
