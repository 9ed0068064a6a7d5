"""A series of workshops in which an attendee takes no part, as they said."""

from django.db import models

from events.models import Event, Series
from registrations.models.registration import Registration


class NoPart(models.Model):
    """One attendee and one series: they want none of its workshops, and are not to be asked again.

    Written by `no_part` only, under the lock of the event's places. `event` repeats that of both under composite
    foreign keys that delete the row along with either, and a trigger ends it with the first claim on a workshop of the
    series, whoever makes that (migration 0016). There is no history of it: `made_at` says since when.
    """

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="no_part"
    )
    series = models.ForeignKey(Series, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["series__number", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["registration", "series"], name="no_part_once_in_a_series")]

    def __str__(self) -> str:
        return f"{self.registration}, series {self.series_id}: takes no part"
