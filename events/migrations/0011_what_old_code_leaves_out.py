"""PostgreSQL fills in what an event of a release before 0004 and 0005 does not name, so that it can still be saved."""

from django.db import migrations, models


def revision() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(db_default=0, default=0, editable=False)


def refunds() -> models.TextField:
    return models.TextField(
        "what is refunded",
        blank=True,
        default="",
        db_default="",
        help_text="Until when somebody who cancels gets what back. Stands on the start page of registering. Markdown.",
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0010_revisions_of_places")]
    operations = [
        migrations.AlterField("event", "revision", revision()),
        migrations.AlterField("historicalevent", "revision", revision()),
        migrations.AlterField("event", "refunds", refunds()),
        migrations.AlterField("historicalevent", "refunds", refunds()),
    ]
