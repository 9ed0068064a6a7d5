"""A number that changes with every change to the programme, by any path: see `events.versions`.

It comes from a sequence, which gives no number twice, not even after a rollback. The other apps' migrations put the
trigger on their own tables.
"""

from django.db import migrations, models

TABLES = ["event", "series", "session", "appearance", "person", "organisation", "venue", "room"]

COUNT = """
CREATE SEQUENCE events_programme_numbers;
INSERT INTO events_programmeversion (id, number) VALUES (1, nextval('events_programme_numbers'));
CREATE FUNCTION events_programme_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_programmeversion (id, number) VALUES (1, nextval('events_programme_numbers'))
    ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number;
    RETURN NULL;
END $$;
"""

COUNT_NO_MORE = """
DROP FUNCTION events_programme_changed();
DROP SEQUENCE events_programme_numbers;
"""


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER programme_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION events_programme_changed()",
        f"DROP TRIGGER programme_changed ON {table}",
    )


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
        *(trigger(f"events_{table}") for table in TABLES),
    ]
