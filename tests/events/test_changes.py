"""The one way to save a change: all of it or nothing, refused in sentences, with listeners told before and after."""

import contextlib
import datetime
import unicodedata

import pytest
from django.db import OperationalError, connection

from events import changes
from events.models import (
    Appearance,
    Event,
    FormerSlug,
    Kind,
    Organisation,
    Person,
    Room,
    Series,
    Session,
    Status,
    Venue,
)
from events.models.clash_reasons import SAY_WHY
from events.problems import Problem, Refused
from tests.builders import (
    DAY,
    london,
    make_appearance,
    make_event,
    make_listing,
    make_person,
    make_room,
    make_series,
    make_session,
    make_workshop,
    new_session,
    save,
)

HOUR = datetime.timedelta(hours=1)


def refusal(*rows, deletes=()):
    """Return the problems of a change that has to be refused."""
    with pytest.raises(Refused) as refused:
        changes.apply(saves=rows, deletes=deletes)
    return refused.value.problems


def sentences(*rows, deletes=()):
    return [problem.message for problem in refusal(*rows, deletes=deletes)]


# Listeners


class Listener:
    """Writes down what it is told, and answers as it is told to."""

    def __init__(self, answer=(), fault=None):
        self.answer, self.fault, self.checked, self.told = list(answer), fault, [], []

    def check(self, before, after):
        self.checked.append((list(before), list(after), Session.objects.count(), connection.in_atomic_block))
        return self.answer

    def after(self, before, after):
        self.told.append((list(before), list(after), Session.objects.count(), connection.in_atomic_block))
        if self.fault:
            raise self.fault


@contextlib.contextmanager
def listening(**values):
    listener = Listener(**values)
    changes.subscribe(listener)
    try:
        yield listener
    finally:
        changes.unsubscribe(listener)


def test_listeners_see_each_row_as_it_was_and_as_it_will_be_side_by_side(event):
    stays, goes, comes = make_session(event, 10, title="Old"), make_session(event, 11), new_session(event, 12)
    stays.title, key = "New", goes.pk
    with listening() as listener:
        changes.apply(saves=[stays, comes], deletes=[goes])
    for before, after, *_ in (listener.checked[0], listener.told[0]):
        assert (before[0].title, before[1], before[2].pk) == ("Old", None, key)
        assert (after[0].title, after[1], after[2]) == ("New", comes, None)


@pytest.mark.django_db(transaction=True)
def test_listeners_run_inside_the_transaction_before_and_after_it_is_written():
    event = make_event()
    with listening() as listener:
        save(new_session(event))
    assert [(seen, inside) for *_, seen, inside in listener.checked] == [(0, True)]
    assert [(seen, inside) for *_, seen, inside in listener.told] == [(1, True)]


def test_a_listener_refuses_in_words_and_nothing_is_written(event):
    with listening(answer=[Problem("Twelve people have chosen it.")]) as listener:
        assert sentences(new_session(event)) == ["Twelve people have chosen it."]
    assert (Session.objects.count(), listener.told) == (0, [])


def test_without_the_listener_the_same_change_is_saved(event):
    save(new_session(event))
    assert Session.objects.count() == 1


def test_what_rules_and_listeners_object_to_is_said_together(event):
    with listening(answer=[Problem("Twelve people have chosen it.")]):
        said = sentences(new_session(event, 20))
    assert len(said) == 2 and "not within the event" in said[0]


@pytest.mark.django_db(transaction=True)
def test_a_fault_in_a_listener_takes_the_whole_change_back():
    event = make_event()
    with listening(fault=LookupError("no queue")), pytest.raises(LookupError):
        save(new_session(event))
    assert Session.objects.count() == 0


class Slow(Listener):
    """Takes longer than PostgreSQL is told to wait."""

    def after(self, before, after):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(10)")


def test_a_fault_that_is_nobodys_clash_is_not_called_one(event):
    changes.subscribe(slow := Slow())
    try:
        with pytest.raises(OperationalError, match="statement timeout"):
            save(new_session(event))
    finally:
        changes.unsubscribe(slow)
    assert Session.objects.count() == 0


def test_who_unsubscribed_is_told_nothing(event):
    with listening() as listener:
        pass
    save(new_session(event))
    assert listener.checked == []


# Several rows that only fit together


def test_two_sessions_swap_rooms_in_one_change(event):
    rooms = make_room("Upper Hall"), make_room("Lower Hall")
    one, two = (make_session(event, 10, room=room) for room in rooms)
    one.room, two.room = two.room, one.room
    save(one, two)
    assert [Session.objects.get(pk=each.pk).room for each in (one, two)] == [rooms[1], rooms[0]]


def test_half_of_that_swap_is_refused(event):
    one, two = (make_session(event, 10, room=make_room()) for _ in range(2))
    one.room = two.room
    assert refusal(one)[0].field == "room"


def test_two_workshops_swap_codes_and_addresses_in_one_change(event):
    series = make_series(event)
    one, two = make_workshop(series, "A", slug="rest"), make_workshop(series, "B", slug="art")
    one.code, two.code, one.slug, two.slug = "B", "A", "art", "rest"
    save(one, two)
    assert list(Session.objects.order_by("pk").values_list("code", "slug")) == [("B", "art"), ("A", "rest")]


def test_two_people_swap_sessions_in_one_change(programme):
    other = make_appearance(programme.second, make_person("Dee"))
    programme.leading.session, other.session = programme.second, programme.first
    save(programme.leading, other)
    assert Appearance.objects.get(pk=other.pk).session == programme.first


@pytest.mark.parametrize("by", [-400, -1, 1, 400], ids="{} days".format)
def test_a_whole_day_moves_with_its_sessions(programme, by):
    rows = [programme.event, programme.panel, programme.first, programme.second]
    for row in rows:
        row.starts, row.ends = (moment + datetime.timedelta(by) for moment in (row.starts, row.ends))
    save(*rows)
    stored = [type(row).objects.get(pk=row.pk) for row in rows]
    assert [(row.starts, row.ends) for row in stored] == [(row.starts, row.ends) for row in rows]
    assert Appearance.objects.get(pk=programme.chairing.pk).session_starts == programme.panel.starts


def test_a_day_that_moves_by_an_hour_passes_over_its_own_sessions(event):
    room = make_room()
    rows = [event, *(make_session(event, hour, room=room) for hour in range(9, 17))]
    for row in rows:
        row.starts, row.ends = row.starts + HOUR, row.ends + HOUR
    save(*rows)
    assert Session.objects.order_by("starts").first().starts == london(10)


def test_a_day_that_moves_without_one_of_its_sessions_is_refused_by_that_name(programme):
    programme.event.starts, programme.event.ends = london(20), london(22)
    assert "“Opening” is not within the event, which is on Wednesday 16 June 2027, 8pm to 10pm." in sentences(
        programme.event
    )
    assert Event.objects.get(pk=programme.event.pk).starts == london(9)


@pytest.mark.parametrize(("starts", "ends"), [(8, 20), (10, 12), (9, 24)], ids=["wider", "narrower", "to midnight"])
def test_an_event_gets_other_hours_around_its_sessions(programme, starts, ends):
    programme.event.starts, programme.event.ends = london(starts), london(ends)
    save(programme.event)
    assert set(Session.objects.values_list("event_starts", "event_ends")) == {(london(starts), london(ends))}


def test_a_listing_gets_its_date_and_may_lose_it_again(db):
    listing = make_listing()
    listing.starts, listing.ends = london(10), london(12)
    save(listing)
    listing.starts = listing.ends = None
    save(listing)
    assert Event.objects.get().sorts_at == london(10)


def test_an_event_gets_wider_hours_and_a_session_in_them_in_one_change(event):
    event.ends = london(20)
    save(event, new_session(event, 19))
    assert Session.objects.get().event_ends == london(20)


def test_a_new_event_its_series_sessions_and_people_are_one_change(db):
    event = Event(title="New", starts=london(9), ends=london(17))
    series, person = Series(event=event, number=1), Person(name="Dee")
    session = new_session(event, kind=Kind.WORKSHOP, series=series, code="A")
    save(event, series, session, person, Appearance(session=session, person=person))
    assert str(Appearance.objects.get(session__event__slug="new")) == "Dee"


def test_a_room_is_free_for_what_takes_the_place_of_a_deleted_session(event):
    old = make_session(event, 10, room=make_room())
    changes.apply(saves=[new_session(event, 10, room=old.room)], deletes=[old])
    assert Session.objects.count() == 1


def test_somebody_is_free_when_the_session_they_were_in_is_deleted_in_the_same_change(event):
    person, other, old = make_person(), make_session(event, 10), make_session(event, 10)
    make_appearance(old, person)
    changes.apply(saves=[Appearance(session=other, person=person)], deletes=[old])
    assert Appearance.objects.get().session == other


def test_rooms_and_people_are_free_when_their_event_is_deleted_in_the_same_change(event):
    person, room, other = make_person(), make_room(), make_event("Other")
    make_appearance(make_session(event, 10, room=room), person)
    session = new_session(other, 10, room=room)
    changes.apply(saves=[session, Appearance(session=session, person=person)], deletes=[event])
    assert Appearance.objects.get().session == session


# What the rules say


def test_a_taken_room_is_named_with_what_is_in_it_and_when(event):
    room = make_room("Room 2")
    make_session(event, title="Rest", room=room, starts=london(11, 45), ends=london(12, 30))
    problem = refusal(newcomer := new_session(event, 12, room=room))[0]
    assert problem == Problem("Room 2 already has “Rest” from 11:45am to 12:30pm.", newcomer, "room")


def test_two_new_sessions_that_clash_with_each_other_are_found_before_they_are_written(event):
    room = make_room("Room 2")
    both = [new_session(event, 10, room=room, title=title) for title in ("Rest", "Art")]
    assert sentences(*both) == ["Room 2 already has “Art” from 10am to 11am."]


@pytest.mark.parametrize(
    "free", [{"status": Status.DRAFT}, {"status": Status.CANCELLED}, {"clash_reason": "Two corners"}, {"room": None}]
)
def test_the_rule_leaves_a_room_free_where_postgresql_does(event, free):
    room = make_room()
    make_session(event, 10, room=room)
    save(new_session(event, 10, **{"room": room, **free}))
    assert Session.objects.count() == 2


@pytest.mark.parametrize("reason", [" ", "–", "12"])
def test_what_says_nothing_is_no_reason(event, reason):
    room, person = make_room(), make_person()
    make_appearance(make_session(event, 10, room=room), person)
    assert sentences(new_session(event, 10, room=room, clash_reason=reason)) == [SAY_WHY]
    again = Appearance(session=make_session(event, 10), person=person, clash_reason=reason)
    assert sentences(again) == [SAY_WHY]


def test_the_rule_leaves_rooms_and_people_free_in_a_cancelled_event(event):
    room, person, cancelled = make_room(), make_person(), make_event(status=Status.CANCELLED)
    make_appearance(make_session(cancelled, 10, room=room), person)
    make_appearance(make_session(event, 10, room=room), person)
    make_appearance(make_session(cancelled, 10, room=room), person)
    assert Appearance.objects.count() == 3


def test_the_rule_lets_somebody_be_in_two_sessions_with_a_reason(event):
    person = make_person()
    make_appearance(make_session(event, 10), person)
    make_appearance(make_session(event, 10), person, clash_reason="Joins by video")
    assert Appearance.objects.count() == 2


def test_times_are_said_in_the_zone_of_the_event(db):
    event, room = make_event(time_zone="Europe/Paris"), make_room("Salle 2")
    make_session(event, 11, room=room, title="Rest")
    assert sentences(new_session(event, 11, room=room)) == ["Salle 2 already has “Rest” from midday to 1pm."]


def test_somebody_in_two_sessions_is_named_with_the_other_session(event):
    person = make_person("Dee")
    make_appearance(make_session(event, 11, title="Rest"), person)
    problem = refusal(joining := Appearance(session=make_session(event, 11), person=person))[0]
    assert problem == Problem("Dee is already in “Rest” from 11am to midday.", joining, "person")


def test_a_session_that_moves_into_another_of_its_speaker_names_the_speaker(programme):
    programme.first.starts, programme.first.room = london(10, 30), None
    assert sentences(programme.first) == ["Ọlájùmọ̀kẹ́ Adé is already in “Opening” from 10am to 11am."]


def test_a_workshop_is_named_by_its_code(event):
    workshop = make_workshop(make_series(event, 2), "C", 11, room=make_room("Room 2"), title="Rest")
    assert sentences(new_session(event, 11, room=workshop.room)) == [
        "Room 2 already has “2C: Rest” from 11am to midday."
    ]


def test_a_session_outside_of_its_event_is_named_with_the_events_hours(event):
    problem = refusal(late := new_session(event, 17, title="Dinner"))[0]
    sentence = "“Dinner” is not within the event, which is on Wednesday 16 June 2027, 9am to 5pm."
    assert problem == Problem(sentence, late, "starts")


def test_a_listing_has_no_programme(db):
    assert sentences(new_session(make_listing()))[0] == "A listing of another organisation’s event has no programme."


def test_a_series_of_another_event_is_refused(event, programme):
    programme.first.series = programme.other_series
    assert sentences(programme.first)[0] == "Workshop series 1 belongs to another event."


def test_an_address_twice_in_an_event_is_said_beside_the_session_that_was_changed(event):
    make_session(event, slug="rest")
    problem = refusal(event, second := new_session(event, 11, slug="rest"))[0]
    assert problem == Problem("Another session of this event has the address “rest”: choose another.", second, "slug")


def test_a_code_twice_in_a_series_is_refused(event):
    series = make_series(event, 3)
    make_workshop(series, "A")
    problem = refusal(new_session(event, 11, kind=Kind.WORKSHOP, series=series, code="A"))[0]
    assert (problem.message, problem.field) == ("3A is taken by another workshop of this series.", "code")


def test_bringing_back_a_cancelled_event_into_taken_rooms_is_refused_in_words(event):
    room = make_room("Room 2")
    cancelled = make_event("Cancelled", status=Status.CANCELLED)
    make_session(cancelled, 10, room=room)
    make_session(event, 10, room=room, title="Rest")
    cancelled.status = Status.PUBLISHED
    assert sentences(cancelled) == ["Room 2 already has “Rest” from 10am to 11am."]


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"ends": london(10)}, "A session has to end after it starts."),
        ({"kind": Kind.WORKSHOP}, "A workshop belongs to a series: choose one."),
    ],
)
def test_what_only_postgresql_finds_is_said_in_words_too(event, broken, sentence):
    assert sentences(new_session(event, 10, **broken)) == [sentence]


def test_an_appearance_of_nobody_is_refused_in_words(programme):
    nobody = Appearance(session=programme.panel)
    assert sentences(nobody) == ["Choose a person or an organisation: one of the two."]


def test_an_event_that_ends_before_it_starts_is_refused_in_words(event):
    event.ends = event.starts - HOUR
    assert sentences(event)[-1] == "The event has to end after it starts."


def test_an_unforeseen_refusal_is_a_sentence_too(event):
    assert sentences(new_session(event, status="live"))[0].startswith("This does not fit the rest of the programme.")


def test_after_a_refusal_the_same_rows_can_be_put_right_and_saved(event):
    person, session = Person(name="Dee"), new_session(event, 10, ends=london(10))
    joining = Appearance(session=session, person=person)
    assert refusal(person, session, joining)
    assert (person.pk, session.pk, joining.pk) == (None, None, None)
    session.ends = london(11)
    save(person, session, joining)
    assert Appearance.objects.get().person.name == "Dee"


def test_after_a_refusal_rows_that_were_written_find_their_parents_again(event):
    person, session, bad = Person(name="Dee"), new_session(event), new_session(event, 11, ends=london(11))
    joining = Appearance(session=session, person=person)
    refusal(person, session, joining, bad)
    bad.ends = london(12)
    save(person, session, joining, bad)
    assert Appearance.objects.get().session == session


def test_a_refused_change_leaves_nothing_behind(programme):
    programme.panel.title, programme.first.room = "Changed", None
    programme.second.ends = london(18)
    refusal(programme.panel, programme.first, programme.second)
    assert Session.objects.get(pk=programme.panel.pk).title == "Opening"


# Deleting


def test_a_room_in_use_is_not_deleted_and_the_sentence_says_why(programme):
    assert sentences(deletes=[programme.lower]) == ["Lower Hall is still needed by “1B: Art inside”."]


def test_a_series_in_use_is_not_deleted_and_the_sentence_says_why(programme):
    assert sentences(deletes=[programme.series])[0].startswith("Workshop series 1 is still needed by “1A: Reserves")


def test_an_event_is_deleted_with_its_programme(programme):
    changes.apply(deletes=[programme.event])
    assert (Session.objects.count(), Appearance.objects.count()) == (0, 0)
    assert Person.objects.filter(pk=programme.person.pk).exists()


def test_what_is_deleted_is_no_longer_led_to_by_its_old_addresses(event):
    session = make_session(event, slug="old")
    session.slug = "new"
    save(session)
    assert FormerSlug.objects.get().slug == "old"
    changes.apply(deletes=[session])
    assert not FormerSlug.objects.exists()


# What is made good before it is saved


def test_letters_are_stored_in_one_form_and_without_null_characters(event):
    decomposed = unicodedata.normalize("NFD", "Café Gruffŷdd")
    session = make_session(event, title=f"{decomposed}\0", abstract=f"{decomposed}\0")
    session.refresh_from_db()
    assert (session.title, session.abstract, session.slug) == ("Café Gruffŷdd", "Café Gruffŷdd", "cafe-gruffydd")


def test_a_session_without_a_title_gets_an_address_from_its_code(event):
    assert make_workshop(make_series(event, 1), "A", title="").slug == "workshop-1a"


def test_a_titleless_panel_gets_an_address_from_its_part_of_the_day(event):
    assert make_session(event, title="", kind=Kind.PANEL, label="Morning keynote panel").slug == "morning-keynote-panel"


def test_an_address_that_is_taken_gets_a_number(event):
    made = save(*(sessions := [new_session(event, 10, title="Rest") for _ in range(3)]))
    assert [each.slug for each in [*sessions, make_session(event, title="Rest")]] == [
        "rest",
        "rest-2",
        "rest-3",
        "rest-4",
    ]
    assert made.slug == "rest"


def test_two_events_may_each_have_a_session_at_the_same_address(event):
    assert [make_session(each, title="Rest").slug for each in (event, make_event("Other"))] == ["rest", "rest"]


def test_a_numbered_long_address_is_still_a_good_one(event):
    title = "a" * 74 + " break"
    slugs = [make_session(event, title=title).slug for _ in range(2)]
    assert slugs == ["a" * 74 + "-break", "a" * 74 + "-2"]


def test_an_address_that_was_chosen_is_kept(event):
    assert make_session(event, title="Rest", slug="reserves-and-rest").slug == "reserves-and-rest"


def test_a_name_in_another_script_gets_an_address_too(db):
    slugs = {make_person("أمل"), make_person("أمل")}
    assert all(person.slug.startswith("person-") and len(person.slug) == 13 for person in slugs)


def test_a_name_of_the_longest_letters_is_saved(db):
    assert make_person("ﷺ" * 200).pk


# History


def every_model(programme):
    return {
        Venue: programme.house, Room: programme.upper, Event: programme.event, Series: programme.series,
        Session: programme.panel, Person: programme.person, Organisation: programme.organisation,
        Appearance: programme.chairing,
    }  # fmt: skip


@pytest.mark.parametrize("model", [Venue, Room, Event, Series, Session, Person, Organisation, Appearance])
def test_everything_in_the_programme_has_a_history_from_its_first_save(programme, model):
    row = every_model(programme)[model]
    assert [record.history_type for record in row.history.all()] == ["+"]
    save(row)
    assert [record.history_type for record in row.history.all()] == ["~", "+"]


@pytest.mark.parametrize("model", [Event, Session, Person, Organisation, Appearance])
def test_a_deletion_stays_in_the_history(programme, model):
    row = every_model(programme)[model]
    key = row.pk
    changes.apply(deletes=[row])
    assert model.history.filter(id=key).first().history_type == "-"


def test_a_refused_change_is_not_in_the_history(programme):
    programme.panel.ends = london(18)
    refusal(programme.panel)
    assert programme.panel.history.count() == 1


def test_an_event_on_the_day_of_the_builders_is_in_summer_time():
    assert london(9).utcoffset() == HOUR and london(24).date() == DAY + datetime.timedelta(1)
