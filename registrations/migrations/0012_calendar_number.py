"""The number by which the address of an attendee's calendar is ended. PostgreSQL fills it in for the release before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0011_keys_of_addresses")]
    operations = [
        migrations.AddField(
            "registration", "calendar_number", models.PositiveIntegerField(db_default=1, default=1, editable=False)
        )
    ]
