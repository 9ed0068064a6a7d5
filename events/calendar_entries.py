"""The programme's rows as calendar entries: read from PostgreSQL, with the moment at which each last changed."""

from dataclasses import replace

from django.db.models import QuerySet

from events import calendars
from events.addresses import Addresses
from events.calendars import Entry
from events.feeds.schedule import SAMPLE
from events.models import Event, Session
from events.page import absolute, site_words


def event_with_changes(key: int) -> Event:
    """Return an event with its venue and `last_change`. One query."""
    return Event.objects.with_last_change().select_related("venue").get(pk=key)


def of_event(event: Event) -> Entry:
    """Return the whole day as one entry; the event comes from `event_with_changes`."""
    return _asked_of(event, calendars.of_event(event, absolute(Addresses(event).event), event.last_change))


def of_sessions(event: Event, sessions: QuerySet[Session]) -> list[Entry]:
    """Return an entry for each of these sessions of the event, in the order of the day. One query."""
    return [entry for _, entry in with_sessions(event, sessions)]


def with_sessions(event: Event, sessions: QuerySet[Session]) -> list[tuple[Session, Entry]]:
    """Return the same, each with its session."""
    addresses, listed = Addresses(event), []
    for each in sessions.with_last_change().select_related("series", "room__venue").in_order():
        changed_at = max(each.last_change, event.last_change)
        entry = calendars.of_session(each, event, absolute(addresses.session(each)), changed_at)
        listed.append((each, _asked_of(event, entry)))
    return listed


def of_booking_opening(event: Event) -> Entry:
    """Return the moment at which booking opens as an entry; the event comes from `event_with_changes`, and has one."""
    entry = calendars.of_booking_opening(event, absolute(Addresses(event).event), event.last_change)
    return _asked_of(event, entry)


def _asked_of(event: Event, entry: Entry) -> Entry:
    """Return an entry that says whom to ask, and of a sample that it is invented."""
    description = f"{SAMPLE}\n{entry.description}" if event.is_sample else entry.description
    contact = site_words(event)["help_email"]
    return replace(entry, description=description, organiser=event.organiser, contact=contact)
