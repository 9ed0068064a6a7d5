"""Offers, transfers, links asked for, what is kept of invoices, complaints, and what goes with them.

An offer repeats the event of its registration and of its workshop, under composite foreign keys as a choice does.
"""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


COPIES = """
ALTER TABLE registrations_offer ADD CONSTRAINT offer_is_of_its_registrations_event
    FOREIGN KEY (registration_id, event_id)
    REFERENCES registrations_registration (id, event_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registrations_offer ADD CONSTRAINT offer_workshop_is_of_its_event
    FOREIGN KEY (session_id, event_id)
    REFERENCES events_session (id, event_id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
WITHOUT_COPIES = """
ALTER TABLE registrations_offer DROP CONSTRAINT offer_workshop_is_of_its_event;
ALTER TABLE registrations_offer DROP CONSTRAINT offer_is_of_its_registrations_event;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0006_programme_version'),
        ('registrations', '0007_drafts_of_colleagues'),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000, verbose_name='what it is about')),
                ('made_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='InvoiceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invoice_number', models.PositiveBigIntegerField(unique=True)),
                ('event_title', models.CharField(max_length=200)),
                ('payer', models.CharField(max_length=200)),
                ('address', models.TextField(blank=True, max_length=500)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('purchase_order', models.CharField(blank=True, max_length=60, verbose_name='purchase order number')),
                ('amount', models.PositiveIntegerField(help_text='In pence: what the places on it cost in all.')),
                ('state', models.CharField(max_length=40, verbose_name='how far it had come')),
                ('made_at', models.DateTimeField()),
                ('delete_on', models.DateField()),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='LinkRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email_key', models.CharField(max_length=254)),
                ('made_at', models.DateTimeField(db_index=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('until', models.DateTimeField(verbose_name='answer until')),
                ('answered_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('taken', 'Taken'), ('declined', 'Declined'), ('ran_out', 'Ran out'), ('withdrawn', 'Withdrawn')], default='open', max_length=9)),
            ],
            options={
                'ordering': ['made_at', 'pk'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('open', 'Waiting for the colleague'), ('accepted', 'Accepted'), ('withdrawn', 'Withdrawn'), ('declined', 'Declined by the colleague')], default='open', max_length=9)),
            ],
            options={
                'ordering': ['made_at', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='WaitingRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asks_from', models.DateTimeField(blank=True, help_text='From this moment on nobody is moved from a waiting list without being asked. Empty: seven days before the event starts.', null=True, verbose_name='ask everybody from')),
                ('offer_hours', models.PositiveSmallIntegerField(default=4, help_text='How long a place is kept for somebody who is asked. Only the hours from 9am to 6pm count.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(72)], verbose_name='hours to answer')),
            ],
            options={
                'verbose_name': 'rules of the waiting lists',
                'verbose_name_plural': 'rules of the waiting lists',
            },
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_to_somebody',
        ),
        migrations.AddField(
            model_name='historicalregistration',
            name='anonymised_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='historicalregistration',
            name='ask_first',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='historicalworkshopchoice',
            name='ask_first',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='registration',
            name='anonymised_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='registration',
            name='ask_first',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='registration',
            name='seen_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='workshopchoice',
            name='ask_first',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('confirmed', 'Your place is confirmed'), ('waiting', 'You are on the waiting list'), ('already_registered', 'You are registered already'), ('changed', 'Your workshops have changed'), ('promoted', 'A place has become free for you'), ('workshop_cancelled', 'A workshop will not take place'), ('cancelled', 'Your registration is cancelled'), ('offered', 'A place is kept for you: do you want it?'), ('offer_ended', 'The place that was kept for you has gone on'), ('address_changed', 'Your e-mail address has changed'), ('link', 'Your link'), ('transfer_offered', 'A colleague passes a place to you'), ('transfer_declined', 'Your colleague does not take your place'), ('transferred', 'Your place has passed to a colleague'), ('event_cancelled', 'The event will not take place'), ('programme_changed', 'A time or a room has changed'), ('announced', 'Workshops are announced'), ('reminder', 'Your day comes near'), ('erased', 'Your data are erased'), ('complaint', 'We have your complaint'), ('team_asked', 'To the team: somebody was asked')], max_length=20),
        ),
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('queued', 'To be sent'), ('sent', 'Sent'), ('failed', 'Cannot be sent'), ('to_ring', 'To be rung'), ('told', 'Told by telephone')], default='queued', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sent', 'failed', 'to_ring', 'told'])), name='message_state_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['confirmed', 'waiting', 'already_registered', 'changed', 'promoted', 'workshop_cancelled', 'cancelled', 'offered', 'offer_ended', 'address_changed', 'link', 'transfer_offered', 'transfer_declined', 'transferred', 'event_cancelled', 'programme_changed', 'announced', 'reminder', 'erased', 'complaint', 'team_asked'])), name='message_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recipient', ''), _negated=True), ('state__in', ['to_ring', 'told']), models.Q(('state', 'sent'), ('text', '')), _connector='OR'), name='message_to_somebody'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='registration',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints', to='registrations.registration'),
        ),
        migrations.AddField(
            model_name='offer',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event'),
        ),
        migrations.AddField(
            model_name='offer',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='registrations.registration'),
        ),
        migrations.AddField(
            model_name='offer',
            name='session',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.session'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transfers', to='registrations.registration'),
        ),
        migrations.AddField(
            model_name='waitingrules',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='waiting_rules', to='events.event'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['until'], name='offer_open'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'taken', 'declined', 'ran_out', 'withdrawn'])), name='offer_state_known'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('made_at'))), name='offer_can_be_answered'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='offer_ended_at_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('session__isnull', False), ('state', 'open')), fields=('registration', 'session'), name='offer_of_a_workshop_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('session__isnull', True), ('state', 'open')), fields=('registration',), name='offer_of_the_event_once'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'withdrawn', 'declined'])), name='transfer_state_known'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'open'), models.Q(('name', ''), _negated=True), models.Q(('email', ''), _negated=True)), models.Q(models.Q(('state', 'open'), _negated=True), ('email', ''), ('ended_at__isnull', False), ('name', '')), _connector='OR'), name='transfer_keeps_no_name_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('registration',), name='transfer_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='waitingrules',
            constraint=models.CheckConstraint(condition=models.Q(('offer_hours__gte', 1), ('offer_hours__lte', 72)), name='waiting_rules_hours_to_answer', violation_error_message='Give people between 1 and 72 hours to answer.'),
        ),
        migrations.RunSQL(COPIES, WITHOUT_COPIES),
    ]
