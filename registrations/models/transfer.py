"""A transfer: an attendee passes the place to a colleague, who has it once they accept."""

from django.db import models
from django.db.models import Q

from registrations.models.registration import Registration


class TransferState(models.TextChoices):
    """What came of it."""

    OPEN = "open", "Waiting for the colleague"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DECLINED = "declined", "Declined by the colleague"


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Questions about transfers that read as English."""

    def open(self) -> "TransferQuerySet":
        """Those that can still be accepted."""
        return self.filter(state=TransferState.OPEN)


class Transfer(models.Model):
    """To whom a registration is to pass. Name and address are kept only as long as the colleague may still accept."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="transfers")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # The last row of the history of choices when it was accepted: what stands up to there was the former attendee's.
    last_choice = models.BigIntegerField(null=True)
    state = models.CharField(max_length=9, choices=TransferState, default=TransferState.OPEN)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TransferState.values), name="transfer_state_known"),
            models.CheckConstraint(
                condition=(Q(state=TransferState.OPEN, ended_at__isnull=True) & ~Q(name="") & ~Q(email=""))
                | (~Q(state=TransferState.OPEN) & Q(ended_at__isnull=False, name="", email="")),
                name="transfer_keeps_no_name_once_ended",
            ),
            models.UniqueConstraint(
                fields=["registration"], name="transfer_one_at_a_time", condition=Q(state=TransferState.OPEN)
            ),
        ]

    def __str__(self) -> str:
        return f"Transfer of {self.registration}"
