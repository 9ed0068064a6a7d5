"""When staff last said that an invoice's money went back. Of those refunded before, the history knows."""

from django.db import migrations, models

FROM_HISTORY = """
UPDATE registrations_invoice SET refunded_at = (
    SELECT max(history_date) FROM registrations_historicalinvoice AS noted
    WHERE noted.id = registrations_invoice.id AND noted.state = 'refunded'
)
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0013_transfer_last_choice")]
    operations = [
        migrations.AddField(
            "invoice", "refunded_at", models.DateTimeField(null=True, blank=True, editable=False)
        ),
        migrations.AddField(
            "historicalinvoice", "refunded_at", models.DateTimeField(null=True, blank=True, editable=False)
        ),
        migrations.RunSQL(FROM_HISTORY, migrations.RunSQL.noop),
    ]
