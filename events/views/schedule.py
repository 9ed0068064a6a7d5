"""An event's programme for apps, in the two formats that they read."""

from django.http import Http404, HttpRequest, HttpResponse

from events import programme
from events.feeds import schedule, schedule_json, schedule_xml
from events.page import absolute
from events.showing import Showing


def json_schedule(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Return schedule.json; a listing has no programme here."""
    return HttpResponse(schedule_json.file_of(_schedule(showing)), content_type="application/json")


def xml_schedule(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Return schedule.xml; a listing has no programme here."""
    return HttpResponse(schedule_xml.file_of(_schedule(showing)), content_type="application/xml")


def _schedule(showing: Showing) -> schedule.Schedule:
    if showing.event.is_listing:
        raise Http404
    found = programme.sessions(showing).select_related("series", "room__venue")
    return schedule.of(
        showing.event, programme.with_credits(showing, found),
        lambda thing: absolute(showing.addresses.of(thing)), past=showing.past,
    )  # fmt: skip
