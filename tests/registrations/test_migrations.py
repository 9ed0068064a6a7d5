"""The tables of registrations can be taken away and brought back around a programme that is there already."""

import pytest
from django.core.management import call_command
from django.db import connection

from registrations.models import Message, Places, Registration
from tests.builders import make_event, make_room, make_series, make_session, make_workshop
from tests.registrations.builders import make_day, register


def migrate(*target):
    call_command("migrate", "registrations", *target, verbosity=0, interactive=False)


@pytest.mark.django_db(transaction=True)
def test_the_migrations_go_back_and_forth_and_count_the_places_of_what_is_there():
    event = make_event(capacity=120)
    series, room = make_series(event), make_room(capacity=30)
    own, of_room = make_workshop(series, "A", capacity=20), make_workshop(series, "B", 12, room=room)
    make_session(event, 15)
    try:
        migrate("zero")
    finally:
        migrate()
    rows = set(Places.objects.values_list("event", "session", "ticket_type", "capacity", "taken"))
    expected = {(None, 120), (own.pk, 20), (of_room.pk, 30)}
    assert rows == {(event.pk, session, None, capacity, 0) for session, capacity in expected}


@pytest.mark.django_db(transaction=True)
def test_keys_that_were_folded_too_far_are_made_anew():
    """Going back leaves out only those messages of which the release before does not know."""
    ada = register(make_day(), "Ada", email="info@ᴬcmeco.example", wants_bursary=True)
    eve = register(make_day(title="Other"), "Eve", email="info@acmeco.example")
    keys = Registration.objects.values_list("email_key", flat=True)
    expected = {ada.pk: ada.email_key, eve.pk: "info@acmeco.example"}
    try:
        migrate("0010")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE registrations_registration SET email_key = 'info@acmeco.example'")
    finally:
        migrate()
    assert dict(keys.values_list("pk", "email_key")) == expected and ada.email_key != "info@acmeco.example"
    assert set(Message.objects.values_list("kind", flat=True)) == {"confirmed"}
