"""What must be true of the bookings in the database at every moment, asked in SQL. Benches, drills and tests use it."""

import datetime

from django.db import connection

# Each query returns the rows that must not be.
_NEVER = {
    "I1: more confirmed than the capacity of an event, a ticket type or a workshop": """
        SELECT id FROM registrations_places WHERE taken > capacity OR taken < 0""",
    "I1: taken is not the number of those who are confirmed for an event or asked about it": """
        SELECT p.id FROM registrations_places p WHERE p.session_id IS NULL AND p.ticket_type_id IS NULL AND p.taken <>
        (SELECT count(*) FROM registrations_registration r WHERE r.event_id = p.event_id AND r.status = 'confirmed')
        + (SELECT count(*) FROM registrations_offer o
        WHERE o.event_id = p.event_id AND o.session_id IS NULL AND o.state = 'open')""",
    "I1: taken is not the number of those who are confirmed with a ticket type or asked about it": """
        SELECT p.id FROM registrations_places p WHERE p.ticket_type_id IS NOT NULL AND p.taken <> (SELECT count(*)
        FROM registrations_registration r WHERE r.ticket_type_id = p.ticket_type_id AND (r.status = 'confirmed'
        OR EXISTS (SELECT 1 FROM registrations_offer o
        WHERE o.registration_id = r.id AND o.session_id IS NULL AND o.state = 'open')))""",
    "I1: taken is not the number of those who are confirmed for a workshop or asked about it": """
        SELECT p.id FROM registrations_places p WHERE p.session_id IS NOT NULL AND p.taken <> (SELECT count(*)
        FROM registrations_workshopchoice c WHERE c.session_id = p.session_id AND c.state = 'confirmed')
        + (SELECT count(*) FROM registrations_offer o WHERE o.session_id = p.session_id AND o.state = 'open')""",
    "I1: an event without its places": """
        SELECT e.id FROM events_event e WHERE NOT e.is_listing AND NOT EXISTS (SELECT 1 FROM registrations_places p
        WHERE p.event_id = e.id AND p.session_id IS NULL AND p.ticket_type_id IS NULL)""",
    "I1: a capacity that is not what staff set on the event": """
        SELECT p.id FROM registrations_places p JOIN events_event e ON e.id = p.event_id
        WHERE p.session_id IS NULL AND p.ticket_type_id IS NULL AND p.capacity IS DISTINCT FROM e.capacity""",
    "I1: a capacity that is not what staff set on the workshop or its room": """
        SELECT s.id FROM events_session s LEFT JOIN events_room r ON r.id = s.room_id
        LEFT JOIN registrations_places p ON p.session_id = s.id WHERE s.kind = 'workshop'
        AND (p.id IS NULL OR p.capacity IS DISTINCT FROM COALESCE(s.capacity, r.capacity))""",
    "I2: two confirmed workshops at the same time, or of one series": """
        SELECT one.id FROM registrations_workshopchoice one JOIN registrations_workshopchoice two
        ON one.registration_id = two.registration_id AND one.id < two.id
        JOIN events_session a ON a.id = one.session_id JOIN events_session b ON b.id = two.session_id
        WHERE one.state = 'confirmed' AND two.state = 'confirmed'
        AND (a.series_id = b.series_id OR (a.starts < b.ends AND b.starts < a.ends))""",
    "I2: hours of a choice that are not its session's": """
        SELECT c.id FROM registrations_workshopchoice c JOIN events_session s ON s.id = c.session_id
        WHERE (c.starts, c.ends, c.series_id, c.event_id) <> (s.starts, s.ends, s.series_id, s.event_id)""",
    "I3: a place of an event is free while somebody waits who could have it": """
        SELECT r.id FROM registrations_registration r JOIN events_event e ON e.id = r.event_id
        JOIN registrations_places p ON p.event_id = e.id AND p.session_id IS NULL AND p.ticket_type_id IS NULL
        JOIN registrations_places t ON t.ticket_type_id = r.ticket_type_id
        WHERE r.status = 'waiting' AND e.status = 'published' AND e.starts > %(now)s
        AND (p.capacity IS NULL OR p.taken < p.capacity) AND (t.capacity IS NULL OR t.taken < t.capacity)
        AND NOT EXISTS (SELECT 1 FROM registrations_offer o
        WHERE o.registration_id = r.id AND o.session_id IS NULL AND o.state = 'open')""",
    "I3: a place in a workshop is free while somebody waits who could have it": """
        SELECT c.id FROM registrations_workshopchoice c JOIN registrations_registration r ON r.id = c.registration_id
        JOIN events_session s ON s.id = c.session_id JOIN events_event e ON e.id = s.event_id
        JOIN registrations_places p ON p.session_id = s.id
        WHERE c.state = 'waiting' AND r.status = 'confirmed' AND s.status = 'published' AND s.title <> ''
        AND e.status = 'published' AND e.starts > %(now)s AND s.starts > %(now)s
        AND (p.capacity IS NULL OR p.taken < p.capacity)
        AND NOT EXISTS (SELECT 1 FROM registrations_offer o
        WHERE o.registration_id = r.id AND o.session_id = s.id AND o.state = 'open')
        AND NOT EXISTS (SELECT 1 FROM registrations_workshopchoice other WHERE other.registration_id = r.id
        AND other.series_id <> c.series_id AND other.starts < c.ends AND c.starts < other.ends
        AND (other.state = 'confirmed' OR (other.state = 'waiting' AND EXISTS (SELECT 1 FROM registrations_offer o
        WHERE o.registration_id = r.id AND o.session_id = other.session_id AND o.state = 'open'))))""",
    "An open offer of what its holder does not wait for": """
        SELECT o.id FROM registrations_offer o JOIN registrations_registration r ON r.id = o.registration_id
        WHERE o.state = 'open' AND ((o.session_id IS NULL AND r.status <> 'waiting')
        OR (o.session_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM registrations_workshopchoice c
        WHERE c.registration_id = r.id AND c.session_id = o.session_id AND c.state = 'waiting')))""",
    "A place in a workshop without a place at the event": """
        SELECT c.id FROM registrations_workshopchoice c JOIN registrations_registration r ON r.id = c.registration_id
        WHERE (c.state = 'confirmed' AND r.status <> 'confirmed')
        OR (c.state = 'waiting' AND r.status = 'cancelled')""",
    "Somebody takes no part in a series in which they have a workshop or wait for one": """
        SELECT n.id FROM registrations_nopart n JOIN registrations_workshopchoice c
        ON c.registration_id = n.registration_id AND c.series_id = n.series_id WHERE c.state <> 'released'""",
    "I5: a registration with an address that no message was queued for": """
        SELECT r.id FROM registrations_registration r WHERE r.email <> ''
        AND NOT EXISTS (SELECT 1 FROM registrations_message m WHERE m.registration_id = r.id
        AND m.kind NOT IN ('team_asked', 'team_wanted'))""",
}


def broken(now: datetime.datetime) -> list[str]:
    """Return each invariant that does not hold at this moment, with the keys of the first rows that break it."""
    found = []
    with connection.cursor() as cursor:
        for name, query in _NEVER.items():
            cursor.execute(query, {"now": now})
            keys = [row[0] for row in cursor.fetchmany(5)]
            if keys:
                found.append(f"{name}: {keys}")
    return found
