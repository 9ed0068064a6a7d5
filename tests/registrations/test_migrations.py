"""The tables of registrations can be taken away and brought back around a programme that is there already."""

import pytest
from django.core.management import call_command

from registrations.models import Places
from tests.builders import make_event, make_room, make_series, make_session, make_workshop


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
