"""A workshop choice: an attendee's claim on a place in a workshop."""

from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, Q
from simple_history.models import HistoricalRecords

from events.models import Event, Series, Session
from events.models.session import ExclusionCheckedTogether, Period
from registrations.models.registration import Registration


class ChoiceState(models.TextChoices):
    """How far the claim has come."""

    CONFIRMED = "confirmed", "Confirmed"
    WAITING = "waiting", "On the waiting list"
    RELEASED = "released", "Released"


class ChoiceQuerySet(models.QuerySet["WorkshopChoice"]):
    """Questions about workshop choices that read as English."""

    def confirmed(self) -> "ChoiceQuerySet":
        """Those that hold a place."""
        return self.filter(state=ChoiceState.CONFIRMED)

    def waiting(self) -> "ChoiceQuerySet":
        """Those in line, in the order of the line."""
        return self.filter(state=ChoiceState.WAITING).order_by("waiting_since", "pk")

    def live(self) -> "ChoiceQuerySet":
        """Those that hold or wait."""
        return self.exclude(state=ChoiceState.RELEASED)


class WorkshopChoice(models.Model):
    """One attendee and one workshop.

    `event`, `series`, `starts` and `ends` repeat the session's own under one composite foreign key with ON
    UPDATE CASCADE, and `event` the registration's under another (migration 0002), which is why Django makes no
    constraint of its own for `event` and `series`. Nobody sets the copies by hand once the row is there.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="choices")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="choices")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, db_constraint=False, related_name="+", editable=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, db_constraint=False, related_name="+", editable=False)
    starts = models.DateTimeField(editable=False)
    ends = models.DateTimeField(editable=False)
    state = models.CharField(max_length=10, choices=ChoiceState, editable=False)
    waiting_since = models.DateTimeField(null=True, editable=False)
    # While it waits: whether the attendee is to be asked before a place that came free is theirs.
    ask_first = models.BooleanField(default=False, db_default=False, editable=False)
    made_at = models.DateTimeField(editable=False)

    history = HistoricalRecords(excluded_fields=["event", "series", "starts", "ends"])
    objects = ChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "pk"]
        indexes = [
            models.Index(
                fields=["session", "waiting_since", "id"], name="choice_line", condition=Q(state=ChoiceState.WAITING)
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChoiceState.values), name="choice_state_known"),
            models.CheckConstraint(
                condition=Q(state=ChoiceState.WAITING, waiting_since__isnull=False)
                | (~Q(state=ChoiceState.WAITING) & Q(waiting_since__isnull=True)),
                name="choice_waits_since_a_moment",
            ),
            ExclusionCheckedTogether(
                name="choice_one_workshop_at_a_time",
                expressions=[
                    ("registration", RangeOperators.EQUAL),
                    ("session", RangeOperators.NOT_EQUAL),
                    (Period("starts", "ends"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=ChoiceState.CONFIRMED),
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["registration", "series"], name="choice_one_place_in_a_series",
                condition=Q(state=ChoiceState.CONFIRMED),
            ),
            models.UniqueConstraint(
                fields=["registration", "series"], name="choice_one_wait_in_a_series",
                condition=Q(state=ChoiceState.WAITING),
            ),
            models.UniqueConstraint(
                fields=["registration", "session"], name="choice_of_a_workshop_once",
                condition=~Q(state=ChoiceState.RELEASED),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.registration}, session {self.session_id}: {self.get_state_display().lower()}"
