"""Calendar files: the day of whoever registered, and the moment at which booking opens."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from events.showing import Showing
from registrations import calendar_files
from registrations.views.confirmed import own
from registrations.views.gate import personal


@require_safe
@personal
def day(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Send the day and the confirmed workshops of the browser's own registration."""
    registration = own(request, showing.event)
    if registration is None or not registration.is_confirmed:
        raise Http404
    return calendar_file(calendar_files.for_registration(registration), f"{showing.event.slug}.ics")


@require_safe
@personal
def opening(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Send the moment at which booking opens, as long as it lies ahead."""
    opens = showing.event.booking_opens
    if opens is None or opens <= showing.now or showing.event.outside_url:
        raise Http404
    return calendar_file(calendar_files.of_booking_opening(showing.event.pk), f"booking-{showing.event.slug}.ics")


def calendar_file(content: bytes, name: str) -> HttpResponse:
    """Return a calendar file to be kept under this name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
