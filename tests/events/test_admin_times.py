"""Times in the admin are the event's own, wherever staff and server are."""

import datetime
import zoneinfo

import pytest

from events.models import Event, Session
from tests import admin_pages
from tests.admin_pages import form_of, new_row, of, post, words
from tests.builders import DAY, london, make_event, make_session

pytestmark = pytest.mark.django_db

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


@pytest.fixture
def abroad(db):
    """An event in New York, 9am to 5pm there."""
    at = {
        "starts": datetime.datetime(2027, 6, 16, 9, tzinfo=NEW_YORK),
        "ends": datetime.datetime(2027, 6, 16, 17, tzinfo=NEW_YORK),
    }
    return make_event(time_zone="America/New_York", **at)


def test_an_events_times_are_shown_and_taken_in_its_zone(admin_client, abroad):
    assert form_of(admin_client.get(of(abroad)))["starts"] == "2027-06-16T09:00"
    assert post(admin_client, of(abroad), ends="2027-06-16T18:00").status_code == 302
    assert Event.objects.get(pk=abroad.pk).ends.astimezone(NEW_YORK).hour == 18


def test_a_sessions_times_are_shown_and_taken_in_its_events_zone(admin_client, abroad):
    session = make_session(abroad, starts=datetime.datetime(2027, 6, 16, 10, tzinfo=NEW_YORK))
    assert form_of(admin_client.get(of(session)))["starts"] == "2027-06-16T10:00"
    assert post(admin_client, of(session), starts="2027-06-16T10:30").status_code == 302
    assert Session.objects.get(pk=session.pk).starts.astimezone(NEW_YORK).minute == 30


def test_a_new_sessions_times_are_taken_in_its_events_zone(admin_client, abroad):
    make_event()
    address = f"{admin_pages.add(Session)}?event={abroad.pk}"
    typed = {"title": "New", "kind": "plenary", "starts": "2027-06-16T16:00", "ends": "2027-06-16T17:00"}
    assert post(admin_client, address, **typed).status_code == 302
    assert Session.objects.get().starts == datetime.datetime(2027, 6, 16, 20, tzinfo=datetime.UTC)


def test_the_list_says_the_events_own_time(admin_client, abroad):
    make_session(abroad, starts=datetime.datetime(2027, 6, 16, 10, tzinfo=NEW_YORK))
    assert "Wed 16 Jun 2027 10am to 11am" in words(admin_client.get(admin_pages.listed(Session)))


def test_with_another_zone_the_typed_times_are_that_zones(admin_client, event):
    assert post(admin_client, of(event), time_zone="America/New_York").status_code == 302
    assert Event.objects.get(pk=event.pk).starts == datetime.datetime(2027, 6, 16, 9, tzinfo=NEW_YORK)
    assert form_of(admin_client.get(of(event)))["starts"] == "2027-06-16T09:00"


def test_a_zone_that_does_not_exist_is_refused(admin_client, event):
    response = post(admin_client, of(event), time_zone="../../etc/passwd")
    assert response.status_code == 422
    assert "There is no time zone of that name." in words(response)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2027-03-28T01:30", "There is no 1:30am on Sunday 28 March 2027: the clocks go forward then."),
        ("2027-10-31T01:30", "There is 1:30am twice on Sunday 31 October 2027: the clocks go back then."),
    ],
)
def test_a_time_that_the_clock_leaves_out_or_has_twice_is_refused(admin_client, event, typed, sentence):
    response = post(admin_client, of(event), starts=typed)
    assert response.status_code == 422
    assert sentence in words(response)


def test_booking_opens_before_the_event_is_over(admin_client, event):
    response = post(admin_client, of(event), booking_opens="2027-06-16T17:00")
    assert response.status_code == 422
    [sentence] = response.context_data["adminform"].form.errors["booking_opens"]
    assert sentence == "Booking has to open before the event ends: nobody could register."
    assert post(admin_client, of(event), booking_opens="2027-06-16T16:59").status_code == 302


@pytest.mark.parametrize("year", ["0001", "0226", "9999"])
def test_a_year_that_cannot_be_meant_is_refused(admin_client, event, year):
    response = post(admin_client, of(event), starts=f"{year}-06-16T09:00")
    assert response.status_code == 422
    assert "Check the year: it has to be between 1900 and 2200." in words(response)


@pytest.mark.parametrize("typed", ["tomorrow", "2027-06-16", "2027-13-45T99:99", "16/06/2027 10:40pm"])
def test_what_is_no_time_is_refused_or_read_as_midnight(admin_client, event, typed):
    response = post(admin_client, of(make_session(event)), starts=typed)
    assert response.status_code == 422


def test_a_new_session_begins_on_the_day_of_the_event_from_which_it_is_added(admin_client, event):
    make_event("Later", starts=london(9, day=DAY.replace(day=20)), ends=london(17, day=DAY.replace(day=20)))
    data = form_of(admin_client.get(f"{admin_pages.add(Session)}?event={event.pk}"))
    assert (data["event"], data["starts"], data["ends"]) == (str(event.pk), "2027-06-16T09:00", "2027-06-16T09:00")


def test_without_one_it_begins_in_the_next_event_of_ours(client, admin_user, event, time_machine):
    time_machine.move_to(london(12, day=DAY.replace(day=1)))
    client.force_login(admin_user)
    make_event("Past", starts=london(9, day=DAY.replace(year=2020)), ends=london(17, day=DAY.replace(year=2020)))
    assert form_of(client.get(admin_pages.add(Session)))["event"] == str(event.pk)


def test_a_row_added_on_the_events_page_begins_on_its_day(admin_client, event):
    data = form_of(admin_client.get(of(event)))
    assert new_row(data, "sessions")["sessions-0-starts"] == "2027-06-16T09:00"


@pytest.mark.parametrize("name", ["event", "series", "room", "starts", "appearances"])
def test_nothing_in_the_address_of_an_add_page_is_an_error(admin_client, event, name):
    for given in ("banana", "-1", "1" * 40, "1; DROP TABLE", "%00", "²"):
        assert admin_client.get(f"{admin_pages.add(Session)}?{name}={given}").status_code in (200, 400), given
