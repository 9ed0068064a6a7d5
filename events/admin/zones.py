"""The time zone in which a page of the admin says and takes times: the event's own."""

import zoneinfo
from contextlib import AbstractContextManager, nullcontext

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from events.models import Event
from events.models.event import validate_time_zone

IN_ITS_ZONE = "All times are those of the event’s own time zone (Europe/London, unless the event says otherwise)."


def in_zone_of(event: Event | None) -> AbstractContextManager:
    """Return the context in which local times are the event's; without an event, nothing changes."""
    return timezone.override(event.zone) if event else nullcontext()


def in_posted_zone(request: HttpRequest, event: Event | None) -> AbstractContextManager:
    """Return the context for the event's own form, in which the zone itself may just have been changed."""
    name = request.POST.get("time_zone", "")
    try:
        validate_time_zone(name)
    except ValidationError:
        return in_zone_of(event)
    return timezone.override(zoneinfo.ZoneInfo(name))


def event_of(value: object) -> Event | None:
    """Return the event of this primary key, which may be anything that somebody sent."""
    return Event.objects.filter(pk=int(str(value))).first() if is_key(value) else None


def is_key(value: object) -> bool:
    """Whether this, which may be anything that somebody sent, can be a primary key."""
    digits = str(value)
    return digits.isascii() and digits.isdecimal() and len(digits) < 19
