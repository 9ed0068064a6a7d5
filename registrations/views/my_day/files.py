"""What an attendee takes along: the day as a calendar file, and a letter that confirms the place."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from events.models import Status
from events.page import site_words
from events.wording import british_time
from registrations import calendar_files
from registrations.views.calendar import calendar_file
from registrations.views.my_day.gate import Mine, own


@own
def calendar(mine: Mine) -> HttpResponse:
    """Send the day and the confirmed workshops."""
    if not mine.registration.is_confirmed:
        raise Http404
    return calendar_file(calendar_files.for_registration(mine.registration), f"{mine.event.slug}-my-day.ics")


@own
def letter(mine: Mine) -> HttpResponse:
    """Show half a page that confirms the place, for an employer or whoever needs it: name, event, day, hours."""
    if not mine.registration.is_confirmed or mine.event.status != Status.PUBLISHED:
        raise Http404
    event = mine.event
    context = {
        "registration": mine.registration,
        "event": event,
        "day": british_time.dates_words(event.starts, event.ends, event.zone),
        "hours": british_time.hours_words(event.starts, event.ends, event.zone),
        "today": british_time.short_date_words(mine.showing.now, event.zone),
        "past": mine.showing.past,
        "site": site_words(event),
    }
    return render(mine.request, "my_day/letter.html", context)
