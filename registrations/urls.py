"""The addresses of the journey, below an event's."""

from django.urls import include, path

from registrations.views.calendar import day, opening
from registrations.views.check import check
from registrations.views.colleague import colleague
from registrations.views.confirmed import confirmed
from registrations.views.forget import forget
from registrations.views.questions import access, details, ticket, workshops
from registrations.views.start import start

app_name = "registrations"
PAGES = [
    ("", start, "start"),
    ("details/", details, "details"),
    ("ticket/", ticket, "ticket"),
    ("workshops/", workshops, "workshops"),
    ("access/", access, "access"),
    ("check/", check, "check"),
    ("confirmed/", confirmed, "confirmed"),
    ("colleague/", colleague, "colleague"),
    ("forget/", forget, "forget"),
    ("day.ics", day, "day"),
    ("opening.ics", opening, "opening"),
]

_below = [path(below, view, name=name) for below, view, name in PAGES]
urlpatterns = [path("events/<str:event>/register/", include(_below))]
