"""For how many days pages mark what has changed; PostgreSQL fills it in for the release before."""

import django.core.validators
from django.db import migrations, models

DAYS = models.PositiveSmallIntegerField(
    "days for which changes are marked",
    db_default=7,
    default=7,
    help_text="So long the agenda and the session’s page mark a new time, room or title. 0 marks nothing;"
    " “What has changed” lists all of it anyway.",
    validators=[django.core.validators.MaxValueValidator(365)],
)


class Migration(migrations.Migration):
    dependencies = [("events", "0008_pages_version_in_one_text")]
    operations = [
        migrations.AddField("event", "changes_marked_for", DAYS),
        migrations.AddField("historicalevent", "changes_marked_for", DAYS.clone()),
    ]
