"""What bookings have to say to a change of the programme, and what such a change does to them."""

import datetime
from collections.abc import Callable

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from events import changes
from events.changes import Rows
from events.models import Event, Session, Status
from events.problems import Problem
from registrations import places, waiting_list
from registrations.programme_changes import cancelling_events, capacities, notices, refusals
from registrations.programme_changes.change import Change
from registrations.waiting import waiting_lines


def subscribe() -> None:
    """Have a say in every change of the programme from now on."""
    changes.subscribe(ProgrammeListener())


class ProgrammeListener:
    """Subscribed to `events.changes`, which runs both methods inside the transaction of the change.

    Locks are taken in one order everywhere: events (by `events.changes`), rooms, places. Bookings begin
    with the places and only refer to the rest, so nobody waits in a circle.
    """

    def __init__(self, clock: Callable[[], datetime.datetime] = timezone.now) -> None:
        """Take the clock: staff's changes carry no moment of their own."""
        self._clock = clock

    def check(self, before: Rows, after: Rows) -> list[Problem]:
        """Return why those who have booked are in the way of this change, and keep them from booking meanwhile."""
        change = Change(before, after)
        _lock_rooms(change)
        if keys := change.events_concerned():
            places.lock(keys)
        return refusals.problems(change)

    def after(self, before: Rows, after: Rows) -> None:
        """Count the places anew, follow what was cancelled or moved, and give what has become free."""
        change = Change(before, after)
        keys = change.events_concerned()
        if not keys:
            return
        capacities.bring_up_to_date(keys)
        # Mostly nobody is in line and nothing was cancelled: then there is nothing to open a ledger for.
        touched = waiting_lines.events_with_any(keys) | {session.event_id for session in _newly_cancelled(change)}
        touched |= cancelling_events.newly_cancelled(change) | cancelling_events.published_again(change)
        touched |= notices.events_with_news(change)
        for event in _ours(touched) if touched else ():
            self._follow(change, event, self._clock())

    def _follow(self, change: Change, event: Event, now: datetime.datetime) -> None:
        """Do what follows for one event, and give what has become free."""
        ledger = places.open_ledger(event.pk)
        ledger.event = event
        if event.pk in cancelling_events.newly_cancelled(change):
            cancelling_events.follow(ledger, now)
        if event.pk in cancelling_events.published_again(change):
            cancelling_events.take_back(event, now)
        for session in _newly_cancelled(change):
            if session.event_id == event.pk:
                waiting_list.release_workshop(ledger, session, now)
        notices.follow(change, event, now)
        waiting_list.promote(ledger, now)
        ledger.write()


def _lock_rooms(change: Change) -> None:
    """Keep the capacities of rooms still while sessions in them are counted.

    Sessions of two events may go into one room at once; only who changes a room waits for all of them.
    """
    mode = "NO KEY UPDATE" if change.rooms else "SHARE"
    keys = sorted(change.rooms_concerned())
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM events_room WHERE id = ANY(%s) ORDER BY id FOR {mode}", [keys])


def _ours(keys: set[int]) -> QuerySet[Event]:
    return Event.objects.filter(pk__in=keys, is_listing=False).select_related("venue").order_by("pk")


def _newly_cancelled(change: Change) -> list[Session]:
    return [row for was, row in change.sessions if was and row and row.status == Status.CANCELLED != was.status]
