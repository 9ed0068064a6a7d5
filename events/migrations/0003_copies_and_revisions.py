"""What spans two tables, and a session's revision.

Composite foreign keys keep the hours and statuses that a session repeats of its event, and an
appearance of its session, equal to the originals: PostgreSQL itself cascades every change, and a
concurrent writer waits for it. The revision is a trigger on the one row, so that every path counts.
"""

from django.db import migrations

COPIES = """
ALTER TABLE events_event ADD CONSTRAINT event_as_its_sessions_repeat_it UNIQUE (id, starts, ends, status);
ALTER TABLE events_session ADD CONSTRAINT session_repeats_its_event
    FOREIGN KEY (event_id, event_starts, event_ends, event_status)
    REFERENCES events_event (id, starts, ends, status) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE events_series ADD CONSTRAINT series_as_its_sessions_repeat_it UNIQUE (id, event_id);
ALTER TABLE events_session ADD CONSTRAINT session_series_is_of_its_event
    FOREIGN KEY (series_id, event_id)
    REFERENCES events_series (id, event_id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE events_session ADD CONSTRAINT session_as_its_appearances_repeat_it
    UNIQUE (id, starts, ends, status, event_status);
ALTER TABLE events_appearance ADD CONSTRAINT appearance_repeats_its_session
    FOREIGN KEY (session_id, session_starts, session_ends, session_status, event_status)
    REFERENCES events_session (id, starts, ends, status, event_status)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""

WITHOUT_COPIES = """
ALTER TABLE events_appearance DROP CONSTRAINT appearance_repeats_its_session;
ALTER TABLE events_session DROP CONSTRAINT session_as_its_appearances_repeat_it;
ALTER TABLE events_session DROP CONSTRAINT session_series_is_of_its_event;
ALTER TABLE events_series DROP CONSTRAINT series_as_its_sessions_repeat_it;
ALTER TABLE events_session DROP CONSTRAINT session_repeats_its_event;
ALTER TABLE events_event DROP CONSTRAINT event_as_its_sessions_repeat_it;
"""

REVISION = """
CREATE FUNCTION events_session_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + CASE
        WHEN (NEW.title, NEW.starts, NEW.ends, NEW.room_id, NEW.status)
            IS DISTINCT FROM (OLD.title, OLD.starts, OLD.ends, OLD.room_id, OLD.status)
        THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;
CREATE TRIGGER session_revision BEFORE UPDATE ON events_session
    FOR EACH ROW EXECUTE FUNCTION events_session_revise();
"""

WITHOUT_REVISION = """
DROP TRIGGER session_revision ON events_session;
DROP FUNCTION events_session_revise();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0002_programme")]
    operations = [
        migrations.RunSQL(COPIES, WITHOUT_COPIES),
        migrations.RunSQL(REVISION, WITHOUT_REVISION),
    ]
