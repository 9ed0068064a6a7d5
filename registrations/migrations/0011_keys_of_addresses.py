"""The key of an address is what a mail server is given: only addresses beyond ASCII get another one by it.

What was folded before let one key stand for two mailboxes. Requests for links hold such keys for a day at most: they go.
"""

from django.db import migrations

from registrations.folding import email_key


def key_anew(apps, schema_editor):
    registrations = apps.get_model("registrations", "Registration").objects
    for each in registrations.exclude(email="").filter(email__regex=r"[^\x01-\x7f]").order_by("pk"):
        key = email_key(each.email)
        twin = registrations.exclude(status="cancelled").exclude(pk=each.pk)
        # Of one name and address there is one live registration: a second, spelt otherwise, is found by its own links only.
        taken = twin.filter(event=each.event_id, name_key=each.name_key, email_key=key).exists()
        registrations.filter(pk=each.pk).update(email_key="" if taken else key)
    apps.get_model("registrations", "LinkRequest").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("registrations", "0010_what_stays_with_whom")]
    operations = [migrations.RunPython(key_anew, migrations.RunPython.noop)]
