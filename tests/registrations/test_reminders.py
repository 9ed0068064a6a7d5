"""Reminders: seven days and one day before, at hours in which people are awake, once, also after an outage."""

import datetime
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event, Status
from registrations import booking, places, tasks
from registrations.answering.answers import Payer
from registrations.messages import emails, outbox, reminders
from registrations.models import Message, MessageKind
from tests.builders import london, make_room, make_venue
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register
from tests.registrations.many_people import all_at_once
from tests.registrations.test_messages_words import said

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)


def june(day, hour=9, minute=0):
    """That moment of June 2027 in London; the event is on the 16th, from 9am."""
    return london(hour, minute, datetime.date(2027, 6, day))


def reminded():
    """Who was reminded, and of which: “Anna 7”."""
    found = Message.objects.filter(kind=MessageKind.REMINDER).select_related("registration").order_by("pk")
    return [f"{each.registration.name} {each.facts['days']}" for each in found]


def send_each_hour(begins, ends):
    """Ask as the worker does, every hour."""
    while begins < ends:
        reminders.send_due(begins)
        begins += 60 * MINUTE


@pytest.fixture
def day():
    day = make_day()
    day.anna = register(day, "Anna", take=day.a1)
    return day


def test_each_is_sent_once_however_often_it_is_asked(day):
    send_each_hour(june(1, 0), june(17))
    assert reminded() == ["Anna 7", "Anna 1"]
    assert list(Message.objects.filter(kind="reminder").values_list("created_at", flat=True)) == [june(9), june(15)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (june(8, 17, 59), None), (june(9, 8, 59), None), (june(9, 9), 7), (june(9, 17, 59), 7), (june(9, 18), None),
        (june(10, 9), 7), (june(14, 9), 7),  # after an outage, as long as two days are left
        (june(14, 9, 1), None), (june(14, 17), None),
        (june(15, 8, 59), None), (june(15, 9), 1), (june(15, 18), None),
    ],
)  # fmt: skip
def test_which_is_due(day, now, expected):
    assert reminders.days_before(day.event, now) == expected
    assert reminders.send_due(now) == (1 if expected else 0)


def test_on_the_day_itself_only_before_an_event_that_begins_late(day):
    edit(day.a1, starts=london(15), ends=london(16)), edit(day.b1, starts=london(15), ends=london(16))
    edit(day.a2, starts=london(16), ends=london(17)), edit(day.b2, starts=london(16), ends=london(17))
    edit(day.event, starts=london(14))
    assert reminders.send_due(june(16, 13, 59)) == 1
    Message.objects.filter(kind="reminder").delete()
    assert reminders.send_due(june(16, 14)) == 0 and reminders.send_due(june(16, 15)) == 0


def test_the_hours_are_those_of_the_place_where_the_event_is():
    day = make_day(time_zone="America/New_York")
    register(day)
    assert reminders.send_due(june(9, 13, 59)) == 0  # 8:59am there
    assert reminders.send_due(june(9, 14)) == 1


def test_both_are_on_the_right_day_where_the_clocks_change_in_between():
    starts = datetime.datetime(2027, 3, 30, 8, tzinfo=datetime.UTC)  # 9am in summer time
    day = make_day(hours=(), starts=starts, ends=starts + datetime.timedelta(hours=8))
    register(day, "Anna", now=starts - 20 * DAY)
    send_each_hour(starts - 10 * DAY, starts + DAY)
    sent = Message.objects.filter(kind="reminder").values_list("created_at", flat=True)
    assert [f"{each.astimezone(day.event.zone):%d %H:%M}" for each in sent] == ["23 09:00", "29 09:00"]


def test_whoever_has_just_registered_is_not_reminded_of_it(day):
    register(day, "Ben", now=june(8, 9, 1))  # less than a day before the first
    register(day, "Cai", now=june(11, 9))  # after it
    register(day, "Dan", now=june(14, 9, 1))  # less than a day before the second
    register(day, "Eve", now=june(15, 10))
    send_each_hour(june(9), june(17))
    assert reminded() == ["Anna 7", "Anna 1", "Ben 1", "Cai 1"]


def test_an_event_that_was_moved_meanwhile_is_not_reminded_of(monkeypatch):
    """The day is read again under the lock: here it was moved after it had been read, and before the lock came."""
    day = make_day(hours=())
    register(day)
    opened = places.opened

    def moved(key, **more):
        Event.objects.filter(pk=key).update(starts=day.event.starts + 60 * DAY, ends=day.event.ends + 60 * DAY)
        return opened(key, **more)

    monkeypatch.setattr(places, "opened", moved)
    assert reminders.send_due(june(9)) == 0 and reminded() == []


def test_only_who_has_a_place_and_an_address(day):
    register(day, "Nobody’s address", email="", by_staff=True)
    booking.cancel(register(day, "Gone"), NOW)
    full = make_day(title="Full", event_capacity=1)
    register(full, "First"), register(full, "Waits")
    reminders.send_due(june(9))
    assert sorted(reminded()) == ["Anna 7", "First 7"]
    assert not Message.objects.filter(state="to_ring").exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
def test_not_of_an_event_that_does_not_take_place(status):
    day = make_day(hours=())
    register(day)
    type(day.event).objects.filter(pk=day.event.pk).update(status=status)
    assert reminders.send_due(june(9)) == 0
    type(day.event).objects.filter(pk=day.event.pk).update(status=Status.PUBLISHED)
    assert reminders.send_due(june(9)) == 1


def test_more_people_are_not_more_questions(day):
    def questions(now):
        with CaptureQueriesContext(connection) as asked:
            reminders.send_due(now)
        return len(asked)

    questions(june(9))  # the event is remembered from then on
    Message.objects.filter(kind="reminder").delete()
    one = questions(june(9))
    for _ in range(29):
        register(day)
    Message.objects.filter(kind="reminder").delete()
    assert questions(june(10)) == one
    assert len(reminded()) == 30


def test_many_are_reminded_in_several_parts_each_once(day, monkeypatch):
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    for _ in range(3):
        register(day)
    assert reminders.send_due(june(9)) == 4
    assert set(Counter(reminded()).values()) == {1} and len(reminded()) == 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_remind_nobody_twice():
    day = make_day()
    for _ in range(5):
        register(day)
    done = all_at_once([lambda: reminders.send_due(june(9))] * 4)
    assert sum(done) == 5 and len(reminded()) == 5


def test_the_worker_asks_every_hour(time_machine, day):
    time_machine.move_to(june(9, 9, 5))
    tasks.remind()
    assert reminded() == ["Anna 7"]
    schedule = tasks.app.periodic_registry.periodic_tasks[tasks.REMIND, ""].croniter
    assert schedule.get_next(float, start_time=june(9, 9, 5).timestamp()) == june(9, 10, 5).timestamp()


# What it says


def reminder(registration, now=None):
    reminders.send_due(now or june(9))
    return emails.write(Message.objects.get(registration=registration, kind="reminder"))


def test_it_says_where_and_when_what_they_have_and_how_to_change_it():
    travel = "**Five minutes** from the [station](https://example.org).\n\n- Bus 73\n" + "A long way round. " * 60
    venue = make_venue(name="Loom House", postcode="N1 1AA", travel=travel)
    day = make_day(places=(1, None), hours=(11, 13, 15), venue=venue)
    register(day, take=[day.a2])
    mine = register(day, "Ann", take=[day.a1, day.b2], wait=[day.a2])
    edit(day.a1, room=make_room("Heddle Room", floor="First floor", venue=venue))
    result = reminder(mine)
    assert result.subject == f"Your day comes near: Annual conference, Wednesday 16 June 2027 ({mine.reference})"
    assert "BEGIN:VCALENDAR" in result.calendar
    for words in said(result):
        assert "We look forward to seeing you on Wednesday 16 June 2027." in words
        assert "what can still be changed" in words
        assert "Wednesday 16 June 2027, 9am to 5pm" in words and "Loom House, 1 High Street, London, N1 1AA" in words
        assert "Five minutes from the station. Bus 73" in words and words.count("A long way round.") < 30
        assert "1A Workshop 1A 11am to midday, Heddle Room, first floor Confirmed" in words
        assert "2A Workshop 2A 1pm to 2pm Waiting list: you are number 1" in words
        assert "Workshop series 3, 3pm: nothing chosen yet." in words
        assert "give your place back" in words and "To change your workshops or your details" in words
        assert "What is owed" not in words and "WHAT IS OWED" not in words  # nothing
    assert result.text.count("https://personal-link.invalid/") == 2


def test_the_one_of_the_day_before_says_what_is_needed(day):
    for words in said(reminder(day.anna, june(15))):
        assert "Here is what you need for the day." in words and "Getting there" not in words


def test_what_is_still_owed_is_said():
    day = make_day()
    mine = register(day, ticket=make_ticket_type(day.event, "Members", 5000), payer=Payer("City Charity"))
    for words in said(reminder(mine)):
        assert "£50. We will send an invoice to City Charity" in words


def test_one_that_is_put_into_words_after_the_event_was_cancelled_says_so(day):
    outbox.queue([outbox.Letter(MessageKind.REMINDER, day.anna, {"days": 7})], NOW)
    edit(day.event, status=Status.CANCELLED)
    day.anna.event.refresh_from_db()
    for words in said(emails.write(Message.objects.get(registration=day.anna, kind="reminder"))):
        assert "has been cancelled since" in words and "We look forward" not in words
