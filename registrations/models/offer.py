"""An offer: a place that came free and that somebody on a waiting list is asked about, until a moment."""

import datetime

from django.db import models
from django.db.models import F, Q

from events.models import Event, Session
from registrations.models.registration import Registration


class OfferState(models.TextChoices):
    """What came of it."""

    OPEN = "open", "Open"
    TAKEN = "taken", "Taken"
    DECLINED = "declined", "Declined"
    RAN_OUT = "ran_out", "Ran out"
    WITHDRAWN = "withdrawn", "Withdrawn"


class OfferQuerySet(models.QuerySet["Offer"]):
    """Questions about offers that read as English."""

    def open(self) -> "OfferQuerySet":
        """Those that can still be answered, or that nobody has looked at since they ran out."""
        return self.filter(state=OfferState.OPEN)

    def run_out(self, now: datetime.datetime) -> "OfferQuerySet":
        """Those whose time is over, and whose place is to go on."""
        return self.open().filter(until__lte=now).order_by("until", "pk")


class Offer(models.Model):
    """A place at the event, or in one of its workshops, that is kept for one attendee until they answer.

    `session` is the workshop; without one it is the place at the event itself. An open offer counts as taken in
    Places. Made and ended by `waiting_list` only, under the lock of the event's places.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="offers")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField("answer until")
    answered_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=OfferState, default=OfferState.OPEN)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        default_permissions = ("view", "change")
        indexes = [models.Index(fields=["until"], name="offer_open", condition=Q(state=OfferState.OPEN))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state_known"),
            models.CheckConstraint(condition=Q(until__gt=F("made_at")), name="offer_can_be_answered"),
            models.CheckConstraint(
                condition=Q(state=OfferState.OPEN, answered_at__isnull=True)
                | (~Q(state=OfferState.OPEN) & Q(answered_at__isnull=False)),
                name="offer_ended_at_a_moment",
            ),
            models.UniqueConstraint(
                fields=["registration", "session"], name="offer_of_a_workshop_once",
                condition=Q(state=OfferState.OPEN, session__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["registration"], name="offer_of_the_event_once",
                condition=Q(state=OfferState.OPEN, session__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Offer to {self.registration}"
