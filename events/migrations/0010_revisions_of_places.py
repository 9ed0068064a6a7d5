"""Revisions follow all that calendars say, and never fall.

They rose with a session's title, time, room and status, and with an event's. What a calendar says of the place and of
a workshop's code is a room's, a venue's and a series' own: a change of those now revises whatever is in it. And what is
deleted and restored from the history goes on from the highest number that it ever had.
"""

from django.db import migrations

REVISIONS = """
CREATE OR REPLACE FUNCTION events_session_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + CASE
        WHEN (NEW.title, NEW.starts, NEW.ends, NEW.room_id, NEW.status, NEW.code, NEW.series_id)
                IS DISTINCT FROM (OLD.title, OLD.starts, OLD.ends, OLD.room_id, OLD.status, OLD.code, OLD.series_id)
            OR (NEW.title = '' AND (NEW.label, NEW.kind) IS DISTINCT FROM (OLD.label, OLD.kind))
            OR current_setting('programme.place_changes', true) = 'yes'
        THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION events_event_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + CASE
        WHEN (NEW.title, NEW.starts, NEW.ends, NEW.venue_id, NEW.status, NEW.booking_opens, NEW.time_zone)
                IS DISTINCT FROM
                (OLD.title, OLD.starts, OLD.ends, OLD.venue_id, OLD.status, OLD.booking_opens, OLD.time_zone)
            OR current_setting('programme.place_changes', true) = 'yes'
        THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;

-- A row that is made begins with 0; one that is restored, above all that it ever was. The history of an event holds the
-- number from before each save, hence two.
CREATE FUNCTION events_session_restore() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := coalesce((SELECT max(revision) + 2 FROM events_historicalsession WHERE uid = NEW.uid), NEW.revision);
    RETURN NEW;
END $$;
CREATE TRIGGER session_restored BEFORE INSERT ON events_session
    FOR EACH ROW EXECUTE FUNCTION events_session_restore();

CREATE FUNCTION events_event_restore() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := coalesce((SELECT max(revision) + 2 FROM events_historicalevent WHERE uid = NEW.uid), NEW.revision);
    RETURN NEW;
END $$;
CREATE TRIGGER event_restored BEFORE INSERT ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_event_restore();

CREATE FUNCTION events_room_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('programme.place_changes', 'yes', true);
    UPDATE events_session SET revision = revision WHERE room_id = NEW.id;
    PERFORM set_config('programme.place_changes', '', true);
    RETURN NULL;
END $$;
CREATE TRIGGER room_revises AFTER UPDATE ON events_room FOR EACH ROW
    WHEN ((NEW.name, NEW.floor, NEW.venue_id) IS DISTINCT FROM (OLD.name, OLD.floor, OLD.venue_id))
    EXECUTE FUNCTION events_room_revise();

CREATE FUNCTION events_series_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('programme.place_changes', 'yes', true);
    UPDATE events_session SET revision = revision WHERE series_id = NEW.id;
    PERFORM set_config('programme.place_changes', '', true);
    RETURN NULL;
END $$;
CREATE TRIGGER series_revises AFTER UPDATE ON events_series FOR EACH ROW
    WHEN (NEW.number IS DISTINCT FROM OLD.number) EXECUTE FUNCTION events_series_revise();

-- Events before sessions, as everywhere; a session without a room is where its event is.
CREATE FUNCTION events_venue_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('programme.place_changes', 'yes', true);
    UPDATE events_event SET revision = revision WHERE venue_id = NEW.id;
    UPDATE events_session SET revision = revision WHERE room_id IN (SELECT id FROM events_room WHERE venue_id = NEW.id);
    PERFORM set_config('programme.place_changes', '', true);
    RETURN NULL;
END $$;
CREATE TRIGGER venue_revises AFTER UPDATE ON events_venue FOR EACH ROW
    WHEN ((NEW.name, NEW.address, NEW.postcode, NEW.latitude, NEW.longitude)
        IS DISTINCT FROM (OLD.name, OLD.address, OLD.postcode, OLD.latitude, OLD.longitude))
    EXECUTE FUNCTION events_venue_revise();
"""

AS_BEFORE = """
DROP TRIGGER venue_revises ON events_venue;
DROP FUNCTION events_venue_revise();
DROP TRIGGER series_revises ON events_series;
DROP FUNCTION events_series_revise();
DROP TRIGGER room_revises ON events_room;
DROP FUNCTION events_room_revise();
DROP TRIGGER event_restored ON events_event;
DROP FUNCTION events_event_restore();
DROP TRIGGER session_restored ON events_session;
DROP FUNCTION events_session_restore();

CREATE OR REPLACE FUNCTION events_event_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + CASE
        WHEN (NEW.title, NEW.starts, NEW.ends, NEW.venue_id, NEW.status, NEW.booking_opens)
            IS DISTINCT FROM (OLD.title, OLD.starts, OLD.ends, OLD.venue_id, OLD.status, OLD.booking_opens)
        THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION events_session_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + CASE
        WHEN (NEW.title, NEW.starts, NEW.ends, NEW.room_id, NEW.status)
            IS DISTINCT FROM (OLD.title, OLD.starts, OLD.ends, OLD.room_id, OLD.status)
        THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0009_changes_marked_for")]
    operations = [migrations.RunSQL(REVISIONS, AS_BEFORE)]
