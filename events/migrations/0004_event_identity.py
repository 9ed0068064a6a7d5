"""An event's calendar identity and revision, as sessions have them: a trigger on the row counts every path."""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models

REVISION = """
CREATE FUNCTION events_event_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + CASE
        WHEN (NEW.title, NEW.starts, NEW.ends, NEW.venue_id, NEW.status, NEW.booking_opens)
            IS DISTINCT FROM (OLD.title, OLD.starts, OLD.ends, OLD.venue_id, OLD.status, OLD.booking_opens)
        THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;
CREATE TRIGGER event_revision BEFORE UPDATE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_event_revise();
"""

WITHOUT_REVISION = """
DROP TRIGGER event_revision ON events_event;
DROP FUNCTION events_event_revise();
"""


# The history keeps the identity too, so that a deleted event which is restored is the same event in calendars.
SAME_IN_HISTORY = """
UPDATE events_historicalevent AS old SET uid = event.uid FROM events_event AS event WHERE event.id = old.id
"""


def identity(**options: bool) -> models.UUIDField:
    # The database's own default gives each event that is there already one of its own.
    return models.UUIDField(
        "calendar identity",
        default=uuid.uuid4,
        db_default=django.contrib.postgres.functions.RandomUUID(),
        editable=False,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0003_copies_and_revisions")]
    operations = [
        migrations.AddField("event", "revision", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("event", "uid", identity(unique=True)),
        migrations.AddField("historicalevent", "revision", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("historicalevent", "uid", identity(db_index=True)),
        migrations.RunSQL(SAME_IN_HISTORY, migrations.RunSQL.noop),
        migrations.RunSQL(REVISION, WITHOUT_REVISION),
    ]
