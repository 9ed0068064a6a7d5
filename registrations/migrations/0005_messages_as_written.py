from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0004_change_access_needs")]
    operations = [
        migrations.AddField("message", name, field)
        for name, field in (
            ("problem", models.CharField("why it was not sent", max_length=300, blank=True, default="", db_default="")),
            ("subject", models.CharField(max_length=200, blank=True, default="", db_default="")),
            ("text", models.TextField(blank=True, default="", db_default="")),
            ("html", models.TextField(blank=True, default="", db_default="")),
            ("calendar", models.TextField(blank=True, default="", db_default="")),
        )
    ]
