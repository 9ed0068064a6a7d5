"""How many places there are, and how many are taken: the rows that every writer locks."""

from django.db import models
from django.db.models import F, Q

from events.models import Event, Session
from registrations.models.ticket_type import TicketType


class PlacesQuerySet(models.QuerySet["Places"]):
    """Questions about places that read as English."""

    def of_events(self) -> "PlacesQuerySet":
        """The rows of whole events, which are locked before all others."""
        return self.filter(ticket_type__isnull=True, session__isnull=True)


class Places(models.Model):
    """The places of one event, of one of its ticket types, or of one of its workshops.

    `capacity` repeats what staff set (None is no limit); `taken` is how many are confirmed. Both are
    written by `registrations.places` only, under the lock of the event's own row.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.CASCADE, null=True, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")
    capacity = models.PositiveIntegerField(null=True)
    taken = models.IntegerField(default=0)

    objects = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "places"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0), name="places_taken_not_negative"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="places_never_more_than_there_are"),
            models.CheckConstraint(
                condition=Q(ticket_type__isnull=True) | Q(session__isnull=True),
                name="places_of_a_ticket_type_or_a_workshop",
            ),
            models.UniqueConstraint(
                fields=["event"], name="places_once_for_an_event",
                condition=Q(ticket_type__isnull=True, session__isnull=True),
            ),
            models.UniqueConstraint(fields=["ticket_type"], name="places_once_for_a_ticket_type"),
            models.UniqueConstraint(fields=["session"], name="places_once_for_a_workshop"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Places {self.pk}"

    @property
    def left(self) -> int | None:
        """How many places are left; None is no limit."""
        return None if self.capacity is None else self.capacity - self.taken

    @property
    def has_room(self) -> bool:
        """Whether one more would fit."""
        return self.capacity is None or self.taken < self.capacity
