"""A colleague may decline a place, and its holder is told."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registrations', '0008_my_day'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='transfer',
            name='transfer_state_known',
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('confirmed', 'Your place is confirmed'), ('waiting', 'You are on the waiting list'), ('already_registered', 'You are registered already'), ('changed', 'Your workshops have changed'), ('promoted', 'A place has become free for you'), ('workshop_cancelled', 'A workshop will not take place'), ('cancelled', 'Your registration is cancelled'), ('offered', 'A place is kept for you: do you want it?'), ('offer_ended', 'The place that was kept for you has gone on'), ('address_changed', 'Your e-mail address has changed'), ('link', 'Your link'), ('transfer_offered', 'A colleague passes a place to you'), ('transfer_declined', 'Your colleague does not take your place'), ('transferred', 'Your place has passed to a colleague'), ('event_cancelled', 'The event will not take place'), ('programme_changed', 'A time or a room has changed'), ('announced', 'Workshops are announced'), ('reminder', 'Your day comes near'), ('erased', 'Your data are erased'), ('complaint', 'We have your complaint'), ('team_asked', 'To the team: somebody was asked')], max_length=20),
        ),
        migrations.AlterField(
            model_name='transfer',
            name='state',
            field=models.CharField(choices=[('open', 'Waiting for the colleague'), ('accepted', 'Accepted'), ('withdrawn', 'Withdrawn'), ('declined', 'Declined by the colleague')], default='open', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['confirmed', 'waiting', 'already_registered', 'changed', 'promoted', 'workshop_cancelled', 'cancelled', 'offered', 'offer_ended', 'address_changed', 'link', 'transfer_offered', 'transfer_declined', 'transferred', 'event_cancelled', 'programme_changed', 'announced', 'reminder', 'erased', 'complaint', 'team_asked'])), name='message_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'withdrawn', 'declined'])), name='transfer_state_known'),
        ),
    ]
