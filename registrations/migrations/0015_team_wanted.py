"""A message to the team: somebody asks to be written to or rung. The release before sends none, and goes on as it is.

Going back deletes those that there are: what they are about stays on its page.
"""

from django.db import migrations, models

KINDS = {
    "confirmed": "Your place is confirmed",
    "waiting": "You are on the waiting list",
    "already_registered": "You are registered already",
    "changed": "Your workshops have changed",
    "promoted": "A place has become free for you",
    "workshop_cancelled": "A workshop will not take place",
    "cancelled": "Your registration is cancelled",
    "offered": "A place is kept for you: do you want it?",
    "offer_ended": "The place that was kept for you has gone on",
    "address_changed": "Your e-mail address has changed",
    "link": "Your link",
    "transfer_offered": "A colleague passes a place to you",
    "transfer_declined": "Your colleague does not take your place",
    "transferred": "Your place has passed to a colleague",
    "event_cancelled": "The event will not take place",
    "programme_changed": "A time or a room has changed",
    "announced": "Workshops are announced",
    "reminder": "Your day comes near",
    "erased": "Your data are erased",
    "complaint": "We have your complaint",
    "team_asked": "To the team: somebody was asked",
    "team_wanted": "To the team: somebody asks to hear from us",
}
FORGET = "DELETE FROM registrations_message WHERE kind = 'team_wanted'"


class Migration(migrations.Migration):
    dependencies = [("registrations", "0014_refunded_at")]
    operations = [
        migrations.RemoveConstraint("message", "message_kind_known"),
        migrations.AlterField("message", "kind", models.CharField(choices=list(KINDS.items()), max_length=20)),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(condition=models.Q(kind__in=list(KINDS)), name="message_kind_known"),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, reverse_sql=FORGET),
    ]
