"""The attendee's own calendar: how to get it into theirs, at an address that is secret and can be ended."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control

from events import calendar_links
from events.calendar_links import Ways
from events.page import absolute
from events.views.access import only_read
from events.views.calendars import CONTENT_TYPE
from registrations import calendar_files
from registrations.my_day import corrections
from registrations.views.my_day.gate import Mine, own, render_mine
from registrations.views.my_day.overview import number
from registrations.way_in import links

ENDED = "The old address has ended. Calendars that used it are no longer updated: subscribe again below."


@own
def calendars(mine: Mine) -> HttpResponse:
    """Show how to subscribe to one's day, and end the address of before where that is asked for."""
    if mine.is_sent:
        corrections.end_calendar(mine.registration, number(mine.request.POST.get("number", "")))
        response = redirect("my_day:calendars")
        response["Location"] += "?done=ended"
        return response
    address = links.calendar(mine.registration)
    file = calendar_links.file("/my-day/day.ics") if mine.registration.is_confirmed else None
    ways = Ways(
        [file] if file else [], calendar_links.subscribing(f"{mine.event.title}: my day", address, is_secret=True)
    )
    done = ENDED if mine.request.GET.get("done") == "ended" else ""
    return render_mine(
        mine, "my_day/calendars.html", "Your calendar", ways=ways, secret=address, done=done,
        said_first=done.partition(".")[0],
    )  # fmt: skip


@only_read
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Send the calendar of the registration whose secret this is. Three queries; 304 to who has it already."""
    registration = links.calendar_of(token, timezone.now())
    if registration is None:
        raise Http404
    content = calendar_files.feed(registration, absolute(request.path))
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    whole = HttpResponse(content, content_type=CONTENT_TYPE, headers={"ETag": etag})
    response = get_conditional_response(request, etag=etag, response=whole)
    patch_cache_control(response, private=True, no_cache=True)
    return response
