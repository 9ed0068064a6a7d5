"""Series: usually edited on the page of their event; here with their texts and their history."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from events.admin.base import HOW_TO_WRITE, ProgrammeAdmin
from events.models import Series


@admin.register(Series)
class SeriesAdmin(ProgrammeAdmin):
    """The list of series, and a page for each."""

    list_display = ["__str__", "number", "event", "theme", "expected_workshops", "announced"]
    list_filter = ["event"]
    list_select_related = ["event"]
    search_fields = ["title__unaccent", "theme__unaccent", "event__title__unaccent"]
    ordering = ["-event__sorts_at", "number"]
    prefilled = ("event",)
    fieldsets = [
        (None, {"fields": ["event", ("number", "title", "expected_workshops"), "theme"]}),
        ("What visitors read", {"description": HOW_TO_WRITE, "fields": ["introduction"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Series | None = None) -> list[str]:
        """Return what cannot be changed: a series stays in its event."""
        return ["event"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        """Read the workshops along with the series."""
        return super().get_queryset(request).prefetch_related("sessions")

    @admin.display(description="workshops announced")
    def announced(self, series: Series) -> int:
        """How many of its workshops have a title."""
        return sum(session.is_announced for session in series.sessions.all())

    def get_model_perms(self, request: HttpRequest) -> dict[str, Any]:
        """Leave it out of the first page: events lead here."""
        return {}
