"""Keeps the capacity in each row of Places equal to what staff set on the event, the ticket type or the workshop."""

from collections.abc import Iterable

from django.db import connection

_EVENTS = """
INSERT INTO registrations_places (event_id, capacity, taken)
SELECT id, capacity, 0 FROM events_event WHERE NOT is_listing AND id = ANY(%(events)s)
ON CONFLICT (event_id) WHERE ticket_type_id IS NULL AND session_id IS NULL
DO UPDATE SET capacity = EXCLUDED.capacity WHERE registrations_places.capacity IS DISTINCT FROM EXCLUDED.capacity
"""
_TICKET_TYPES = """
INSERT INTO registrations_places (event_id, ticket_type_id, capacity, taken)
SELECT event_id, id, capacity, 0 FROM registrations_tickettype WHERE event_id = ANY(%(events)s)
ON CONFLICT (ticket_type_id)
DO UPDATE SET capacity = EXCLUDED.capacity WHERE registrations_places.capacity IS DISTINCT FROM EXCLUDED.capacity
"""
_WORKSHOPS = """
INSERT INTO registrations_places (event_id, session_id, capacity, taken)
SELECT session.event_id, session.id, COALESCE(session.capacity, room.capacity), 0
FROM events_session session LEFT JOIN events_room room ON room.id = session.room_id
WHERE session.kind = 'workshop' AND session.event_id = ANY(%(events)s)
ON CONFLICT (session_id)
DO UPDATE SET capacity = EXCLUDED.capacity WHERE registrations_places.capacity IS DISTINCT FROM EXCLUDED.capacity
"""
_NO_WORKSHOPS = """
DELETE FROM registrations_places USING events_session session
WHERE session.id = registrations_places.session_id AND session.kind <> 'workshop' AND session.event_id = ANY(%(events)s)
"""

_ALL = ";".join([_EVENTS, _TICKET_TYPES, _NO_WORKSHOPS, _WORKSHOPS])  # one round trip


def bring_up_to_date(event_keys: Iterable[int]) -> None:
    """Make the missing rows of Places for these events and set every capacity anew; `taken` stays.

    Call it in a transaction that holds the events' places. A capacity below what is taken fails by CHECK.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALL, {"events": sorted(event_keys)})
