"""Sessions: each on a page of its own, with who is in it."""

from contextlib import AbstractContextManager
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html

from events import affected
from events.admin import choices
from events.admin.base import ADDRESS, HOW_TO_WRITE, ProgrammeAdmin, StackedRows
from events.admin.corrections import CorrectableForm
from events.admin.filters import MissingFilter
from events.admin.missing import missing
from events.admin.session_rows import SHORT, SessionForm
from events.admin.who_was_in_it import changes_of
from events.admin.zones import IN_ITS_ZONE, event_of, in_zone_of, is_key
from events.models import Appearance, Event, Session, Status
from events.wording import british_time


class CorrectableSessionForm(SessionForm, CorrectableForm):
    """A session's form on its own page."""


class AppearanceRows(StackedRows):
    """Who is in a session."""

    model = Appearance
    verbose_name = "person or organisation"
    verbose_name_plural = "Who is in it"
    autocomplete_fields = ["person", "organisation"]
    fieldsets = [
        (None, {"fields": [("person", "organisation"), ("role", "order"), "wording"]}),
        ("In two sessions at once", {"classes": ["collapse"], "fields": ["clash_reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        """Read the names along with the rows."""
        return super().get_queryset(request).select_related("person", "organisation")


@admin.register(Session)
class SessionAdmin(ProgrammeAdmin):
    """The list of sessions, and a page for each."""

    form = CorrectableSessionForm
    inlines = [AppearanceRows]
    prefilled = ("event", "series", "room")
    list_display = ["when", "name", "event", "room", "number", "what_is_missing", "who", "shown"]
    list_display_links = ["when", "name"]
    list_filter = [("event", admin.RelatedOnlyFieldListFilter), MissingFilter, "status", "kind", "provisional"]
    list_select_related = ["event", "series", "room"]
    search_fields = [
        "title__unaccent", "label__unaccent", "code", "room__name__unaccent",
        "appearances__person__name__unaccent", "appearances__organisation__name__unaccent",
    ]  # fmt: skip
    search_help_text = "A title, a room, a person or an organisation; with or without accents."
    date_hierarchy = "starts"
    ordering = ["-event__sorts_at", "starts", "ends", "series__number", "code", "pk"]
    fieldsets = [
        (None, {"fields": ["event", ("kind", "label"), ("series", "code"), "title"]}),
        (
            "When and where",
            {
                "description": IN_ITS_ZONE,
                "fields": [("starts", "ends", "provisional"), ("room", "capacity"), "who_comes"],
            },
        ),
        ("What visitors read", {"description": HOW_TO_WRITE, "fields": ["abstract", "content_note", "materials"]}),
        ("Access", {"fields": [("bsl", "live_captions")]}),
        ("Showing it", {"fields": ["status", "small_correction"]}),
        ("Sharing a room with another session", {"classes": ["collapse"], "fields": ["clash_reason"]}),
        ADDRESS,
    ]

    def surroundings(self, request: HttpRequest, object_id: str | None) -> AbstractContextManager:
        """Say and take times in the zone of the session's event."""
        return in_zone_of(self._event(request, object_id))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """List the changes of a session, and of who is in it."""
        people = changes_of(int(object_id)) if is_key(object_id) else []
        return super().history_view(request, object_id, {**(extra_context or {}), "people": people})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """Read who is in the sessions along with them."""
        return super().get_queryset(request).prefetch_related("appearances__person", "appearances__organisation")

    def get_readonly_fields(self, request: HttpRequest, obj: Session | None = None) -> list[str]:
        """Return what cannot be changed: a session stays in its event."""
        return ["event", "who_comes"] if obj else ["who_comes"]

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Return the field, with the rooms and series that can be meant."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        event = self._event(request, _object_id(request))
        if db_field.name == "room":
            choices.offer(field, choices.room_choices(event))
        if db_field.name == "series":
            known = _object_id(request) and event
            choices.offer(field, choices.series_choices(event) if known else choices.all_series_choices())
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a new session on the day of its event: the one in the address, else the next or latest of ours."""
        event = self._event(request, None)
        begun = {"event": event.pk, "starts": event.starts, "ends": event.starts} if event else {}
        return super().get_changeform_initial_data(request) | begun

    def _event(self, request: HttpRequest, object_id: str | None) -> Event | None:
        """Return the event of the session on this page."""
        if object_id:
            return _event_of_session(object_id) if is_key(object_id) else None
        given = event_of(request.POST.get("event") or request.GET.get("event"))
        ours = Event.objects.ours()
        return given or ours.not_over(timezone.now()).in_order().first() or ours.order_by("-sorts_at").first()

    @admin.display(description="who comes")
    def who_comes(self, session: Session) -> str:
        """How many have a place, and how many wait: nobody’s name."""
        return affected.booked(session)

    @admin.display(description="when", ordering="starts")
    def when(self, session: Session) -> str:
        """The day and the hours, in the event's zone."""
        zone = session.event.zone
        day = session.starts.astimezone(zone)
        hours = british_time.hours_words(session.starts, session.ends, zone)
        return format_html("{} <span>{}</span>", f"{day:%a} {day.day} {day:%b} {day.year}", hours)

    @admin.display(description="session", ordering="title")
    def name(self, session: Session) -> str:
        """Its code and title."""
        return str(session)

    @admin.display(description="series", ordering="series__number")
    def number(self, session: Session) -> str:
        """The number of its series."""
        return str(session.series.number) if session.series else ""

    @admin.display(description="who")
    def who(self, session: Session) -> str:
        """Everybody in it."""
        return ", ".join(str(appearance) for appearance in session.appearances.all())

    @admin.display(description="what is missing")
    def what_is_missing(self, session: Session) -> str:
        """What it lacks, in words."""
        return ", ".join(missing(session))

    @admin.display(description="status", ordering="status")
    def shown(self, session: Session) -> str:
        """Its status in one word."""
        return SHORT[Status(session.status)]

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """Return the columns; in the list of one event, its name would only repeat itself."""
        of_one_event = "event__id__exact" in request.GET
        return [name for name in self.list_display if name != "event" or not of_one_event]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Let the event's page lead here."""
        return lookup == "event__id__exact" or super().lookup_allowed(lookup, value, request)


def _object_id(request: HttpRequest) -> str | None:
    """Return the key in the address; that of an older version stands there without a name."""
    match = request.resolver_match
    return match.kwargs.get("object_id") or (match.args[0] if match.args else None)


def _event_of_session(key: str) -> Event | None:
    """Return the event in which a session is, or was before it was deleted."""
    was = Session.history.filter(id=key).order_by("-history_id").values("event_id")[:1]
    return Event.objects.filter(sessions__pk=key).first() or Event.objects.filter(pk__in=was).first()
