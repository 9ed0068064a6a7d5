"""A session: one item of an event's programme."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.db.models.functions import Coalesce, Greatest
from simple_history.models import HistoricalRecords

from events.models.choices import PUBLIC, Access, Kind, Status
from events.models.clash_reasons import SAY_WHY, is_no_reason, says_why
from events.models.event import Event, Series, last_saved
from events.models.search_documents import texts_document
from events.models.venue import Room, Venue
from events.slugs import SLUG_LENGTH, validate_slug

# A change of one of these is a new revision, which calendars follow; of the last two only where they stand for a title.
# So is a change of the room, the venue or the series itself (migration 0010).
REVISED_BY = ("title", "starts", "ends", "room_id", "status", "code", "series_id", "label", "kind")


class Period(Func):
    """tstzrange(from, until): the first moment belongs to it, the last does not."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class ExclusionCheckedTogether(ExclusionConstraint):
    """An exclusion that forms leave to `events.rules`.

    Django would check one row at a time against the database as it was, and so refuse two sessions
    that swap rooms in one save. The rule sees the whole change; PostgreSQL decides at the commit.
    """

    def validate(self, *args: object, **kwargs: object) -> None:
        """Say nothing here."""


class UniqueCheckedTogether(models.UniqueConstraint):
    """A uniqueness that forms leave to `events.rules`, for the same reason."""

    def validate(self, *args: object, **kwargs: object) -> None:
        """Say nothing here."""


class SessionQuerySet(models.QuerySet["Session"]):
    """Questions about sessions that read as English."""

    def public(self) -> "SessionQuerySet":
        """Sessions that visitors may see: not drafts, and not those of a draft event."""
        return self.filter(status__in=PUBLIC, event_status__in=PUBLIC)

    def with_last_change(self) -> "SessionQuerySet":
        """Each with `last_change`: when it, its series, its room, or that's venue was last saved, by their history."""
        saved = [last_saved(Session, "pk"), last_saved(Series, "series"), last_saved(Room, "room")]
        return self.annotate(last_change=Coalesce(Greatest(*saved, last_saved(Venue, "room__venue")), F("starts")))

    def in_order(self) -> "SessionQuerySet":
        """In the order of the day; parallel ones by their code."""
        return self.order_by("starts", "ends", "series__number", "code", "title", "pk")


class Session(models.Model):
    """A panel, workshop, plenary, performance or break.

    `event_starts`, `event_ends` and `event_status` repeat the event's own. One composite foreign key
    with ON UPDATE CASCADE keeps them equal, so that a plain CHECK can hold a session inside its event
    and the exclusion constraint can leave a cancelled event's rooms free. Nobody sets them by hand.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.WORKSHOP)
    label = models.CharField("part of the day", max_length=80, blank=True, help_text="Such as “Morning keynote panel”.")
    series = models.ForeignKey(
        Series, on_delete=models.RESTRICT, null=True, blank=True, related_name="sessions",
        help_text="Every workshop belongs to one.",
    )  # fmt: skip
    code = models.CharField(  # noqa: DJ001  (null, not "": several sessions have none, and it is unique)
        max_length=3, null=True, blank=True,
        validators=[RegexValidator(r"\A[A-Z]{1,3}\Z", "A code is a capital letter, such as A.")],
        help_text="The letter in its series: A in series 1 is shown as 1A.",
    )  # fmt: skip
    title = models.CharField(max_length=200, blank=True, help_text="Empty is shown as “Workshop 1A, to be announced”.")
    slug = models.CharField(
        "address on this site", max_length=SLUG_LENGTH, validators=[validate_slug], blank=True,
        help_text="Left empty, it is made from the title. Old addresses keep working.",
    )  # fmt: skip
    abstract = models.TextField(blank=True, help_text="Markdown.")
    content_note = models.CharField(
        max_length=400, blank=True, help_text="What somebody may want to know before they come in."
    )
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: as many as the room holds.")
    bsl = models.CharField("BSL interpretation", max_length=8, choices=Access, default=Access.UNKNOWN)
    live_captions = models.CharField(max_length=8, choices=Access, default=Access.UNKNOWN)
    materials = models.TextField(
        blank=True, help_text="Links to slides and papers, before and after the day. Markdown."
    )
    provisional = models.BooleanField(default=False, help_text="Marks the time as not yet final.")
    status = models.CharField(max_length=10, choices=Status, default=Status.PUBLISHED)
    clash_reason = models.CharField(
        "why it may share its room", max_length=200, blank=True,
        help_text="Only if two sessions really are in one room at the same time: say why, and it is allowed.",
    )  # fmt: skip
    revision = models.PositiveIntegerField(default=0, editable=False)
    uid = models.UUIDField("calendar identity", default=uuid.uuid4, unique=True, editable=False)

    event_starts = models.DateTimeField(editable=False)
    event_ends = models.DateTimeField(editable=False)
    event_status = models.CharField(max_length=10, editable=False)
    search = models.GeneratedField(
        expression=texts_document("title", "label", "abstract", "content_note"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    history = HistoricalRecords(excluded_fields=["event_starts", "event_ends", "event_status", "search"])
    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "ends", "series__number", "code", "pk"]
        indexes = [GinIndex(fields=["search"], name="session_search")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="session_ends_after_start",
                violation_error_message="A session has to end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(starts__gte=F("event_starts"), ends__lte=F("event_ends")), name="session_within_its_event",
                violation_error_message="A session has to lie within the hours of its event.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.WORKSHOP) | Q(series__isnull=False), name="session_workshop_has_a_series",
                violation_error_message="A workshop belongs to a series: choose one.",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="session_kind_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="session_status_known"),
            says_why("session_clash_reason_says_why"),
            UniqueCheckedTogether(
                fields=["event", "slug"], name="session_slug_once_in_an_event", deferrable=Deferrable.DEFERRED
            ),
            UniqueCheckedTogether(
                fields=["series", "code"], name="session_code_once_in_a_series", deferrable=Deferrable.DEFERRED
            ),
            ExclusionCheckedTogether(
                name="session_room_used_once_at_a_time",
                expressions=[("room", RangeOperators.EQUAL), (Period("starts", "ends"), RangeOperators.OVERLAPS)],
                condition=Q(status=Status.PUBLISHED, clash_reason="") & ~Q(event_status=Status.CANCELLED),
                deferrable=Deferrable.DEFERRED,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.full_code}: {self.heading}" if self.full_code and self.title else self.heading

    def clean(self) -> None:
        """Say beside the field what PostgreSQL would refuse of one session by itself."""
        problems = {}
        if self.starts and self.ends and self.ends <= self.starts:
            problems["ends"] = "A session has to end after it starts."
        if self.kind == Kind.WORKSHOP and not self.series:
            problems["series"] = "A workshop belongs to a series: choose one."
        if is_no_reason(self.clash_reason):
            problems["clash_reason"] = SAY_WHY
        if problems:
            raise ValidationError(problems)

    def save(self, *args: object, **kwargs: object) -> None:
        """Save with the event's present hours and status, and with the revision that PostgreSQL gives."""
        self.code = self.code or None
        hours = Event.objects.values_list("starts", "ends", "status").get(pk=self.event_id or self.event.pk)
        self.event_starts, self.event_ends, self.event_status = hours
        before = Session.objects.filter(pk=self.pk).values(*REVISED_BY, "revision").first() if self.pk else None
        if before:
            names = REVISED_BY[:-2] if self.title else REVISED_BY
            self.revision = before["revision"] + any(before[name] != getattr(self, name) for name in names)
        super().save(*args, **kwargs)

    @property
    def full_code(self) -> str:
        """ "1A", or nothing for a session that has no code."""
        return f"{self.series.number}{self.code}" if self.code and self.series else ""

    @property
    def heading(self) -> str:
        """What it is called on a page, announced or not."""
        return self.title or f"{self._part}, to be announced"

    @property
    def heading_after(self) -> str:
        """What it is called once the event is over, when nothing more is announced."""
        return self.title or f"{self._part}, title not in the record"

    @property
    def _part(self) -> str:
        return f"{self.label or self.get_kind_display()} {self.full_code}".strip()

    @property
    def is_announced(self) -> bool:
        """Whether it has a title yet."""
        return bool(self.title)

    @property
    def is_cancelled(self) -> bool:
        """Whether it stands in the programme only to say that it will not happen."""
        return self.status == Status.CANCELLED

    @property
    def places(self) -> int | None:
        """How many people it holds: its own capacity, else its room's; None is no limit."""
        if self.capacity is not None:
            return self.capacity
        return self.room.capacity if self.room else None
