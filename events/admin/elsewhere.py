"""A session in a room of another building than its event’s: it may be meant, so it is said and not refused."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import F, Model
from django.http import HttpRequest

from events.models import Event, Session


def warn(request: HttpRequest, saved: Sequence[Model]) -> None:
    """Say which of the sessions that were saved are in another building; of a saved event, which of all of its own."""
    wanted = [row.pk for row in saved if isinstance(row, Session) and row.room_id]
    events = [row.pk for row in saved if isinstance(row, Event)]
    if not wanted and not events:
        return
    sessions = Session.objects.filter(pk__in=wanted) | Session.objects.filter(event__in=events)
    away = sessions.exclude(room__venue=F("event__venue")).filter(room__isnull=False, event__venue__isnull=False)
    for session in away.select_related("series", "room__venue", "event__venue"):
        where = f"“{session}” is in {session.room}, {session.room.venue}, and the event at {session.event.venue}."
        messages.warning(request, f"{where} If that is meant, say so in its text: the agenda names the room only.")
