"""Calendar files for attendees: their day, to keep or to subscribe to, and the moment booking opens.

Nothing in them says who the attendee is or which kind of ticket they have.
"""

from collections.abc import Mapping

from django.db.models import Q

from events import calendar_entries, calendars
from events.addresses import Addresses
from events.calendars import Entry, Subscription
from events.models import Event, Kind, Session
from events.page import absolute
from registrations import calendar_claims
from registrations.calendar_claims import Claims
from registrations.models import Registration


def for_registration(registration: Registration) -> bytes:
    """Return the day and the workshops that a registration holds, as a calendar file to keep.

    What they held once is in it as cancelled, so that it goes from a calendar that has it. Empty for somebody who
    never had a place.
    """
    claims = calendar_claims.of(registration)
    if not claims.event.was_held:
        return b""
    event = calendar_entries.event_with_changes(registration.event_id)
    held = [key for key, claim in claims.workshops.items() if claim.was_held]
    return calendars.file_of(_entries(event, claims, Q(pk__in=held)))


def given_up(event_key: int, held: Mapping[str, int]) -> bytes:
    """Return a file that takes from a calendar what somebody held (`calendar_claims.held`), as theirs no longer."""
    event, no_more = calendar_entries.event_with_changes(event_key), calendars.Standing.CANCELLED
    keys = [int(key) for key in held if key != calendar_claims.EVENT]
    sessions = Session.objects.public().filter(pk__in=keys, event=event)
    entries = [(calendar_claims.EVENT, calendar_entries.of_event(event))]
    entries += [(str(each.pk), entry) for each, entry in calendar_entries.with_sessions(event, sessions)]
    return calendars.file_of([calendars.for_somebody(entry, no_more, held[key] + 1, None) for key, entry in entries])


def feed(registration: Registration, address: str) -> bytes:
    """Return the whole day of a registration as a calendar to subscribe to at this absolute address.

    Beside their workshops it has what they wait for, and what is for everybody. The registration comes from
    `links.calendar_of`, which reads its event along. Two queries.
    """
    claims = calendar_claims.of(registration)
    event = registration.event
    theirs = Q(pk__in=list(claims.workshops)) | ~Q(kind=Kind.WORKSHOP)
    subscription = Subscription(f"{event.title}: my day", absolute(Addresses(event).agenda), address)
    return calendars.file_of(_entries(event, claims, theirs), subscription)


def _entries(event: Event, claims: Claims, which: Q) -> list[Entry]:
    sessions = Session.objects.public().filter(which, event=event)
    whole = claims.event
    return [
        calendars.for_somebody(calendar_entries.of_event(event), whole.standing, whole.revision, whole.changed_at),
        *(
            calendars.for_somebody(entry, *claims.on(session.pk))
            for session, entry in calendar_entries.with_sessions(event, sessions)
        ),
    ]


def of_booking_opening(event_key: int) -> bytes:
    """Return the moment at which an event's booking opens as a calendar file; the event must have one."""
    event = calendar_entries.event_with_changes(event_key)
    return calendars.file_of([calendar_entries.of_booking_opening(event)])
