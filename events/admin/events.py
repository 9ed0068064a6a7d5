"""Events, with their series and their programme."""

from contextlib import AbstractContextManager
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from events import affected
from events.admin.base import ADDRESS, HOW_TO_WRITE, ProgrammeAdmin, StackedRows
from events.admin.corrections import CorrectableForm
from events.admin.session_rows import SessionRows
from events.admin.zones import IN_ITS_ZONE, event_of, in_posted_zone, in_zone_of
from events.models import Event, Series
from events.wording import british_time

MOST_ROWS = 60  # sessions on the page of their event; beyond, their own list is the better place

PROGRAMME = (
    "The series and the sessions of this event are below. A workshop needs a series: a new series can be chosen"
    " once the event has been saved with it. “Change” beside a session opens all of its texts, its access facts and"
    " who is in it."
)


class SeriesRows(StackedRows):
    """The series of an event."""

    model = Series
    classes = ["collapse"]
    show_change_link = True
    fields = [("number", "title", "expected_workshops"), "theme", "introduction"]


@admin.register(Event)
class EventAdmin(ProgrammeAdmin):
    """The list of events, and a page for each."""

    form = CorrectableForm
    list_display = ["title", "date", "status", "what_it_is", "number_of_sessions"]
    list_filter = ["status", "is_listing", "is_sample"]
    ordering = ["-sorts_at", "-pk"]
    search_fields = ["title__unaccent", "strapline__unaccent"]
    search_help_text = "A title or a strapline."
    date_hierarchy = "starts"
    autocomplete_fields = ["venue"]
    readonly_fields = ["programme", "who_comes"]
    fieldsets = [
        (None, {"fields": ["title", "strapline", "status", "summary"]}),
        (
            "When and where",
            {"description": IN_ITS_ZONE, "fields": [("starts", "ends"), ("venue", "capacity"), "who_comes"]},
        ),
        ("Booking", {"fields": [("booking_opens", "booking_closes"), "price_words", "refunds", "outside_url"]}),
        (
            "What visitors read",
            {"description": HOW_TO_WRITE, "fields": ["theme", "audience", "access"]},
        ),
        ("Changes", {"fields": ["changes_marked_for", "small_correction"]}),
        ("Whom to ask", {"fields": ["organiser", ("contact_email", "contact_phone")]}),
        (
            "Seldom needed",
            {"classes": ["collapse"], "fields": ["is_listing", "sorts_at", "is_sample", "time_zone"]},
        ),
        ADDRESS,
        ("Programme", {"description": PROGRAMME, "fields": ["programme_note", "programme"]}),
    ]

    def surroundings(self, request: HttpRequest, object_id: str | None) -> AbstractContextManager:
        """Say and take times in the event's zone; where a form changes the zone, in the new one."""
        event = event_of(object_id)
        return in_posted_zone(request, event) if request.method == "POST" else in_zone_of(event)

    def get_inlines(self, request: HttpRequest, obj: Event | None) -> list[type]:
        """Return the rows of this page: no sessions where they are too many, no programme for a listing.

        What was posted is read, whatever happened meanwhile.
        """
        shown = {SeriesRows: obj is None or not obj.is_listing}
        shown[SessionRows] = shown[SeriesRows] and (obj is None or obj.sessions.count() <= MOST_ROWS)
        if request.method == "POST":
            shown = {rows: f"{name}-TOTAL_FORMS" in request.POST for rows, name in _PREFIXES.items()}
        return [rows for rows, wanted in shown.items() if wanted]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Count the sessions along with the events."""
        return super().get_queryset(request).annotate(sessions_counted=Count("sessions"))

    @admin.display(description="who comes")
    def who_comes(self, event: Event) -> str:
        """How many have a place, and how many wait: nobody’s name."""
        return affected.booked(event)

    @admin.display(description="date", ordering="sorts_at")
    def date(self, event: Event) -> str:
        """When it is, in its own zone."""
        if event.starts is None:
            return "Not recorded"
        return british_time.dates_words(event.starts, event.ends, event.zone)

    @admin.display(description="what it is")
    def what_it_is(self, event: Event) -> str:
        """Ours, a listing, or a sample."""
        if event.is_listing:
            return "Another organisation’s"
        return "Sample" if event.is_sample else "Ours"

    @admin.display(description="sessions", ordering="sessions_counted")
    def number_of_sessions(self, event: Event) -> str:
        """How many sessions it has, with a link to them."""
        return self._sessions(event, str(event.sessions_counted))

    @admin.display(description="sessions")
    def programme(self, event: Event) -> str:
        """A link to the list of its sessions, and one to add a session."""
        if event.pk is None:
            return "Save the event first."
        add = reverse("admin:events_session_add")
        listed = self._sessions(event, f"See all {event.sessions.count()} in a list")
        return format_html('{} · <a href="{}?event={}">Add one on a page of its own</a>', listed, add, event.pk)

    def _sessions(self, event: Event, words: str) -> str:
        address = reverse("admin:events_session_changelist")
        return format_html('<a href="{}?event__id__exact={}">{}</a>', address, event.pk, words)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a new event with nothing of the address: it has no parent."""
        return {}


_PREFIXES = {SeriesRows: "series", SessionRows: "sessions"}
