"""A number that changes with every change to the programme, by any path: see `events.storing.versions`.

It is raised at the commit, so that nobody who is still writing keeps another waiting. Until then `programme.touched`, which ends with the transaction, tells whoever reads within it that
something is written. Both come from a sequence, which gives no number twice, not even after a rollback.
"""

from django.db import migrations, models

TABLES = ["event", "series", "session", "appearance", "person", "organisation", "venue", "room"]

COUNT = """
CREATE SEQUENCE events_programme_numbers;
INSERT INTO events_programmeversion (id, number) VALUES (1, nextval('events_programme_numbers'));

CREATE FUNCTION events_programme_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('programme.touched', nextval('events_programme_numbers')::text, true);
    RETURN NULL;
END $$;

-- Called for each row, it raises the number once for all that was written before.
CREATE FUNCTION events_programme_raise() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- Puts the triggers on a table, which other apps do with theirs.
CREATE FUNCTION events_is_programme(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER programme_touch BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
        'FOR EACH STATEMENT EXECUTE FUNCTION events_programme_touch()', relation);
    EXECUTE format('CREATE TRIGGER programme_emptied AFTER TRUNCATE ON %s '
        'FOR EACH STATEMENT EXECUTE FUNCTION events_programme_raise()', relation);
    EXECUTE format('CREATE CONSTRAINT TRIGGER programme_raise AFTER INSERT OR UPDATE OR DELETE ON %s '
        'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION events_programme_raise()', relation);
END $$;

-- Checks what is deferred now, and leaves the number for the commit: whoever raises it keeps others from doing so.
CREATE FUNCTION events_check_what_is_deferred() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    names text := (
        SELECT string_agg(DISTINCT quote_ident(conname), ', ') FROM pg_constraint
        WHERE condeferred AND contype <> 't' AND connamespace = current_schema()::regnamespace
    );
BEGIN
    EXECUTE 'SET CONSTRAINTS ' || names || ' IMMEDIATE';
    EXECUTE 'SET CONSTRAINTS ' || names || ' DEFERRED';
END $$;

CREATE FUNCTION events_is_no_programme(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER programme_touch ON %s', relation);
    EXECUTE format('DROP TRIGGER programme_emptied ON %s', relation);
    EXECUTE format('DROP TRIGGER programme_raise ON %s', relation);
END $$;
"""

COUNT_NO_MORE = """
DROP FUNCTION events_check_what_is_deferred();
DROP FUNCTION events_is_no_programme(regclass);
DROP FUNCTION events_is_programme(regclass);
DROP FUNCTION events_programme_raise();
DROP FUNCTION events_programme_touch();
DROP SEQUENCE events_programme_numbers;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0005_event_refunds")]
    operations = [
        migrations.CreateModel(
            name="ProgrammeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="programme_has_one_version")],
            },
        ),
        migrations.RunSQL(COUNT, COUNT_NO_MORE),
        *(
            migrations.RunSQL(
                f"SELECT events_is_programme('events_{table}')", f"SELECT events_is_no_programme('events_{table}')"
            )
            for table in TABLES
        ),
    ]
