"""Until when what is refunded, for the start page of registering."""

from django.db import migrations, models


def refunds() -> models.TextField:
    return models.TextField(
        "what is refunded",
        blank=True,
        default="",
        help_text="Until when somebody who cancels gets what back. Stands on the start page of registering. Markdown.",
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0004_event_identity")]
    operations = [
        migrations.AddField("event", "refunds", refunds(), preserve_default=False),
        migrations.AddField("historicalevent", "refunds", refunds(), preserve_default=False),
    ]
