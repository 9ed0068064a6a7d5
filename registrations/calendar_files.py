"""Calendar files for attendees: the day with their confirmed workshops, and the moment booking opens.

Nothing in them says who the attendee is or which kind of ticket they have.
"""

from events import calendars
from events.addresses import Addresses
from events.models import Event, Session
from events.page import absolute
from registrations.models import Registration


def for_registration(registration: Registration) -> bytes:
    """Return the day and the confirmed workshops of a registration as a calendar file."""
    confirmed = registration.choices.confirmed().values_list("session_id", flat=True)
    return of_day(registration.event_id, list(confirmed))


def of_day(event_key: int, session_keys: list[int]) -> bytes:
    """Return an event and these sessions of it as a calendar file."""
    event = _event(event_key)
    addresses = Addresses(event)
    sessions = Session.objects.with_last_change().filter(pk__in=session_keys, event=event)
    entries = [
        calendars.of_session(
            each, event, absolute(addresses.session(each)), max(each.last_change, event.last_change)
        )
        for each in sessions.select_related("series", "room__venue").in_order()
    ]  # fmt: skip
    whole = calendars.of_event(event, absolute(addresses.event), event.last_change)
    return calendars.file_of([whole, *entries])


def of_booking_opening(event_key: int) -> bytes:
    """Return the moment at which an event's booking opens as a calendar file; the event must have one."""
    event = _event(event_key)
    address = absolute(Addresses(event).event)
    return calendars.file_of([calendars.of_booking_opening(event, address, event.last_change)])


def _event(key: int) -> Event:
    return Event.objects.with_last_change().select_related("venue").get(pk=key)
