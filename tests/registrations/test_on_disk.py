"""What was answered with success is on the disk (I4), in a database whose default is not to wait for it."""

import pytest
from django.db import connection, transaction

from registrations import booking, needs
from registrations.answering.answers import Needs, Payer
from registrations.data_rights import complaining
from registrations.models import Registration
from registrations.my_day import corrections
from registrations.tickets import invoices
from tests.registrations.builders import NOW, change, edit, make_day, make_ticket_type, register

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def careless():
    """A database that says “done” before what was done is on the disk, to everybody who does not ask for more."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    connection.close()  # it counts for whoever connects from now on
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} RESET synchronous_commit")
    connection.close()


def setting(raw):
    return raw.execute("SHOW synchronous_commit").fetchone()[0]


def at_the_last_of(work):
    """Do this, and return whether PostgreSQL would have waited after the last thing asked for before the commit."""
    asked = []

    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if connection.in_atomic_block and "procrastinate_jobs" not in sql and "synchronous_commit TO off" not in sql:
            asked.append(setting(connection.connection))
        return result

    with connection.execute_wrapper(note):
        work()
    return asked[-1]


def everything():
    """Return each thing that somebody may be told is done, with what it takes."""
    day = make_day()
    day.ticket = make_ticket_type(day.event, "Members", 5000)
    ada = register(day, "Ada", take=day.a1, payer=Payer("The Long Table"))
    return {
        "register": lambda: register(day, take=day.a1, payer=Payer("Somebody")),
        "change": lambda: change(ada, take=day.b1),
        "needs": lambda: needs.change(ada, Needs(bsl=True), None, NOW),
        "correct": lambda: corrections.correct(ada, {"phone": "020 7946 0000"}, NOW),
        "payment": lambda: invoices.mark_invoiced(ada.invoice, NOW),
        "complain": lambda: complaining.complain(ada, "It leaked.", NOW),
        "staff": lambda: edit(day.a1, capacity=9),
        "ticket": lambda: make_ticket_type(day.event, "Another"),
        "cancel": lambda: booking.cancel(ada, NOW),
    }


def past_the_writers():
    """Write something by no writer: the control."""
    with transaction.atomic():
        Registration.objects.update(pronouns="they/them")


def test_whatever_is_accepted_waits_for_the_disk_also_where_nothing_else_does(careless):
    works = everything()
    assert at_the_last_of(past_the_writers) == "off"  # so it is the writers who say so
    assert {name: at_the_last_of(work) for name, work in works.items()} == dict.fromkeys(works, "on")
    assert at_the_last_of(past_the_writers) == "off"  # and for nobody after them
