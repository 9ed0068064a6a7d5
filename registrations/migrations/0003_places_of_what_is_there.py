"""Places for the events and workshops that were there before: from now on the programme's listener makes them."""

from django.db import migrations

PLACES = """
INSERT INTO registrations_places (event_id, capacity, taken)
SELECT id, capacity, 0 FROM events_event WHERE NOT is_listing;

INSERT INTO registrations_places (event_id, session_id, capacity, taken)
SELECT session.event_id, session.id, COALESCE(session.capacity, room.capacity), 0
FROM events_session session LEFT JOIN events_room room ON room.id = session.room_id
WHERE session.kind = 'workshop';
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0002_copies")]
    operations = [migrations.RunSQL(PLACES, "DELETE FROM registrations_places")]
