"""A number for each event, raised when words on its pages change that are no part of the programme."""

import django.db.models.deletion
from django.db import migrations, models

COUNT = """
CREATE FUNCTION events_words_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_eventwords (event_id, number) VALUES (NEW.id, nextval('events_programme_numbers'));
    RETURN NULL;
END $$;

CREATE TRIGGER words_begin AFTER INSERT ON events_event FOR EACH ROW EXECUTE FUNCTION events_words_begin();

INSERT INTO events_eventwords (event_id, number) SELECT id, nextval('events_programme_numbers') FROM events_event;

-- For whoever counts something that an event's pages say in words.
CREATE FUNCTION events_words_changed(event bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE events_eventwords SET number = nextval('events_programme_numbers') WHERE event_id = event
$$;
"""

COUNT_NO_MORE = """
DROP FUNCTION events_words_changed(bigint);
DROP TRIGGER words_begin ON events_event;
DROP FUNCTION events_words_begin();
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
