"""An event, and the series of parallel workshops in it."""

import datetime
import functools
import uuid
import zoneinfo

from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from simple_history.models import HistoricalRecords

from events.models.choices import PUBLIC, Status
from events.models.venue import Venue
from events.slugs import SLUG_LENGTH, validate_slug

# Python walks through the folders of the time zone database each time it is asked: it is asked once.
_time_zones = functools.cache(zoneinfo.available_timezones)


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the time zone database. Raises ValidationError."""
    if name not in _time_zones():
        raise ValidationError("There is no time zone of that name. For England write Europe/London.")


def last_saved(model: type[models.Model], at: str) -> Subquery:
    """Return the moment at which a row of this model was last saved, by its history; `at` leads to its key."""
    return Subquery(model.history.filter(id=OuterRef(at)).order_by("-history_date").values("history_date")[:1])


class EventQuerySet(models.QuerySet["Event"]):
    """Questions about events that read as English."""

    def public(self) -> "EventQuerySet":
        """Events that visitors may see; a cancelled one says that it is."""
        return self.filter(status__in=PUBLIC)

    def ours(self) -> "EventQuerySet":
        """Events with a page of our own, not listings of other organisers'."""
        return self.filter(is_listing=False)

    def not_over(self, now: datetime.datetime) -> "EventQuerySet":
        """Events that end after now."""
        return self.filter(ends__gt=now)

    def with_last_change(self) -> "EventQuerySet":
        """Each with `last_change`: when it or its venue was last saved, by their history."""
        return self.annotate(
            last_change=Coalesce(Greatest(last_saved(Event, "pk"), last_saved(Venue, "venue")), F("sorts_at"))
        )

    def in_order(self) -> "EventQuerySet":
        """Earliest first; a listing without a date stands where staff put it."""
        return self.order_by("sorts_at", "pk")


class Event(models.Model):
    """One event of ours, or a listing of somebody else's."""

    title = models.CharField(max_length=200)
    slug = models.CharField(
        "address on this site", max_length=SLUG_LENGTH, unique=True, validators=[validate_slug], blank=True,
        help_text="The last part of the address, such as clinks-annual-conference-2027. Old addresses keep working.",
    )  # fmt: skip
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    is_listing = models.BooleanField(
        "another organisation’s event", default=False,
        help_text="Only a title, a date if it is known, and a link: no programme and no booking here.",
    )  # fmt: skip
    is_sample = models.BooleanField(
        "sample", default=False, help_text="Every page is marked as invented and hidden from search engines."
    )
    strapline = models.CharField(max_length=200, blank=True)
    summary = models.TextField(
        blank=True, max_length=400, help_text="One or two sentences. Search engines and shared links show them."
    )
    theme = models.TextField("why this day", blank=True, help_text="Markdown.")
    programme_note = models.CharField(
        max_length=300, blank=True,
        help_text="Shown above the programme, such as “Speakers will be announced closer to the day.”",
    )  # fmt: skip
    audience = models.TextField("who it is for", blank=True, help_text="Markdown.")
    price_words = models.CharField(
        "what it costs", max_length=200, blank=True, help_text="In words, such as “From £50”."
    )
    access = models.TextField(
        "access and support", blank=True,
        help_text="Quiet room, prayer room, assistants, listeners … What rooms and sessions say of"
        " themselves (step-free, loop, BSL, captions) is shown without being written here. Markdown.",
    )  # fmt: skip
    refunds = models.TextField(
        "what is refunded", blank=True,
        help_text="Until when somebody who cancels gets what back. Stands on the start page of registering. Markdown.",
    )  # fmt: skip
    starts = models.DateTimeField(null=True, blank=True)
    ends = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[validate_time_zone])
    sorts_at = models.DateTimeField(
        "place in the list", blank=True,
        help_text="Only for a listing whose date is not recorded: the moment near which it is listed.",
    )  # fmt: skip
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many people may come in all. Empty: no limit of its own."
    )
    booking_opens = models.DateTimeField(null=True, blank=True)
    booking_closes = models.DateTimeField(null=True, blank=True)
    changes_marked_for = models.PositiveSmallIntegerField(
        "days to mark changes", default=7, db_default=7, validators=[MaxValueValidator(365)],
        help_text="For so many days after a change the agenda and the session’s page say “New time”, “New room” or “New"
        " title”. 0: never. “What has changed” lists everything in any case.",
    )  # fmt: skip
    outside_url = models.URLField(
        "outside link", blank=True, help_text="Where people book or read more, if that is not on this site."
    )
    organiser = models.CharField(max_length=200, default="Clinks")
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    # A trigger counts what calendars follow (title, hours, venue, status, when booking opens), whatever wrote it.
    revision = models.PositiveIntegerField(default=0, editable=False)
    uid = models.UUIDField(
        "calendar identity", default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )

    history = HistoricalRecords()
    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-sorts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="event_ends_after_start",
                violation_error_message="The event has to end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(starts__isnull=False, ends__isnull=False),
                name="event_has_start_and_end_or_neither",
                violation_error_message="Give both a start and an end, or neither.",
            ),
            models.CheckConstraint(
                condition=Q(is_listing=True) | Q(starts__isnull=False), name="event_of_ours_has_a_date",
                violation_error_message="An event of ours needs a start and an end. Only a listing can do without.",
            ),
            models.CheckConstraint(
                condition=Q(booking_closes__gt=F("booking_opens")), name="event_booking_closes_after_opening",
                violation_error_message="Booking has to close after it opens.",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="event_status_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Say beside the field what PostgreSQL would refuse."""
        problems = {}
        if self.starts and self.ends and self.ends <= self.starts:
            problems["ends"] = "The event has to end after it starts."
        if not self.is_listing and not self.starts:
            problems["starts"] = "An event of ours needs a start and an end."
        if self.is_listing and not self.starts and not self.sorts_at:
            problems["sorts_at"] = "Say where a listing without a date stands in the list."
        if self.booking_opens and self.booking_closes and self.booking_closes <= self.booking_opens:
            problems["booking_closes"] = "Booking has to close after it opens."
        if problems:
            raise ValidationError(problems)

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the place in the list equal to the start wherever there is one."""
        if self.starts:
            self.sorts_at = self.starts
        super().save(*args, **kwargs)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The event's own time zone, in which all of its times are said."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def first_and_last_day(self) -> tuple[datetime.date, datetime.date]:
        """Its first and last day where it is; one that ends at midnight ends on the day before. It has a date."""
        last = self.ends - datetime.timedelta(microseconds=1)
        return self.starts.astimezone(self.zone).date(), last.astimezone(self.zone).date()

    @property
    def has_days(self) -> bool:
        """Whether it lies on several days, so that an hour alone does not say when something in it is."""
        return self.starts is not None and len(set(self.first_and_last_day)) > 1

    def is_past(self, now: datetime.datetime) -> bool:
        """Whether it is over; never for a listing whose date is not recorded."""
        return self.ends is not None and self.ends <= now


class Series(models.Model):
    """Parallel workshops of which an attendee takes one."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="series")
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 … It is part of each workshop’s code, as in 2A.")
    title = models.CharField(max_length=120, blank=True, help_text="Empty is shown as “Workshop series 1”.")
    theme = models.CharField(max_length=300, blank=True)
    introduction = models.TextField(blank=True, help_text="Markdown.")
    expected_workshops = models.PositiveSmallIntegerField(
        default=4, help_text="How many there will be; said while they are not yet announced."
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "number"], name="series_number_once_in_an_event",
                violation_error_message="This event already has a series of that number.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="series_number_from_one",
                violation_error_message="Series are counted from 1.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its title, or “Workshop series 2”."""
        return self.title or f"Workshop series {self.number}"

    @property
    def colour(self) -> int:
        """1, 2 or 3: which of the three strands it wears. A fourth series starts again with the first."""
        return (self.number - 1) % 3 + 1
