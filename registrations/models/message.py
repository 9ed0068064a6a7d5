"""The outbox: each message is a row, written in the transaction that causes it."""

import datetime

from django.db import models
from django.db.models import Q

from registrations.models.registration import Registration


class MessageKind(models.TextChoices):
    """What a message says."""

    CONFIRMED = "confirmed", "Your place is confirmed"
    WAITING = "waiting", "You are on the waiting list"
    ALREADY_REGISTERED = "already_registered", "You are registered already"
    CHANGED = "changed", "Your workshops have changed"
    PROMOTED = "promoted", "A place has become free for you"
    WORKSHOP_CANCELLED = "workshop_cancelled", "A workshop will not take place"
    CANCELLED = "cancelled", "Your registration is cancelled"
    OFFERED = "offered", "A place is kept for you: do you want it?"
    OFFER_ENDED = "offer_ended", "The place that was kept for you has gone on"
    ADDRESS_CHANGED = "address_changed", "Your e-mail address has changed"
    LINK = "link", "Your link"
    TRANSFER_OFFERED = "transfer_offered", "A colleague passes a place to you"
    TRANSFER_DECLINED = "transfer_declined", "Your colleague does not take your place"
    TRANSFERRED = "transferred", "Your place has passed to a colleague"
    EVENT_CANCELLED = "event_cancelled", "The event will not take place"
    PROGRAMME_CHANGED = "programme_changed", "A time or a room has changed"
    ANNOUNCED = "announced", "Workshops are announced"
    REMINDER = "reminder", "Your day comes near"
    ERASED = "erased", "Your data are erased"
    COMPLAINT = "complaint", "We have your complaint"
    TEAM_ASKED = "team_asked", "To the team: somebody was asked"
    TEAM_WANTED = "team_wanted", "To the team: somebody asks to hear from us"


class MessageState(models.TextChoices):
    """How far sending it has come."""

    QUEUED = "queued", "To be sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Cannot be sent"
    TO_RING = "to_ring", "To be rung"
    TOLD = "told", "Told by telephone"


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about messages that read as English."""

    def due(self, now: datetime.datetime) -> "MessageQuerySet":
        """Those to be sent or tried again now, whoever has waited longest first."""
        return self.filter(state=MessageState.QUEUED, due_at__lte=now).order_by("due_at", "pk")


class Message(models.Model):
    """One message to one attendee.

    `facts` is what the writer saw (states, positions, what is owed), never a personal link and nothing about
    access or food. The Message-ID is fixed here, so that a second sending is the same message; so are its words,
    kept from the first attempt on with a placeholder where the personal link goes. `due_at` is when it may next
    be tried. Sent by `registrations.messages.sending` only. Whoever has no address is rung by staff, who say so here.
    Of what was sent, the words go after a month, and the address when somebody is erased.
    """

    kind = models.CharField(max_length=20, choices=MessageKind)
    recipient = models.EmailField()
    message_id = models.CharField(max_length=200, unique=True)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="messages")
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.QUEUED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField("why it was not sent", max_length=300, blank=True, default="", db_default="")
    subject = models.CharField(max_length=200, blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    html = models.TextField(blank=True, default="", db_default="")
    calendar = models.TextField(blank=True, default="", db_default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["due_at"], name="message_due", condition=Q(state=MessageState.QUEUED))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="message_kind_known"),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at__isnull=True)),
                name="message_sent_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(recipient="")
                | Q(state__in=[MessageState.TO_RING, MessageState.TOLD])
                | Q(state=MessageState.SENT, text=""),
                name="message_to_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.registration}"
