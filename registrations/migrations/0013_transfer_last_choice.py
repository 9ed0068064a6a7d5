"""Up to which row of the history a registration was somebody else's. Empty in transfers of before, which is as 0."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0012_calendar_number")]
    operations = [migrations.AddField("transfer", "last_choice", models.BigIntegerField(null=True))]
