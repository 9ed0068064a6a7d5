"""What PostgreSQL itself refuses of bookings, however they are written: raw SQL, queryset.update, bulk.

Each guard is shown twice: with it the statement fails and names it; without it (dropped inside the test's
transaction, which is rolled back) the very same statement passes.
"""

import copy
import datetime
import uuid
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model

from events.models import Series, Session
from registrations.models import (
    AccessNeedsLog,
    ChoiceState,
    Draft,
    Invoice,
    Message,
    Places,
    RateCount,
    Registration,
    TicketType,
    WorkshopChoice,
)
from tests.builders import london, make_event, make_programme, make_series, make_workshop
from tests.events.test_constraints import check_now, sql, update

NOW = datetime.datetime(2027, 5, 1, 9, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def new_registration(event, ticket, number, **values):
    default = {
        "reference": f"CL-AAAA-AAA{number}", "name": "Ada", "name_key": f"ada {number}", "email": "a@example.org",
        "email_key": "a@example.org", "price_agreed": 0, "status": "confirmed", "created_at": NOW,
        "idempotency_key": uuid.uuid4(),
    }  # fmt: skip
    return Registration.objects.create(event=event, ticket_type=ticket, **{**default, **values})


def new_choice(registration, session, state="confirmed", **values):
    copies = {name: getattr(session, name) for name in ("event_id", "series_id", "starts", "ends")}
    since = {"waiting_since": NOW if state == "waiting" else None}
    row = {"registration": registration, "session": session, "state": state, "made_at": NOW, **copies, **since}
    return WorkshopChoice.objects.bulk_create([WorkshopChoice(**{**row, **values})])[0]


@pytest.fixture(scope="module")
def made_once(looking):
    """Ada has 1A at 11am, waits for 1B; later there are 2A at 1pm and 2B at 2pm. Bea has nothing yet."""
    programme = make_programme(make_event())
    event, other = programme.event, programme.other_series.event
    later = make_series(event, 2)
    third, fourth = make_workshop(later, "A", 13), make_workshop(later, "B", 14)
    foreign = make_workshop(programme.other_series, "A", 11)
    ticket, other_ticket = (TicketType.objects.create(event=each, name="Ticket", price=0) for each in (event, other))
    spare = TicketType.objects.create(event=event, name="Spare", price=0)
    ada, bea = (new_registration(event, ticket, number) for number in (2, 3))
    held, waited = new_choice(ada, programme.first), new_choice(ada, programme.second, "waiting")
    Places.objects.filter(event__in=[event, other]).delete()
    whole = Places.objects.create(event=event, capacity=2, taken=2)
    of_first = Places.objects.create(event=event, session=programme.first, capacity=1, taken=1)
    of_ticket = Places.objects.create(event=event, ticket_type=ticket)
    message = Message.objects.create(
        kind="confirmed", recipient="a@example.org", message_id="<1@x>", registration=ada, created_at=NOW, due_at=NOW
    )
    invoice = Invoice.objects.create(payer="The Long Table")
    log = AccessNeedsLog.objects.create(registration=ada, when=NOW, action="given")
    count = RateCount.objects.create(limit="confirm", key_hash="x", hour=NOW, count=1)
    draft = Draft.objects.create(event=event, created_at=NOW, touched_at=NOW)
    check_now()
    return {**vars(programme), **locals()}


@pytest.fixture
def booked(made_once):
    """All of that, in a transaction of the test's own that is rolled back."""
    with transaction.atomic():
        yield SimpleNamespace(**{name: copy.copy(row) for name, row in made_once.items() if isinstance(row, Model)})
        transaction.set_rollback(True)


def insert_choice(b, session, state="confirmed", **values):
    """Give Bea a choice past every rule."""
    new_choice(b.bea, session, state, **values)


REFUSED = {
    "more taken than the event holds": (
        "places.places_never_more_than_there_are",
        lambda b: update(Places, b.whole, taken=F("taken") + 1),
    ),
    "a capacity below what a workshop has taken, by SQL": (
        "places.places_never_more_than_there_are",
        lambda b: sql("UPDATE registrations_places SET capacity = 0 WHERE id = %s", b.of_first.pk),
    ),
    "fewer than none taken": (
        "places.places_taken_not_negative",
        lambda b: update(Places, b.of_ticket, taken=F("taken") - 1),
    ),
    "places of a ticket type and a workshop at once": (
        "places.places_of_a_ticket_type_or_a_workshop",
        lambda b: Places.objects.create(event=b.event, ticket_type=b.spare, session=b.second),
    ),
    "places of an event twice": (
        "places.places_once_for_an_event",
        lambda b: Places.objects.create(event=b.event),
    ),
    "places of a workshop twice": (
        "places.places_once_for_a_workshop",
        lambda b: Places.objects.create(event=b.event, session=b.first),
    ),
    "places of a ticket type twice": (
        "places.places_once_for_a_ticket_type",
        lambda b: Places.objects.create(event=b.event, ticket_type=b.ticket),
    ),
    "places of another event's workshop": (
        "places.places_workshop_is_of_their_event",
        lambda b: Places.objects.create(event=b.event, session=b.foreign),
    ),
    "places of another event's ticket": (
        "places.places_ticket_is_of_their_event",
        lambda b: Places.objects.create(event=b.event, ticket_type=b.other_ticket),
    ),
    "two workshops at once": (
        "workshopchoice.choice_one_workshop_at_a_time",
        lambda b: (
            update(Session, b.third, starts=london(11, 30), ends=london(12, 30)),
            new_choice(b.ada, Session.objects.get(pk=b.third.pk)),
        ),
    ),
    "a workshop moved into another that somebody holds too": (
        "workshopchoice.choice_one_workshop_at_a_time",
        lambda b: (new_choice(b.ada, b.third), update(Session, b.third, starts=london(11, 59))),
    ),
    "two workshops of one series": (
        "workshopchoice.choice_one_place_in_a_series",
        lambda b: (insert_choice(b, b.third), insert_choice(b, b.fourth)),
    ),
    "two waiting lists in one series": (
        "workshopchoice.choice_one_wait_in_a_series",
        lambda b: (insert_choice(b, b.third, "waiting"), insert_choice(b, b.fourth, "waiting")),
    ),
    "a workshop held and waited for": (
        "workshopchoice.choice_of_a_workshop_once",
        lambda b: (insert_choice(b, b.third), insert_choice(b, b.third, "waiting")),
    ),
    "a session moved to a series of which its holder has another": (
        "workshopchoice.choice_one_place_in_a_series",
        lambda b: (new_choice(b.ada, b.third), update(Session, b.third, series=b.series, code="C")),
    ),
    "hours of the workshop that are not the workshop's": (
        "workshopchoice.choice_repeats_its_session",
        lambda b: insert_choice(b, b.third, ends=b.third.ends + HOUR),
    ),
    "a series that is not the workshop's": (
        "workshopchoice.choice_repeats_its_session",
        lambda b: insert_choice(b, b.third, series_id=b.series.pk),
    ),
    "a workshop of another event": (
        "workshopchoice.choice_repeats_its_session",
        lambda b: insert_choice(b, b.foreign, event_id=b.event.pk),
    ),
    "a workshop of another event with that event's key": (
        "workshopchoice.choice_is_of_its_registrations_event",
        lambda b: insert_choice(b, b.foreign),
    ),
    "a waiting choice that waits since never": (
        "workshopchoice.choice_waits_since_a_moment",
        lambda b: update(WorkshopChoice, b.waited, waiting_since=None),
    ),
    "a confirmed choice that still waits": (
        "workshopchoice.choice_waits_since_a_moment",
        lambda b: update(WorkshopChoice, b.held, waiting_since=NOW),
    ),
    "a choice in an unknown state": (
        "workshopchoice.choice_state_known",
        lambda b: update(WorkshopChoice, b.held, state="perhaps"),
    ),
    "a registration in an unknown state": (
        "registration.registration_status_known",
        lambda b: update(Registration, b.bea, status="perhaps"),
    ),
    "a registration that waits since never": (
        "registration.registration_waits_since_a_moment",
        lambda b: update(Registration, b.bea, status="waiting"),
    ),
    "a cancelled registration without the moment": (
        "registration.registration_cancelled_at_a_moment",
        lambda b: update(Registration, b.bea, status="cancelled"),
    ),
    "a name and address twice in an event": (
        "registration.registration_once_for_a_name_and_address",
        lambda b: update(Registration, b.bea, name_key="ada 2"),
    ),
    "a submission twice": (
        "registration.registrations_registration_idempotency_key_key",
        lambda b: update(Registration, b.bea, idempotency_key=b.ada.idempotency_key),
    ),
    "a reference twice": (
        "registration.registrations_registration_reference_key",
        lambda b: update(Registration, b.bea, reference=b.ada.reference),
    ),
    "a ticket of another event": (
        "registration.registration_ticket_is_of_its_event",
        lambda b: update(Registration, b.bea, ticket_type=b.other_ticket),
    ),
    "a price below nothing": (
        "registration.registrations_registration_price_agreed_check",
        lambda b: sql("UPDATE registrations_registration SET price_agreed = -1 WHERE id = %s", b.bea.pk),
    ),
    "two tickets of one name": (
        "tickettype.ticket_type_name_once_in_an_event",
        lambda b: TicketType.objects.bulk_create([TicketType(event=b.event, name="Ticket", price=0)]),
    ),
    "a ticket that ends before it begins": (
        "tickettype.ticket_type_ends_after_it_begins",
        lambda b: update(TicketType, b.ticket, available_from=NOW, available_until=NOW),
    ),
    "a ticket that costs less than nothing": (
        "tickettype.registrations_tickettype_price_check",
        lambda b: sql("UPDATE registrations_tickettype SET price = -1 WHERE id = %s", b.ticket.pk),
    ),
    "an invoice in an unknown state": (
        "invoice.invoice_state_known",
        lambda b: update(Invoice, b.invoice, state="lost"),
    ),
    "an unknown deed in the log of access needs": (
        "accessneedslog.access_needs_log_action_known",
        lambda b: update(AccessNeedsLog, b.log, action="lost"),
    ),
    "a message of an unknown kind": ("message.message_kind_known", lambda b: update(Message, b.message, kind="spam")),
    "a message in an unknown state": ("message.message_state_known", lambda b: update(Message, b.message, state="x")),
    "a message sent never": ("message.message_sent_at_a_moment", lambda b: update(Message, b.message, state="sent")),
    "a message to nobody": ("message.message_to_somebody", lambda b: update(Message, b.message, recipient="")),
    "a Message-ID twice": (
        "message.registrations_message_message_id_key",
        lambda b: sql(
            "INSERT INTO registrations_message (kind, recipient, message_id, registration_id, facts, created_at, state,"
            " due_at, attempts) SELECT kind, recipient, message_id, registration_id, facts, created_at, state, due_at,"
            " attempts FROM registrations_message"
        ),
    ),
    "a draft's key twice": (
        "draft.registrations_draft_key_key",
        lambda b: Draft.objects.create(key=b.draft.key, event=b.event, created_at=NOW, touched_at=NOW),
    ),
    "an hour counted twice": (
        "ratecount.rate_count_once_an_hour",
        lambda b: RateCount.objects.create(limit="confirm", key_hash="x", hour=NOW, count=1),
    ),
}  # fmt: skip
each_case = pytest.mark.parametrize(("guard", "write"), REFUSED.values(), ids=REFUSED)


@each_case
def test_postgresql_refuses(booked, guard, write):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write(booked)
        check_now()
    assert refusal.value.__cause__.diag.constraint_name == guard.partition(".")[2]


@each_case
def test_without_that_constraint_the_same_statement_passes(booked, guard, write):
    table, name = guard.split(".")
    check_now()
    sql(f"ALTER TABLE registrations_{table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
    sql(f"DROP INDEX IF EXISTS {name}")  # what Django makes of a uniqueness with a condition
    write(booked)
    check_now()


# What is allowed: the condition of each guard, lifted one way at a time.


def test_a_workshop_may_follow_another_without_a_gap(booked):
    update(Session, booked.third, starts=london(12), ends=london(13))
    new_choice(booked.ada, Session.objects.get(pk=booked.third.pk))
    check_now()


@pytest.mark.parametrize("state", [ChoiceState.WAITING, ChoiceState.RELEASED])
def test_waiting_for_what_overlaps_or_having_had_it_is_no_clash(booked, state):
    update(Session, booked.third, starts=london(11, 30), ends=london(12, 30))
    new_choice(booked.ada, Session.objects.get(pk=booked.third.pk), state)
    check_now()


def test_a_swap_inside_a_series_passes_in_one_transaction(booked):
    update(WorkshopChoice, booked.held, state=ChoiceState.RELEASED)
    update(WorkshopChoice, booked.waited, state=ChoiceState.CONFIRMED, waiting_since=None)
    check_now()


def test_somebody_may_choose_again_what_they_released(booked):
    update(WorkshopChoice, booked.held, state=ChoiceState.RELEASED)
    new_choice(booked.ada, booked.first)
    check_now()


def test_a_cancelled_registration_leaves_name_and_address_free(booked):
    update(Registration, booked.ada, status="cancelled", cancelled_at=NOW)
    update(Registration, booked.bea, name_key="ada 2")
    check_now()


def test_people_without_an_address_may_share_a_name(booked):
    Registration.objects.update(name_key="ada", email="", email_key="")
    check_now()


def test_an_empty_capacity_is_no_limit(booked):
    update(Places, booked.of_ticket, taken=1_000_000)


# The copies follow whatever writes the original.


def test_a_session_moved_by_update_takes_its_choices_along(booked):
    update(Session, booked.first, starts=london(15), ends=london(16))
    assert WorkshopChoice.objects.filter(starts=london(15), ends=london(16)).get() == booked.held


def test_a_session_moved_to_another_series_takes_its_choices_along(booked):
    update(Session, booked.first, series=booked.later, code="C")
    booked.held.refresh_from_db()
    assert booked.held.series == Series.objects.get(number=2, event=booked.event)


def test_without_its_foreign_key_a_choice_would_keep_the_old_hours(booked):
    check_now()
    sql("ALTER TABLE registrations_workshopchoice DROP CONSTRAINT choice_repeats_its_session")
    update(Session, booked.first, starts=london(15), ends=london(16))
    assert WorkshopChoice.objects.get(pk=booked.held.pk).starts == london(11)


@pytest.mark.parametrize("name", ["choice_one_workshop_at_a_time", "choice_repeats_its_session"])
def test_what_a_whole_change_must_satisfy_is_checked_at_its_end(db, name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT condeferrable, condeferred FROM pg_constraint WHERE conname = %s", [name])
        assert cursor.fetchone() == (True, True)
