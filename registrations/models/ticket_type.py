"""What a place costs, and for whom."""

import datetime

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from events.models import Event


class TicketTypeQuerySet(models.QuerySet["TicketType"]):
    """Questions about ticket types that read as English."""

    def on_sale(self, now: datetime.datetime) -> "TicketTypeQuerySet":
        """Those that can be had at this moment; an early-bird price ends by itself."""
        ended = Q(available_until__isnull=False, available_until__lte=now)
        return self.exclude(ended).filter(Q(available_from__isnull=True) | Q(available_from__lte=now))


class TicketType(models.Model):
    """One kind of ticket of an event, with its price in pence. Saved through `registrations.tickets.ticket_types`."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="ticket_types")
    name = models.CharField(max_length=120, help_text="Such as “Members of Clinks, early bird”.")
    price = models.PositiveIntegerField(help_text="In pence: 5000 is £50. 0 is a free place.")
    audience = models.CharField("who it is for", max_length=300, blank=True)
    available_from = models.DateTimeField(null=True, blank=True, help_text="Empty: as soon as booking opens.")
    available_until = models.DateTimeField(null=True, blank=True, help_text="Empty: until booking closes.")
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: no limit of its own.")
    invitation_code = models.CharField(
        max_length=40, blank=True,
        help_text="Only who gives this code can have the ticket. It may be read out on the phone: capital or small "
        "letters, spaces and hyphens, 0 and O, 1, I and L make no difference.",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(default=0, help_text="Low numbers come first.")

    history = HistoricalRecords()
    objects = TicketTypeQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"], name="ticket_type_name_once_in_an_event",
                violation_error_message="This event already has a ticket of that name.",
            ),
            models.CheckConstraint(
                condition=Q(available_until__gt=F("available_from")), name="ticket_type_ends_after_it_begins",
                violation_error_message="The ticket has to be available until later than from when.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def is_on_sale(self, now: datetime.datetime) -> bool:
        """Whether it can be had at this moment."""
        begun = self.available_from is None or self.available_from <= now
        return begun and (self.available_until is None or now < self.available_until)
