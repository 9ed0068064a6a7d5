"""Calendar files of the programme: the whole event, to subscribe to, and one session."""

from django.http import Http404, HttpRequest, HttpResponse

from events import calendar_entries, calendars, programme
from events.calendars import Subscription
from events.page import absolute
from events.showing import Showing
from events.views.access import moved_within
from events.views.session import present_address

CONTENT_TYPE = "text/calendar; charset=utf-8"


def event_calendar(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Send the day and every session of it."""
    if showing.event.is_listing:
        raise Http404
    event, addresses = calendar_entries.event_with_changes(showing.event.pk), showing.addresses
    sessions = calendar_entries.of_sessions(event, programme.sessions(showing))
    subscription = Subscription(event.title, absolute(addresses.agenda), absolute(addresses.calendar))
    content = calendars.file_of([calendar_entries.of_event(event), *sessions], subscription)
    return HttpResponse(content, content_type=CONTENT_TYPE)


def session_calendar(request: HttpRequest, showing: Showing, session: str) -> HttpResponse:
    """Send one session."""
    event = calendar_entries.event_with_changes(showing.event.pk)
    entries = calendar_entries.of_sessions(event, programme.sessions(showing).filter(slug=session))
    if not entries:
        now_at = present_address(showing, session)
        return moved_within(request, now_at and f"{now_at}calendar.ics")
    return HttpResponse(calendars.file_of(entries), content_type=CONTENT_TYPE)
