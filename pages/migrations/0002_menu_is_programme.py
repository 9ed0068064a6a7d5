"""The pages of words stand at the foot of every page, so a change to them counts as one to the programme."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER programme_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pages_page
    FOR EACH STATEMENT EXECUTE FUNCTION events_programme_changed()
"""


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_pages"), ("events", "0006_programme_version")]
    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER programme_changed ON pages_page")]
