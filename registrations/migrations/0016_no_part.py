"""The series in which somebody takes no part, as they said.

PostgreSQL ends it, not only this release: the release before, which is still running beside it, knows nothing of the
table when it deletes a series, writes a claim on a workshop, or makes a registration nobody's or somebody else's (both
give it a new key of its submission). A trigger can do that here, other than in decision 0010: it refuses nothing, and
whoever writes any of these holds the lock of the event's places.
"""

import django.db.models.deletion
from django.db import migrations, models

COPIES = """
ALTER TABLE registrations_nopart ADD CONSTRAINT no_part_is_of_its_registrations_event
    FOREIGN KEY (registration_id, event_id)
    REFERENCES registrations_registration (id, event_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registrations_nopart ADD CONSTRAINT no_part_is_in_a_series_of_its_event
    FOREIGN KEY (series_id, event_id)
    REFERENCES events_series (id, event_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""

WITHOUT_COPIES = """
ALTER TABLE registrations_nopart DROP CONSTRAINT no_part_is_in_a_series_of_its_event;
ALTER TABLE registrations_nopart DROP CONSTRAINT no_part_is_of_its_registrations_event;
"""

ENDS = """
CREATE FUNCTION registrations_no_part_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM registrations_nopart WHERE registration_id = NEW.registration_id AND series_id = NEW.series_id;
    RETURN NULL;
END $$;

CREATE TRIGGER choice_ends_no_part AFTER INSERT OR UPDATE OF series_id, state ON registrations_workshopchoice FOR EACH ROW
    WHEN (NEW.state <> 'released') EXECUTE FUNCTION registrations_no_part_ends();

CREATE FUNCTION registrations_no_part_is_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM registrations_nopart WHERE registration_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER another_attendee_takes_part AFTER UPDATE OF idempotency_key ON registrations_registration FOR EACH ROW
    WHEN (NEW.idempotency_key <> OLD.idempotency_key) EXECUTE FUNCTION registrations_no_part_is_forgotten();
"""

ENDS_NO_MORE = """
DROP TRIGGER another_attendee_takes_part ON registrations_registration;
DROP FUNCTION registrations_no_part_is_forgotten();
DROP TRIGGER choice_ends_no_part ON registrations_workshopchoice;
DROP FUNCTION registrations_no_part_ends();
"""


def _key(to: str, on_delete, **kwargs) -> models.ForeignKey:
    return models.ForeignKey(db_constraint=False, on_delete=on_delete, to=to, **kwargs)


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0015_team_wanted"),
        ("events", "0003_copies_and_revisions"),
    ]
    operations = [
        migrations.CreateModel(
            name="NoPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                (
                    "registration",
                    _key(
                        "registrations.registration",
                        django.db.models.deletion.CASCADE,
                        db_index=False,
                        related_name="no_part",
                    ),
                ),
                ("series", _key("events.series", django.db.models.deletion.DO_NOTHING, related_name="+")),
                (
                    "event",
                    _key("events.event", django.db.models.deletion.DO_NOTHING, db_index=False, related_name="+"),
                ),
            ],
            options={
                "ordering": ["series__number", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("registration", "series"), name="no_part_once_in_a_series")
                ],
            },
        ),
        migrations.RunSQL(COPIES, WITHOUT_COPIES),
        migrations.RunSQL(ENDS, ENDS_NO_MORE),
    ]
