"""Filters that ask what staff ask."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from events.admin.missing import LACKING, lacking
from events.models import Event, Session


class MissingFilter(admin.SimpleListFilter):
    """What a session lacks."""

    title = "what is missing"
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer each thing that a session can lack."""
        return LACKING.items()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        """Keep the sessions that lack it."""
        return lacking(self.value(), queryset) if self.value() in LACKING else queryset


class InEventFilter(admin.SimpleListFilter):
    """Who takes part in an event."""

    title = "event"
    parameter_name = "in"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer our own events, the latest first."""
        return [(str(event.pk), event.title) for event in Event.objects.ours().order_by("-sorts_at")[:30]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep those who appear in one of its sessions."""
        if self.value() not in {key for key, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(appearances__session__event=int(self.value())).distinct()


class PhotographFilter(admin.SimpleListFilter):
    """Whether there is a photograph."""

    title = "photograph"
    parameter_name = "photograph"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer both."""
        return [("yes", "Has one"), ("no", "Has none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the people with one, or without."""
        if self.value() == "yes":
            return queryset.exclude(photograph="")
        return queryset.filter(photograph="") if self.value() == "no" else queryset


class ShownFilter(admin.SimpleListFilter):
    """Whether the site still shows somebody."""

    title = "still shown"
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer both."""
        return [("yes", "Shown"), ("no", "No longer: the date they set has passed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the people whose date has passed, or the others."""
        gone = Q(public_until__lt=timezone.localdate())
        if self.value() == "no":
            return queryset.filter(gone)
        return queryset.exclude(gone) if self.value() == "yes" else queryset
