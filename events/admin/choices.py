"""What a session may be put into: rooms by venue, series by event, each read once for a whole page."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms

from events.models import Event, Room, Series

Choices = list[tuple[str, Any]]

EMPTY = ("", "---------")


def room_choices(event: Event | None) -> Choices:
    """Return every room under its venue, the event's own venue first."""
    rooms = Room.objects.select_related("venue")
    own = event.venue_id if event else None
    ordered = sorted(rooms, key=lambda room: (room.venue_id != own, room.venue.name, room.venue_id))
    return [EMPTY, *_grouped((room.venue.name, room.pk, room.name) for room in ordered)]


def series_choices(event: Event) -> Choices:
    """Return the series of one event."""
    return [EMPTY, *((series.pk, numbered(series)) for series in event.series.all())]


def all_series_choices() -> Choices:
    """Return every series under its event, the latest event first."""
    found = Series.objects.select_related("event").order_by("-event__sorts_at", "event_id", "number")
    return [EMPTY, *_grouped((series.event.title, series.pk, numbered(series)) for series in found)]


def numbered(series: Series) -> str:
    """Return its number with its title, if it has one: “Series 2: Leading change”."""
    return f"Series {series.number}" + (f": {series.title}" if series.title else "")


def offer(field: forms.ModelChoiceField, choices: Choices) -> forms.ModelChoiceField:
    """Let a field offer these, without asking the database again for each form of the page."""
    field.choices = choices
    return field


def _grouped(rows: Iterable[tuple[str, int, str]]) -> Choices:
    groups = groupby(rows, key=lambda row: row[0])
    return [(name, [(key, label) for _, key, label in members]) for name, members in groups]
