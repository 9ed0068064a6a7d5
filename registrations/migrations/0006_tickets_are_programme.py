"""What tickets there are is part of what pages say of the programme, so a change to them counts as one."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER programme_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON registrations_tickettype
    FOR EACH STATEMENT EXECUTE FUNCTION events_programme_changed()
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0005_messages_as_written"), ("events", "0006_programme_version")]
    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER programme_changed ON registrations_tickettype")]
