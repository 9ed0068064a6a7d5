"""Who works with bookings, for tests of the admin: a signed-in client with just these permissions."""

from types import SimpleNamespace

from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from conference import roles
from registrations.answering.answers import Needs, Payer
from registrations.data_rights import complaining
from registrations.models import InvoiceRecord
from tests.registrations.builders import NOW, make_day, make_ticket_type, register

TEAM = [
    "view_registration", "change_registration", "add_registration", "view_invoice", "change_invoice", "view_message",
    "view_workshopchoice", "view_tickettype",
]  # fmt: skip


def signed_in(*codenames, name="ruth"):
    """Return a client in which somebody of staff with these permissions has signed in."""
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    assert user.user_permissions.count() == len(codenames)
    client = Client()
    client.force_login(user)
    return client


def a_superuser():
    """Return a client in which a superuser has signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    return client


def an_editor():
    """Return a client in which a programme editor has signed in."""
    roles.make()
    user = User.objects.create_user("eve", is_staff=True)
    user.groups.add(Group.objects.get(name="Programme editors"))
    client = Client()
    client.force_login(user)
    return client


def a_busy_day(**values):
    """Return a day with a ticket of £50 beside the free one, and one place in each workshop A."""
    day = make_day(places=(1, None), **values)
    day.paid = make_ticket_type(day.event, "Members", 5000)
    return day


def a_paying(day, name="Anna", payer="The Long Table", **values):
    """Register somebody with the ticket of £50."""
    return register(day, name, ticket=day.paid, payer=Payer(payer), **values)


def book(event, workshop):
    """Register somebody for this event, with all that a registration can have, and return it."""
    paid = make_ticket_type(event, "Members", 5000)
    day = SimpleNamespace(event=event, ticket=paid)
    mine = register(day, "Ọlájùmọ̀kẹ́ Adé", take=workshop, payer=Payer("The Long Table"), needs=Needs(bsl=True))
    complaining.complain(mine, "It leaked.", NOW)
    InvoiceRecord.objects.create(invoice_number=1, event_title="Before", payer="Somebody", amount=5000, state="Paid",
                                 made_at=NOW, delete_on=NOW.date())  # fmt: skip
    return mine
