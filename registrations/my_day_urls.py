"""The addresses of “My day”, below /my-day/. None of them says whose it is."""

from django.urls import path

from registrations.views.my_day.calendars import calendars, feed
from registrations.views.my_day.cancelling import cancel
from registrations.views.my_day.details import access, details, order
from registrations.views.my_day.files import calendar, letter
from registrations.views.my_day.overview import day, leave, seen
from registrations.views.my_day.own_data import complain, data, data_json, data_page, erase, erased
from registrations.views.my_day.passing import accept, open_offer, pass_on, withdraw
from registrations.views.my_day.waiting import answer, asking
from registrations.views.my_day.way_in import choose, close, find, found, open_link
from registrations.views.my_day.workshops import workshops

app_name = "my_day"
PAGES = [
    # The way in
    ("", day, "day"),
    ("open/<str:token>/", open_link, "open"),
    ("found/<str:token>/", found, "found"),
    ("find/", find, "find"),
    ("choose/", choose, "choose"),
    ("close/", close, "close"),
    # What is done at one click
    ("seen/", seen, "seen"),
    ("leave/", leave, "leave"),
    ("answer/", answer, "answer"),
    ("asking/", asking, "asking"),
    # Pages of their own
    ("workshops/", workshops, "workshops"),
    ("cancel/", cancel, "cancel"),
    # One's own data
    ("data/", data, "data"),
    ("data.json", data_json, "data_json"),
    ("data/all/", data_page, "data_page"),
    ("erase/", erase, "erase"),
    ("erased/", erased, "erased"),
    ("complain/", complain, "complain"),
    # Put right
    ("details/", details, "details"),
    ("access/", access, "needs"),
    ("order/", order, "order"),
    # Passing the place on
    ("pass-on/", pass_on, "pass_on"),
    ("withdraw/", withdraw, "withdraw"),
    ("accept/<str:token>/", open_offer, "accept"),
    ("accept/", accept, "accepting"),
    # To take along
    ("day.ics", calendar, "calendar"),
    ("calendar/", calendars, "calendars"),
    ("calendar/<str:token>.ics", feed, "feed"),
    ("letter/", letter, "letter"),
]

urlpatterns = [path(below, view, name=name) for below, view, name in PAGES]
