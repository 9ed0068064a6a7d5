"""The programme's version, what is remembered by it, and several questions in one round trip."""

import datetime

import pytest
from django.db import OperationalError, connection, transaction

from events import changes
from events.models import Appearance, Event, Organisation, Person, Room, Series, Session, Status, Venue
from events.showing import Showing
from events.storing import asking, versions
from pages.models import Page
from registrations.models import TicketType
from tests.builders import make_event, make_person
from tests.reading import read
from tests.registrations.builders import NOW, make_day, register
from tests.registrations.journeys import ADA, Journey, hidden

TABLES = [Event, Series, Session, Appearance, Person, Organisation, Venue, Room, TicketType, Page]


def one_of_each(programme):
    """Return a row of every table whose words pages show."""
    page = Page.objects.create(title="Words", slug="words-of-ours", body="Words.", published=True)
    ticket = TicketType.objects.create(event=programme.event, name="Ticket", price=0)
    rows = [programme.event, programme.series, programme.panel, programme.chairing, programme.person]
    return [*rows, programme.organisation, programme.house, programme.upper, ticket, page]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_change_by_any_path_is_another_version_at_once_for_whoever_made_it(programme, model):
    row = next(each for each in one_of_each(programme) if type(each) is model)
    before = versions.current()
    model.objects.filter(pk=row.pk).update(id=row.pk)
    after = versions.current()
    assert before != after
    assert versions.current() == after


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_for_everybody_else_it_is_another_version_with_the_commit(model):
    from tests.builders import make_programme

    row = next(each for each in one_of_each(make_programme(make_event())) if type(each) is model)
    before = number()
    with transaction.atomic():
        model.objects.filter(pk=row.pk).update(id=row.pk)
        assert number() == before
    after = number()
    assert after > before
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        model.objects.filter(pk=row.pk).update(id=row.pk)
        assert number() == after  # the control: it is the trigger that raises it
        cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")


def number():
    """Return the number as it is stored."""
    return versions.current()[0]


@pytest.mark.django_db(transaction=True)
def test_two_who_change_different_events_do_not_wait_for_each_other():
    from tests.events.two_people import two_writers

    one, two = make_event("One"), make_event("Two")
    before = number()
    with two_writers() as (first, second):
        first.do(lambda: transaction.set_autocommit(False))
        first.do(lambda: Event.objects.filter(pk=one.pk).update(summary="First"))
        second.do(lambda: Event.objects.filter(pk=two.pk).update(summary="Second"))
        assert number() > before
        between = number()
        first.do(lambda: (transaction.commit(), transaction.set_autocommit(True)))
    assert number() > between


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_emptied_is_another_version():
    before = number()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE pages_page")
    assert number() > before


def test_a_booking_is_no_change_of_the_programme(db):
    day = make_day()
    connection.check_constraints()  # as the commit would: the day itself is a change
    before = versions.current()
    register(day, take=day.a1)
    assert versions.current() == before


def test_what_is_rolled_back_is_not_remembered_as_what_comes_after(db):
    event = make_event("Before")
    kept = []
    for title in ("Rolled back", "Kept"):
        point = transaction.savepoint()
        changes.apply(saves=[renamed(event, title)])
        kept.append(versions.remembered(versions.current(), "title", lambda: Event.objects.get(pk=event.pk).title))
        if title == "Rolled back":
            transaction.savepoint_rollback(point)
    assert kept == ["Rolled back", "Kept"]


def renamed(event, title):
    """Return the event as stored now, with another title."""
    event = Event.objects.get(pk=event.pk)
    event.title = title
    return event


def test_one_version_reads_once_and_another_anew():
    asked = []
    for version in ((1, ""), (1, ""), (1, "7"), (2, ""), (1, "")):
        versions.remembered(version, "what", lambda version=version: asked.append(version) or "found")
    assert asked == [(1, ""), (1, "7"), (2, ""), (1, "")]


def test_nothing_is_remembered_of_what_is_not_there_nor_without_a_version():
    asked = []
    for version in ((3, ""), (3, ""), None, None):
        versions.remembered(version, "what", lambda: asked.append(None))
    assert len(asked) == 4


def test_it_never_remembers_without_end(monkeypatch):
    monkeypatch.setattr(versions, "MOST", 3)
    for each in range(10):
        versions.remembered((4, ""), each, lambda: "found")
    assert len(versions._memory.pieces) <= 3


def test_a_preview_remembers_nothing(event):
    asked = []
    for _ in range(2):
        Showing(event, NOW, preview=True).remembered("what", lambda: asked.append(None) or "found")
    assert len(asked) == 2


def test_what_somebody_typed_is_on_nobody_elses_page(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    day = make_day()
    first, second = Journey(day.event).begin(), Journey(day.event).begin()
    first.post("details", ADA)
    assert "Ada Lovelace" in first.get("details").source
    assert "Ada" not in second.get("details").source and hidden(second.get("details"), "key") == second.key


def test_the_page_of_workshops_says_at_once_that_one_is_full(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    day = make_day(places=(1, None))
    journey = Journey(day.event).begin().answer()
    changed = Journey(day.event).begin()
    changed.post("details", ADA)
    changed.post("ticket", {"ticket_type": day.ticket.pk})
    assert "Also put me on the waiting list" not in changed.get("workshops").main
    register(day, take=day.a1)
    assert "Also put me on the waiting list" in changed.get("workshops").main
    assert journey.get("check").status == 200


def test_a_new_name_is_on_the_next_page(client, programme):
    assert "Opening" in read(client.get(f"/events/{programme.event.slug}/agenda/")).main
    programme.panel.title = "Beginning"
    changes.apply(saves=[programme.panel])
    assert "Beginning" in read(client.get(f"/events/{programme.event.slug}/agenda/")).main
    programme.event.status = Status.DRAFT
    changes.apply(saves=[programme.event])
    assert client.get(f"/events/{programme.event.slug}/agenda/").status_code == 404


@pytest.mark.django_db
def test_several_questions_are_answered_each_by_its_name():
    questions = {
        "one": asking.Question("SELECT %s::int", [1], lambda rows: rows[0][0]),
        "none": asking.Question("SELECT 2 WHERE false", [], len),
        "three": asking.Question("SELECT generate_series(1, %s)", [3], len),
    }
    assert asking.ask_all(questions) == {"one": 1, "none": 0, "three": 3}
    assert asking.ask_all({}) == {}


@pytest.mark.django_db(transaction=True)
def test_after_a_restart_of_postgresql_the_first_page_is_as_good_as_any():
    def ended():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        other.close()

    ended()
    assert asking.ask_first({"version": versions.CURRENT})["version"]
    ended()
    with pytest.raises(OperationalError):  # the control: without another try it is lost
        asking.ask_all({"version": versions.CURRENT})
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_what_was_too_slow_is_not_asked_again():
    """Only a connection that PostgreSQL has ended is given another try; whoever waited once does not wait twice."""
    tries = []
    slow = asking.Question("SELECT pg_sleep(1)", [], tries.append)
    counting = asking.Question("SELECT nextval('events_programme_numbers')", [], lambda rows: rows[0][0])
    before = asking.ask(counting)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")
    with pytest.raises(OperationalError):
        asking.ask_first({"counting": counting, "slow": slow})
    connection.close()
    assert asking.ask(counting) == before + 2  # once in vain: a sequence gives nothing back


@pytest.mark.django_db(transaction=True)
def test_who_has_written_before_and_who_has_not_read_the_same_version():
    from tests.events.two_people import two_writers

    with transaction.atomic():
        Page.objects.filter(pk=0).update(title="Nothing")
    seen = []
    with two_writers() as (other, _):
        other.do(lambda: seen.append(versions.current()))
    assert seen == [versions.current()]


@pytest.mark.django_db(transaction=True)
def test_a_ticket_leaves_the_number_to_the_commit_too():
    """Else a load that saves the tickets of several events could wait in a circle with staff."""
    from tests.events.two_people import two_writers
    from tests.registrations.builders import make_ticket_type

    one, two = make_day(), make_day()
    with two_writers() as (first, second):
        first.do(lambda: transaction.set_autocommit(False))
        first.do(lambda: make_ticket_type(one.event, "Another", 100))
        second.do(lambda: make_ticket_type(two.event, "Another", 100))  # and does not wait
        first.do(lambda: (transaction.commit(), transaction.set_autocommit(True)))
    assert TicketType.objects.filter(name="Another").count() == 2


def test_who_is_named_depends_on_the_day(client, event, time_machine):
    """What is remembered is worked out for the day it is asked on."""
    from tests.builders import make_appearance, make_series, make_workshop

    time_machine.move_to(NOW, tick=False)
    day = make_day(hours=(13,), event=event)
    workshop = make_workshop(make_series(event, 9), "A", 15, title="Rest")
    gone = make_person("Somebody Here", public_until=NOW.date())
    make_appearance(workshop, gone)
    journey = Journey(day.event).begin()
    journey.post("details", ADA)
    journey.post("ticket", {"ticket_type": day.ticket.pk})
    assert "Somebody Here" in journey.get("workshops").main
    time_machine.move_to(NOW + datetime.timedelta(hours=23, minutes=59), tick=False)
    assert "Somebody Here" not in journey.get("workshops").main
