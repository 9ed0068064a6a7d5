"""The pages of words stand at the foot of every page, so a change to them counts as one to the programme."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_pages"), ("events", "0006_programme_version")]
    operations = [
        migrations.RunSQL("SELECT events_is_programme('pages_page')", "SELECT events_is_no_programme('pages_page')")
    ]
