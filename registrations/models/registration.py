"""A registration: one attendee's place at an event, or their wait for one."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from events.models import Event
from registrations.folding import EMAIL_KEY_LENGTH, NAME_KEY_LENGTH
from registrations.models.invoice import Invoice
from registrations.models.ticket_type import TicketType


class RegistrationStatus(models.TextChoices):
    """Whether the attendee has a place."""

    CONFIRMED = "confirmed", "Confirmed"
    WAITING = "waiting", "On the waiting list"
    CANCELLED = "cancelled", "Cancelled"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Questions about registrations that read as English."""

    def confirmed(self) -> "RegistrationQuerySet":
        """Those who have a place."""
        return self.filter(status=RegistrationStatus.CONFIRMED)

    def waiting(self) -> "RegistrationQuerySet":
        """Those on the event's waiting list, whoever came first first."""
        return self.filter(status=RegistrationStatus.WAITING).order_by("waiting_since", "pk")

    def live(self) -> "RegistrationQuerySet":
        """All but the cancelled ones."""
        return self.exclude(status=RegistrationStatus.CANCELLED)


# What people typed is kept out of the history, so that erasing it from the row erases it.
TYPED = [
    "name", "badge_name", "email", "phone", "organisation", "job_title", "pronouns", "name_key", "email_key",
    "wants_bursary", "idempotency_key",
]  # fmt: skip


class Registration(models.Model):
    """One attendee of one event.

    `status` and `waiting_since` are set by `booking` and `waiting_list` only, under the lock of the event's
    places. `name_key` and `email_key` are folded for comparison. E-mail is empty for somebody who telephoned.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    reference = models.CharField(max_length=12, unique=True, editable=False)
    name = models.CharField(max_length=200)
    badge_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=160, blank=True)
    is_member = models.BooleanField("member of Clinks", default=False)
    pronouns = models.CharField(max_length=40, blank=True)
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="registrations")
    price_agreed = models.PositiveIntegerField(help_text="In pence.")
    photo_consent = models.BooleanField("may be photographed", default=False)
    mailing_consent = models.BooleanField("wants news of Clinks", default=False)
    wants_bursary = models.BooleanField("help with the cost would make it possible to come", default=False)
    status = models.CharField(max_length=10, choices=RegistrationStatus, editable=False)
    waiting_since = models.DateTimeField(null=True, editable=False)
    # Of the event's own waiting list: whether to be asked before a place that came free is theirs.
    ask_first = models.BooleanField(default=False, db_default=False, editable=False)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    link_number = models.PositiveIntegerField(default=1, editable=False)
    # By which the address of the attendee's calendar is ended, and nothing else.
    calendar_number = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations")
    name_key = models.CharField(max_length=NAME_KEY_LENGTH, editable=False)
    email_key = models.CharField(max_length=EMAIL_KEY_LENGTH, editable=False)
    created_at = models.DateTimeField(editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    # Up to when the attendee has read, in “My day”, what others changed.
    seen_at = models.DateTimeField(null=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(excluded_fields=[*TYPED, "seen_at", "calendar_number"])
    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                fields=["event", "waiting_since", "id"], name="registration_line",
                condition=Q(status=RegistrationStatus.WAITING),
            ),
            models.Index(fields=["email_key"], name="registration_email_key"),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RegistrationStatus.values), name="registration_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=RegistrationStatus.WAITING, waiting_since__isnull=False)
                | (~Q(status=RegistrationStatus.WAITING) & Q(waiting_since__isnull=True)),
                name="registration_waits_since_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(status=RegistrationStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=RegistrationStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="registration_cancelled_at_a_moment",
            ),
            models.UniqueConstraint(
                fields=["event", "email_key", "name_key"], name="registration_once_for_a_name_and_address",
                condition=~Q(status=RegistrationStatus.CANCELLED) & ~Q(email_key=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    @property
    def is_confirmed(self) -> bool:
        """Whether the attendee has a place."""
        return self.status == RegistrationStatus.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        """Whether the attendee is on the event's waiting list."""
        return self.status == RegistrationStatus.WAITING

    @property
    def is_cancelled(self) -> bool:
        """Whether the attendee, or staff for them, gave the place back."""
        return self.status == RegistrationStatus.CANCELLED
