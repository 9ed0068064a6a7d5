"""For how many days pages mark what has changed; PostgreSQL fills it in for the release before."""

import django.core.validators
from django.db import migrations, models

DAYS = models.PositiveSmallIntegerField(
    "days to mark changes",
    db_default=7,
    default=7,
    help_text="For so many days after a change the agenda and the session’s page say “New time”, “New room” or “New"
    " title”. 0: never. “What has changed” lists everything in any case.",
    validators=[django.core.validators.MaxValueValidator(365)],
)


class Migration(migrations.Migration):
    dependencies = [("events", "0008_pages_version_in_one_text")]
    operations = [
        migrations.AddField("event", "changes_marked_for", DAYS),
        migrations.AddField("historicalevent", "changes_marked_for", DAYS.clone()),
    ]
