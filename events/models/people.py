"""Who is in the programme: people, organisations, and their appearances in sessions."""

import datetime

from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, Q
from simple_history.models import HistoricalRecords

from events.models.choices import OrganisationKind, Role, Status
from events.models.clash_reasons import SAY_WHY, is_no_reason, says_why
from events.models.search_documents import names_document
from events.models.session import ExclusionCheckedTogether, Period, Session
from events.slugs import SLUG_LENGTH, SORT_KEY_LENGTH, sort_key, validate_slug


class Organisation(models.Model):
    """An organisation that takes part. Public only through an appearance."""

    name = models.CharField(max_length=200)
    sort_name = models.CharField(
        max_length=200, blank=True, help_text="Only if it sorts otherwise, such as “Night School, The”."
    )
    slug = models.CharField(
        "address on this site", max_length=SLUG_LENGTH, unique=True, validators=[validate_slug], blank=True
    )
    kind = models.CharField(max_length=8, choices=OrganisationKind, default=OrganisationKind.OTHER)
    url = models.URLField("website", blank=True)
    description = models.TextField(blank=True, help_text="Markdown.")
    sort_key = models.CharField(max_length=SORT_KEY_LENGTH, editable=False)
    search = models.GeneratedField(
        expression=names_document("name"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    history = HistoricalRecords(excluded_fields=["sort_key", "search"])

    class Meta:
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Save with a sorting key without accents."""
        self.sort_key = sort_key(self.sort_name or self.name)
        super().save(*args, **kwargs)


class Person(models.Model):
    """Somebody in the programme, named as they choose. Public only through an appearance."""

    name = models.CharField(max_length=200, help_text="As they choose to be named.")
    sort_name = models.CharField(
        max_length=200, blank=True,
        help_text="Only if the last word is not what they are filed under, such as “Nguyễn Thị Hà”.",
    )  # fmt: skip
    slug = models.CharField(
        "address on this site", max_length=SLUG_LENGTH, unique=True, validators=[validate_slug], blank=True
    )
    pronouns = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=160, blank=True, help_text="Such as “Director”, or “Speaks from experience”.")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="people"
    )
    biography = models.TextField(blank=True, help_text="Markdown.")
    photograph = models.ImageField(
        upload_to="photographs/", blank=True,
        help_text="JPEG, PNG or WebP, at most 8 MB. It is made smaller, and what the camera wrote into it is removed.",
    )  # fmt: skip
    has_page = models.BooleanField("has a page", default=True)
    searchable = models.BooleanField(
        "search engines may list the page", default=True, help_text="Untick it for somebody who asks not to be found."
    )
    public_until = models.DateField(
        null=True, blank=True,
        help_text="From the day after, nothing of this person is shown: not the page, the photograph or the name.",
    )  # fmt: skip
    sort_key = models.CharField(max_length=SORT_KEY_LENGTH, editable=False)
    search = models.GeneratedField(
        expression=names_document("name"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    history = HistoricalRecords(excluded_fields=["sort_key", "search"])

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Save with a sorting key without accents: the last word first unless staff said otherwise."""
        first, _, last = self.name.strip().rpartition(" ")
        self.sort_key = sort_key(self.sort_name or f"{last} {first}".strip())
        super().save(*args, **kwargs)

    def is_gone(self, today: datetime.date) -> bool:
        """Whether the date that they set has passed."""
        return self.public_until is not None and self.public_until < today


# Wording shown instead of the name of somebody without a page keeps who they are from lists and searches too.
NAMES_ITS_PERSON = Q(wording="") | Q(person__has_page=True)


class Appearance(models.Model):
    """A person or an organisation in a session.

    The session's hours and statuses are repeated here under a composite foreign key with ON UPDATE
    CASCADE, so that PostgreSQL itself can refuse a person in two sessions at once.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="appearances")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="appearances")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="appearances"
    )
    role = models.CharField(max_length=12, choices=Role, default=Role.FACILITATOR)
    wording = models.CharField(
        max_length=200, blank=True,
        help_text="Shown instead of the name, such as “Members of the National Criminal Justice Arts Alliance”.",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(default=0, help_text="Low numbers come first.")
    clash_reason = models.CharField(
        "why they may be in two sessions at once", max_length=200, blank=True,
        help_text="Only if it is really so (they join by video, say): say why, and it is allowed.",
    )  # fmt: skip

    session_starts = models.DateTimeField(editable=False)
    session_ends = models.DateTimeField(editable=False)
    session_status = models.CharField(max_length=10, editable=False)
    event_status = models.CharField(max_length=10, editable=False)

    history = HistoricalRecords(excluded_fields=["session_starts", "session_ends", "session_status", "event_status"])

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="appearance_of_one_person_or_organisation",
                violation_error_message="Choose a person or an organisation: one of the two.",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="appearance_role_known"),
            says_why("appearance_clash_reason_says_why"),
            models.UniqueConstraint(
                fields=["session", "person", "role"], name="appearance_person_once_in_a_role",
                violation_error_message="This person is in the session in that role already.",
            ),
            models.UniqueConstraint(
                fields=["session", "organisation", "role"], name="appearance_organisation_once_in_a_role",
                violation_error_message="This organisation is in the session in that role already.",
            ),
            ExclusionCheckedTogether(
                name="appearance_person_in_one_session_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("session", RangeOperators.NOT_EQUAL),
                    (Period("session_starts", "session_ends"), RangeOperators.OVERLAPS),
                ],
                condition=Q(session_status=Status.PUBLISHED, clash_reason="") & ~Q(event_status=Status.CANCELLED),
                deferrable=Deferrable.DEFERRED,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.wording or str(self.person or self.organisation or "Nobody")

    def clean(self) -> None:
        """Say beside the field what PostgreSQL would refuse."""
        if bool(self.person) == bool(self.organisation):
            raise ValidationError({"person": "Choose a person or an organisation: one of the two."})
        if is_no_reason(self.clash_reason):
            raise ValidationError({"clash_reason": SAY_WHY})

    def save(self, *args: object, **kwargs: object) -> None:
        """Save with the session's present hours and statuses."""
        hours = Session.objects.values_list("starts", "ends", "status", "event_status")
        repeated = hours.get(pk=self.session_id or self.session.pk)
        self.session_starts, self.session_ends, self.session_status, self.event_status = repeated
        super().save(*args, **kwargs)
