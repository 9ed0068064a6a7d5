"""How an event gives places that come free: from when on nobody is moved unasked, and how long an offer lasts."""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from events.models import Event

DAYS_BEFORE = 7
OFFER_HOURS = 4


class WaitingRules(models.Model):
    """What staff set for the waiting lists of one event; without a row, what is usual holds."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="waiting_rules")
    asks_from = models.DateTimeField(
        "ask everybody from", null=True, blank=True,
        help_text="From this moment on nobody is moved from a waiting list without being asked. Empty: seven days"
        " before the event starts.",
    )  # fmt: skip
    offer_hours = models.PositiveSmallIntegerField(
        "hours to answer", default=OFFER_HOURS, validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text="How long a place is kept for somebody who is asked. Only the hours from 9am to 6pm count.",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "rules of the waiting lists"
        constraints = [
            models.CheckConstraint(
                condition=Q(offer_hours__gte=1, offer_hours__lte=72), name="waiting_rules_hours_to_answer",
                violation_error_message="Give people between 1 and 72 hours to answer.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Waiting lists of {self.event}"

    @property
    def begins_to_ask(self) -> datetime.datetime:
        """From when on everybody is asked. The event is one of ours, so it has a start."""
        return self.asks_from or self.event.starts - datetime.timedelta(days=DAYS_BEFORE)
