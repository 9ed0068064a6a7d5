"""Venues and their rooms."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from events.admin.base import ADDRESS, HOW_TO_WRITE, ProgrammeAdmin, StackedRows
from events.models import Room, Venue

ACCESS_FACTS = [("step_free", "hearing_loop"), "accessible_toilet"]


class RoomRows(StackedRows):
    """The rooms of a venue."""

    model = Room
    show_change_link = True
    fields = [("name", "capacity", "order"), ("floor", "directions"), *ACCESS_FACTS]


@admin.register(Venue)
class VenueAdmin(ProgrammeAdmin):
    """The list of venues, and a page for each."""

    inlines = [RoomRows]
    list_display = ["name", "postcode", "number_of_rooms", "number_of_events"]
    ordering = ["name", "pk"]
    search_fields = ["name__unaccent", "address__unaccent", "postcode"]
    fieldsets = [
        (None, {"fields": ["name", "address", "postcode", ("latitude", "longitude")]}),
        ("What visitors read", {"description": HOW_TO_WRITE, "fields": ["travel"]}),
        ADDRESS,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Venue]:
        """Count rooms and events along with the venues."""
        counts = {"rooms_counted": Count("rooms", distinct=True), "events_counted": Count("events", distinct=True)}
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description="rooms", ordering="rooms_counted")
    def number_of_rooms(self, venue: Venue) -> int:
        """How many rooms are known."""
        return venue.rooms_counted

    @admin.display(description="events", ordering="events_counted")
    def number_of_events(self, venue: Venue) -> int:
        """How many events are there."""
        return venue.events_counted


@admin.register(Room)
class RoomAdmin(ProgrammeAdmin):
    """A room on a page of its own, with its history. Venues lead here."""

    list_display = ["name", "venue", "floor", "capacity", "step_free", "hearing_loop", "accessible_toilet"]
    list_filter = ["venue", "step_free", "hearing_loop"]
    list_select_related = ["venue"]
    search_fields = ["name__unaccent", "venue__name__unaccent"]
    prefilled = ("venue",)
    fieldsets = [
        (None, {"fields": ["venue", ("name", "capacity", "order"), ("floor", "directions")]}),
        ("Access", {"fields": ACCESS_FACTS}),
    ]

    def get_model_perms(self, request: HttpRequest) -> dict[str, Any]:
        """Leave it out of the first page."""
        return {}
