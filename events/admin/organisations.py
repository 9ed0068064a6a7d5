"""Organisations."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from events.admin.appearances import sessions_of
from events.admin.base import ADDRESS, HOW_TO_WRITE, ProgrammeAdmin
from events.admin.filters import InEventFilter
from events.models import Organisation


@admin.register(Organisation)
class OrganisationAdmin(ProgrammeAdmin):
    """The list of organisations, and a page for each."""

    list_display = ["name", "kind", "url", "number_of_sessions", "number_of_people"]
    list_filter = ["kind", InEventFilter]
    ordering = ["sort_key", "pk"]
    search_fields = ["name__unaccent", "sort_key"]
    search_help_text = "A name, with or without accents."
    readonly_fields = ["programme"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "url"]}),
        ("What visitors read", {"description": HOW_TO_WRITE, "fields": ["description"]}),
        ("In the programme", {"fields": ["programme"]}),
        ("Sorting", {"classes": ["collapse"], "fields": ["sort_name"]}),
        ADDRESS,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        """Count sessions and people along with the organisations."""
        sessions, people = Count("appearances__session", distinct=True), Count("people", distinct=True)
        return super().get_queryset(request).annotate(sessions_counted=sessions, people_counted=people)

    @admin.display(description="sessions", ordering="sessions_counted")
    def number_of_sessions(self, organisation: Organisation) -> int:
        """In how many sessions it is named."""
        return organisation.sessions_counted

    @admin.display(description="people", ordering="people_counted")
    def number_of_people(self, organisation: Organisation) -> int:
        """How many people are of it."""
        return organisation.people_counted

    @admin.display(description="sessions")
    def programme(self, organisation: Organisation) -> str:
        """The sessions in which it is named, the latest first."""
        return sessions_of(organisation)
