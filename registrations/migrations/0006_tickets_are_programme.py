"""What tickets there are is part of what pages say of the programme, so a change to them counts as one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registrations", "0005_messages_as_written"), ("events", "0006_programme_version")]
    operations = [
        migrations.RunSQL("SELECT events_is_programme('registrations_tickettype')", "SELECT events_is_no_programme('registrations_tickettype')")
    ]
