"""The public addresses of the programme."""

from django.urls import include, path, re_path

from events import filters
from events.photographs import NAME
from events.views.access import public
from events.views.agenda import agenda
from events.views.calendars import event_calendar, session_calendar
from events.views.changes import change_list, changes_feed
from events.views.event import event_detail, event_list
from events.views.people import organisation_detail, organisation_list, person_detail, person_list
from events.views.photograph import photograph
from events.views.qr_code import event_qr, session_qr
from events.views.schedule import json_schedule, xml_schedule
from events.views.session import session_detail

app_name = "events"
# Below an event: its address for visitors, its view, its name. The preview has the same below /admin/.
PAGES = [
    ("", event_detail, "event_detail"),
    ("agenda/", agenda, "agenda"),
    ("agenda/<str:session>/", session_detail, "session_detail"),
    ("changes/", change_list, "change_list"),
    ("people/", person_list, "person_list"),
    ("people/<str:person>/", person_detail, "person_detail"),
    ("organisations/", organisation_list, "organisation_list"),
    ("organisations/<str:organisation>/", organisation_detail, "organisation_detail"),
]
# Files for other programs, and what is printed. There is no preview of them, for no draft may be in one.
FEEDS = [
    ("calendar.ics", event_calendar, "calendar"),
    ("agenda/<str:session>/calendar.ics", session_calendar, "session_calendar"),
    ("changes.atom", changes_feed, "changes_feed"),
    ("schedule.json", json_schedule, "schedule_json"),
    ("schedule.xml", xml_schedule, "schedule_xml"),
    ("qr.svg", event_qr, "event_qr"),
    ("agenda/<str:session>/qr.svg", session_qr, "session_qr"),
]
# What these read in an address's query; all other pages read nothing there.
QUERIES = {"agenda": filters.NAMES, "person_list": ("page",), "organisation_list": ("page",)}
_below = [path(below, public(view, QUERIES.get(name, ())), name=name) for below, view, name in [*PAGES, *FEEDS]]

urlpatterns = [
    path("events/<str:event>/", include(_below)),
    path("events/", event_list, name="event_list"),
    re_path(rf"^media/photographs/(?P<name>{NAME})\Z", photograph, name="photograph"),
]
