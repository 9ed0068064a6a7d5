"""The sample conference, open for booking and with room for everybody, for measuring how people register."""

from django.db import transaction

from events.models import Event, Session
from registrations import places
from registrations.models import TicketType
from registrations.programme_changes import capacities

ROOM_ENOUGH = 1_000_000


def sample() -> Event:
    """Take every limit off the sample conference, and return it."""
    event = Event.objects.get(slug="sample-conference")
    Event.objects.filter(pk=event.pk).update(capacity=None, booking_opens=None, booking_closes=None)
    TicketType.objects.filter(event=event).update(capacity=None)
    event.sessions.filter(kind="workshop").update(capacity=ROOM_ENOUGH)
    _count(event)
    return Event.objects.get(pk=event.pk)


def workshop(event: Event, capacity: int) -> Session:
    """Give one workshop of the event that many places, and return it."""
    found = (
        event.sessions.filter(kind="workshop", status="published").exclude(title="").order_by("starts", "pk").first()
    )
    Session.objects.filter(pk=found.pk).update(capacity=capacity)
    _count(event)
    return found


def _count(event: Event) -> None:
    with transaction.atomic():
        places.lock([event.pk])
        capacities.bring_up_to_date([event.pk])
