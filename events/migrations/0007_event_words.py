"""A number for each event, raised when words on its pages change that are no part of the programme.

Pages are stored by these numbers and the programme's, also outside of the database. So from here on a number is a moment
of PostgreSQL's clock in microseconds, and larger than the one before: a database that was restored from a backup, or
another one, never comes to a number that once stood for other words, as it would by counting on.
"""

import django.db.models.deletion
from django.db import migrations, models

COUNT = """
CREATE FUNCTION events_number_after(number bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT greatest(number + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
$$;

CREATE FUNCTION events_words_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_eventwords (event_id, number) VALUES (NEW.id, events_number_after(0));
    RETURN NULL;
END $$;

CREATE TRIGGER words_begin AFTER INSERT ON events_event FOR EACH ROW EXECUTE FUNCTION events_words_begin();

INSERT INTO events_eventwords (event_id, number) SELECT id, events_number_after(0) FROM events_event;

-- For whoever counts something that an event's pages say in words.
CREATE FUNCTION events_words_changed(event bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE events_eventwords SET number = events_number_after(number) WHERE event_id = event
$$;

-- One short question for each request. A function, because its plan is kept: planning took as long as all the rest.
CREATE FUNCTION events_version_of_pages(address text, OUT number bigint, OUT touched text, OUT words numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT v.number, NULLIF(current_setting('programme.touched', true), '') INTO number, touched
        FROM events_programmeversion v;
    IF address IS NULL THEN
        SELECT sum(w.number) INTO words FROM events_eventwords w;
    ELSE
        SELECT w.number INTO words FROM events_event e JOIN events_eventwords w ON w.event_id = e.id
            WHERE e.slug = address;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION events_programme_raise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched text := current_setting('programme.touched', true);
BEGIN
    IF touched IS DISTINCT FROM current_setting('programme.raised', true) THEN
        PERFORM set_config('programme.raised', touched, true);
        INSERT INTO events_programmeversion (id, number) VALUES (1, events_number_after(0))
        ON CONFLICT (id) DO UPDATE SET number = events_number_after(events_programmeversion.number);
    END IF;
    RETURN NULL;
END $$;

UPDATE events_programmeversion SET number = events_number_after(number);
"""

COUNT_NO_MORE = """
CREATE OR REPLACE FUNCTION events_programme_raise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched text := current_setting('programme.touched', true);
BEGIN
    IF touched IS DISTINCT FROM current_setting('programme.raised', true) THEN
        PERFORM set_config('programme.raised', touched, true);
        INSERT INTO events_programmeversion (id, number) VALUES (1, nextval('events_programme_numbers'))
        ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number;
    END IF;
    RETURN NULL;
END $$;

DROP FUNCTION events_version_of_pages(text);
DROP FUNCTION events_words_changed(bigint);
DROP TRIGGER words_begin ON events_event;
DROP FUNCTION events_words_begin();
DROP FUNCTION events_number_after(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0006_programme_version")]
    operations = [
        migrations.CreateModel(
            name="EventWords",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+",
                        serialize=False, to="events.event",
                    ),
                ),
                ("number", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(COUNT, COUNT_NO_MORE),
    ]  # fmt: skip
