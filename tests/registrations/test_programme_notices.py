"""What those who have booked are told when staff move or cancel a session, a room or the event's own hours."""

import datetime

import pytest
from django.db import connection

from events import changes
from events.models import Session, Status
from registrations import invariants
from registrations.messages import emails, sending
from registrations.models import (
    Message,
    MessageKind,
    MessageState,
)
from registrations.my_day import corrections, what_changed
from tests.builders import london, make_room, make_session, make_venue, make_workshop
from tests.registrations.builders import MINUTE, NOW, change, edit, event_of, make_day, register
from tests.registrations.telling import entries, queries_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_broken():
    """After each test the invariants hold."""
    yield
    connection.check_constraints()
    assert invariants.broken(NOW) == []


# Times and rooms


HOUR = datetime.timedelta(hours=1)
PROGRAMME_CHANGED = MessageKind.PROGRAMME_CHANGED


def changes_told():
    """Return who is told of what has changed, and what: the lines of each message as it would be written now."""
    return {each.registration.name: lines(each) for each in told(PROGRAMME_CHANGED)}


def lines(message):
    text = emails.write(message).text
    found = text.partition("last wrote to you:")[2].partition("You need do nothing")[0]
    return [line.removeprefix("- ") for line in found.strip().splitlines()]


def test_a_workshop_at_another_time_is_told_to_who_has_it_or_waits_for_it():
    day = make_day(places=(1, None))
    register(day, "Has", take=day.a1)
    register(day, "Waits", take=day.b1, wait=day.a1)
    register(day, "Other", take=day.b1)
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    line = "1A Workshop 1A: was 11am to midday; is now 11:30am to 12:30pm."
    assert changes_told() == {"Has": [line], "Waits": [line]}


def test_who_waits_for_the_event_and_for_the_workshop_is_told_too():
    day = make_day(event_capacity=1)
    register(day, "Has", take=day.a1)
    register(day, "Waits", take=day.a1)
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    assert set(changes_told()) == {"Has", "Waits"}


def test_a_session_for_everybody_in_another_room_is_told_to_everybody_who_has_a_place():
    day = make_day(event_capacity=2)
    hall = make_room("Heddle Room", floor="First floor", venue=make_venue(name="Loom House"))
    edit(day.event, venue=hall.venue)
    opening = make_session(day.event, 15, title="Opening", room=hall)
    for name in ("Ada", "Bea", "Waits"):
        register(day, name)
    edit(opening, room=make_room("Reed Room", venue=hall.venue))
    line = "Opening: was 3pm to 4pm, Heddle Room, first floor; is now 3pm to 4pm, Reed Room."
    assert changes_told() == {"Ada": [line], "Bea": [line]}


def test_a_room_in_another_house_is_named_with_it_and_a_room_that_is_new_too():
    day = make_day()
    register(day, "Ada", take=[day.a1, day.a2])
    far, near = make_room("Hall", venue=make_venue(name="Far House")), make_room("Hall")
    edit(day.event, venue=near.venue)
    edit(day.a1, room=far), edit(day.a2, room=near)
    found = changes_told()["Ada"][1:]
    assert found == [
        "1A Workshop 1A: was 11am to midday, no room yet; is now 11am to midday, Hall, Far House.",
        "2A Workshop 2A: was 1pm to 2pm, no room yet; is now 1pm to 2pm, Hall.",
    ]


def test_the_hours_and_the_venue_of_the_event_are_told_with_the_day():
    day = make_day(venue=make_venue(name="Loom House"))
    register(day, "Ada")
    edit(day.event, venue=make_venue(name="Mill", address="2 Low Road\nLeeds"), ends=london(18))
    assert changes_told() == {
        "Ada": [
            "The day: was 9am to 5pm, Loom House, 1 High Street, London; is now 9am to 6pm, Mill, 2 Low Road, Leeds."
        ]
    }


def test_a_whole_day_that_moves_says_the_dates():
    day = make_day(hours=(11,))
    register(day, "Ada", take=day.a1)
    event, session = event_of(day), Session.objects.get(pk=day.a1.pk)
    for row in (event, session):
        row.starts, row.ends = row.starts + 24 * HOUR, row.ends + 24 * HOUR
    other = Session.objects.get(pk=day.b1.pk)
    other.starts, other.ends = other.starts + 24 * HOUR, other.ends + 24 * HOUR
    changes.apply(saves=[event, session, other])
    assert changes_told()["Ada"] == [
        "The day: was Wednesday 16 June 2027, 9am to 5pm; is now Thursday 17 June 2027, 9am to 5pm.",
        "1A Workshop 1A: was Wednesday 16 June 2027, 11am to midday; is now Thursday 17 June 2027, 11am to midday.",
    ]


def test_what_is_no_change_of_time_or_room_tells_nobody():
    day = make_day()
    opening = make_session(day.event, 15)
    register(day, take=day.a1)
    edit(day.a1, title="Renamed", abstract="More", capacity=20), edit(opening, title="Renamed too")
    edit(day.event, title="Renamed as well", capacity=100)
    edit(day.b1, starts=london(11, 30), ends=london(12, 30))  # which nobody chose
    assert told(PROGRAMME_CHANGED) == []


def test_edits_of_drafts_and_of_what_is_over_tell_nobody():
    day = make_day()
    opening = make_session(day.event, 15, status=Status.DRAFT)
    edit(day.event, status=Status.DRAFT)  # for which nobody has registered: else it could not become one
    edit(day.event, starts=london(8))
    edit(day.event, status=Status.PUBLISHED, starts=london(9))
    register(day)
    edit(opening, starts=london(16), ends=london(17))
    began = NOW - datetime.timedelta(days=30)
    over = make_day(hours=(), starts=began, ends=began + 8 * HOUR)
    register(over, now=began - HOUR)
    edit(over.event, ends=began + 9 * HOUR)
    assert told(PROGRAMME_CHANGED) == []


def test_a_cancelled_session_for_everybody_will_not_take_place_and_may_after_all():
    day = make_day()
    opening = make_session(day.event, 15, title="Opening")
    ada = register(day, "Ada", now=NOW - HOUR)
    edit(opening, status=Status.CANCELLED)
    assert changes_told() == {"Ada": ["Opening: will not take place (it was to be 3pm to 4pm)."]}
    assert [each.words for each in what_changed.since_last_look(ada)] == [f"“{opening}” will not take place."]
    Message.objects.update(attempts=1)
    edit(opening, status=Status.PUBLISHED)
    assert lines(told(PROGRAMME_CHANGED)[-1]) == ["Opening: takes place after all: 3pm to 4pm."]


def test_several_edits_are_one_message_that_says_what_was_first_and_is_last():
    day = make_day()
    opening = make_session(day.event, 15, title="Opening")
    register(day, "Ada", take=day.a1)
    edit(day.a1, starts=london(11, 10), ends=london(12, 10))
    edit(opening, starts=london(15, 30), ends=london(16, 30))
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    [message] = told(PROGRAMME_CHANGED)
    assert message.due_at == NOW + HOUR and message.facts["changed"] == sorted([day.a1.pk, opening.pk])
    assert lines(message) == [
        "1A Workshop 1A: was 11am to midday; is now 11:30am to 12:30pm.",
        "Opening: was 3pm to 4pm; is now 3:30pm to 4:30pm.",
    ]


def test_a_message_that_is_being_sent_is_left_alone_and_another_is_queued():
    day = make_day()
    register(day, "Ada", take=day.a1)
    edit(day.a1, starts=london(11, 10), ends=london(12, 10))
    Message.objects.filter(kind=PROGRAMME_CHANGED).update(due_at=NOW - 24 * HOUR)
    claimed = sending.claim(NOW)
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    first, second = told(PROGRAMME_CHANGED)
    assert first.pk == claimed.pk and first.facts == claimed.facts
    assert lines(second) == ["1A Workshop 1A: was 11:10am to 12:10pm; is now 11:30am to 12:30pm."]


def test_whoever_begins_within_two_days_is_told_after_ten_minutes():
    day = make_day(hours=(), starts=NOW + 47 * HOUR, ends=NOW + 55 * HOUR)
    register(day)
    edit(day.event, ends=NOW + 56 * HOUR)
    assert told(PROGRAMME_CHANGED)[0].due_at == NOW + 10 * MINUTE


def test_what_is_back_as_it_was_is_not_told_at_all():
    day = make_day()
    register(day, "Ada", take=day.a1), register(day, "Rung", email="", by_staff=True, take=day.a1)
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    assert [each.state for each in told(PROGRAMME_CHANGED)] == [MessageState.QUEUED, MessageState.TO_RING]
    edit(day.a1, starts=london(11), ends=london(12))
    assert told(PROGRAMME_CHANGED) == []


def note_as_sent_all_else():
    Message.objects.exclude(kind=PROGRAMME_CHANGED).update(state=MessageState.SENT, sent_at=NOW)


def test_who_has_given_the_workshop_back_meanwhile_is_sent_nothing(mailoutbox):
    day = make_day()
    gone, stays = register(day, "Gone", take=day.a1), register(day, "Stays", take=day.a1)
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    change(gone, take=day.b1)
    note_as_sent_all_else()
    assert sending.send_due(lambda: NOW + HOUR) == 1
    assert [each.to for each in mailoutbox] == [[stays.email]]
    assert [each.registration for each in told(PROGRAMME_CHANGED)] == [stays]


def test_what_it_says_of_workshops_is_true_when_it_is_written():
    day = make_day()
    ada = register(day, "Ada", take=[day.a1, day.a2])
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    change(ada, take=[day.a1, day.b2])
    result = emails.write(told(PROGRAMME_CHANGED)[0])
    assert "2B Workshop 2B" in result.text and "2A Workshop 2A" not in result.text
    standing = {uid: each.status.value for uid, each in entries(result.calendar).items()}
    confirmed = {str(each.uid): "CONFIRMED" for each in (day.event, day.a1, day.b2)}
    assert standing == confirmed | {str(day.a2.uid): "CANCELLED"}  # which an earlier message may have put there
    moved = entries(result.calendar)[str(day.a1.uid)]
    assert moved.dtstart.value == london(11, 30) and int(moved.sequence.value) > 0


def test_an_event_that_is_cancelled_meanwhile_says_nothing_of_its_hours():
    day = make_day()
    register(day, take=day.a1)
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    edit(day.event, status=Status.CANCELLED)
    note_as_sent_all_else()
    assert sending.send_due(lambda: NOW + HOUR) == 0 and told(PROGRAMME_CHANGED) == []


def test_another_address_meanwhile_gets_a_message_of_its_own():
    day = make_day()
    ada = register(day, "Ada", take=day.a1)
    edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    corrections.correct(ada, {"email": "new@example.org"}, NOW)
    edit(day.a1, starts=london(11, 15), ends=london(12, 15))
    assert [each.recipient for each in told(PROGRAMME_CHANGED)] == ["ada@example.org", "new@example.org"]


def test_my_day_tells_of_the_hours_and_of_workshops():
    day = make_day()
    ada = register(day, "Ada", take=day.a1, now=NOW - HOUR)
    edit(day.event, ends=london(18)), edit(day.a1, starts=london(11, 30), ends=london(12, 30))
    said = [each.words for each in what_changed.since_last_look(ada)]
    assert said == [
        "The hours or the place of the event have changed.",
        "The time or the room of “1A: Workshop 1A” has changed.",
    ]


def test_moving_asks_the_database_as_often_for_thirty_as_for_one():
    counts = []
    for number in (1, 30):
        day = make_day(places=(number, None))
        opening = make_session(day.event, 15)
        for _ in range(number):
            register(day, take=day.a1)
        for _ in range(number):
            register(day, wait=day.a1, take=day.b1)

        def move(minute, opening=opening, day=day):
            rows = [Session.objects.get(pk=each.pk) for each in (opening, day.a1)]
            for row in rows:
                row.starts, row.ends = row.starts.replace(minute=minute), row.ends.replace(minute=minute)
            changes.apply(saves=rows)

        counts.append([queries_of(lambda: move(20)), queries_of(lambda: move(30)), queries_of(lambda: move(0))])
    assert counts[0] == counts[1]


# A workshop is cancelled


def cancelled_words(registration):
    [message] = [each for each in told(MessageKind.WORKSHOP_CANCELLED) if each.registration == registration]
    return emails.write(message)


def test_a_cancelled_workshop_names_those_of_its_series_with_places_as_they_are_when_it_is_written():
    day = make_day(places=(None, 1))
    third, fourth = make_workshop(day.series1, "C", 11, title="Third"), make_workshop(day.series1, "D", 11, title="")
    ada = register(day, "Ada", take=day.a1)
    edit(day.a1, status=Status.CANCELLED)
    words = cancelled_words(ada).text
    assert "1B Workshop 1B: Last few places" in words and "1C Third: Places available" in words
    assert f"http://localhost:8000/events/{day.event.slug}/agenda/{third.slug}/" in words
    assert fourth.full_code not in words and "2A Workshop" not in words
    register(day, "Quicker", take=day.b1)
    assert "1B Workshop" not in cancelled_words(ada).text
    edit(third, status=Status.CANCELLED)
    assert "No other workshop of that series has places left." in cancelled_words(ada).text


def test_who_waited_for_it_and_has_another_is_offered_none():
    day = make_day(places=(1, None))
    holder = register(day, "Holder", take=day.a1)
    waits = register(day, "Waits", take=day.b1, wait=day.a1)
    edit(day.a1, status=Status.CANCELLED)
    words = cancelled_words(waits).text
    assert "places left" not in words and "1B Workshop 1B" in words
    assert "These workshops of that series have places left" in cancelled_words(holder).text


def test_the_calendar_of_who_held_it_cancels_it():
    day = make_day(places=(1, None))
    holder = register(day, "Holder", take=day.a1)
    waits = register(day, "Waits", wait=day.a1)
    edit(day.a1, status=Status.CANCELLED)
    assert entries(cancelled_words(holder).calendar)[str(day.a1.uid)].status.value == "CANCELLED"
    assert str(day.a1.uid) not in entries(cancelled_words(waits).calendar)
