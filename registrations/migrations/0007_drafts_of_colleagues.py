"""Whoever registered several people finds the others by the first: an index, so that the page stays quick in a rush."""

from django.db import migrations

INDEX = "CREATE INDEX registrations_draft_with ON registrations_draft ((answers ->> 'with'))"


class Migration(migrations.Migration):
    dependencies = [("registrations", "0006_tickets_are_programme")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX registrations_draft_with")]
