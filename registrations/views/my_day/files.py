"""What an attendee takes along: the day as a calendar file."""

from django.http import Http404, HttpResponse

from registrations import calendar_files
from registrations.views.calendar import calendar_file
from registrations.views.my_day.gate import Mine, own


@own
def calendar(mine: Mine) -> HttpResponse:
    """Send the day and the confirmed workshops."""
    if not mine.registration.is_confirmed:
        raise Http404
    return calendar_file(calendar_files.for_registration(mine.registration), f"{mine.event.slug}.ics")
