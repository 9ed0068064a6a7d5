"""The calendars that everybody may have: the whole event, to subscribe to, and one session."""

import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Session, Status
from tests.builders import make_listing, make_session, save
from tests.reading import read


def at(event, below="calendar.ics"):
    return f"/events/{event.slug}/{below}"


def entries(answer):
    """Return the entries by their UID."""
    assert answer.status_code == 200, answer.content
    return {each.uid.value: each for each in vobject.readOne(answer.content.decode()).vevent_list}


def text(answer):
    """Return the file with its folded lines whole."""
    return answer.content.decode().replace("\r\n ", "")


def test_the_whole_event_is_the_day_and_every_session(client, programme):
    found = entries(client.get(at(programme.event)))
    expected = (programme.event, programme.panel, programme.first, programme.second)
    assert set(found) == {str(each.uid) for each in expected}
    assert found[str(programme.first.uid)].summary.value == "1A Reserves and rest"


def test_it_says_what_it_is_called_and_where_and_how_often_to_ask_again(client, programme):
    found = text(client.get(at(programme.event)))
    for line in (
        "NAME:Annual conference", "X-WR-CALNAME:Annual conference", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H", f"SOURCE;VALUE=URI:http://localhost:8000{at(programme.event)}",
        f"URL:http://localhost:8000{at(programme.event, 'agenda/')}", "METHOD:PUBLISH",
    ):  # fmt: skip
        assert f"\r\n{line}\r\n" in found, line


def test_one_session_is_one_entry_and_no_subscription(client, programme):
    answer = client.get(at(programme.event, f"agenda/{programme.first.slug}/calendar.ics"))
    assert set(entries(answer)) == {str(programme.first.uid)}
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and "SOURCE" not in text(answer)


def test_the_place_is_on_the_map_where_it_is_known(client, programme):
    programme.house.latitude, programme.house.longitude = "51.5581", "-0.1001"
    save(programme.house)
    found = entries(client.get(at(programme.event)))
    assert found[str(programme.panel.uid)].geo.value == "51.5581;-0.1001"


def test_drafts_are_in_none_and_what_is_cancelled_stays(client, programme):
    programme.panel.status, programme.first.status = Status.DRAFT, Status.CANCELLED
    save(programme.panel, programme.first)
    found = entries(client.get(at(programme.event)))
    assert str(programme.panel.uid) not in found and found[str(programme.first.uid)].status.value == "CANCELLED"
    assert client.get(at(programme.event, f"agenda/{programme.panel.slug}/calendar.ics")).status_code == 404


def test_of_a_draft_or_a_listing_there_is_none(client, programme):
    assert client.get(at(make_listing())).status_code == 404
    programme.event.status = Status.DRAFT
    save(programme.event)
    assert client.get(at(programme.event)).status_code == 404


def test_a_former_address_leads_to_the_present_one(client, programme):
    old = at(programme.event, f"agenda/{programme.first.slug}/calendar.ics")
    programme.first.slug = "elsewhere"
    save(programme.first)
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, at(programme.event, "agenda/elsewhere/calendar.ics"))


def test_it_is_stored_and_not_sent_twice(client, programme):
    first = client.get(at(programme.event))
    with CaptureQueriesContext(connection) as asked:
        again = client.get(at(programme.event), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, len(asked)) == (304, 1)
    session = Session.objects.get(pk=programme.first.pk)
    session.title = "Another"
    save(session)
    changed = client.get(at(programme.event), headers={"if-none-match": first["ETag"]})
    assert entries(changed)[str(session.uid)].summary.value == "1A Another"


def test_a_renamed_room_is_a_change_of_the_record_too(client, programme, time_machine):
    programme.upper.name = "Heddle Room"
    time_machine.move_to("2027-03-01T10:00:00+00:00", tick=False)
    save(programme.upper)
    found = entries(client.get(at(programme.event)))[str(programme.panel.uid)]
    assert found.location.value.startswith("Heddle Room, Hall House")
    assert f"{found.last_modified.value:%Y-%m-%d %H:%M}" == "2027-03-01 10:00"


def test_one_and_thirty_sessions_take_the_same_queries(client, event):
    numbers = []
    for count in (1, 29):
        for _ in range(count):
            make_session(event)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(event)).status_code == 200
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


# How pages offer them


def test_the_agenda_offers_to_subscribe_and_a_session_to_be_added(client, programme):
    page = read(client.get(at(programme.event, "agenda/")))
    assert (
        page.link("Subscribe to the whole day in Calendar on this device")
        == f"webcal://localhost:8000{at(programme.event)}"
    )
    page = read(client.get(at(programme.event, f"agenda/{programme.first.slug}/")))
    assert page.link("Download this session: Calendar file") == at(
        programme.event, f"agenda/{programme.first.slug}/calendar.ics"
    )
    assert "dates=20270616T100000Z%2F20270616T110000Z" in page.link("Add this session to Google Calendar")
    assert "startdt=2027-06-16T10%3A00%3A00Z" in page.link("Add this session to Outlook.com")


def test_what_is_over_or_cancelled_is_offered_to_no_calendar(client, programme, time_machine):
    programme.first.status = Status.CANCELLED
    save(programme.first)
    page = client.get(at(programme.event, f"agenda/{programme.first.slug}/"))
    assert b"to your calendar" not in page.content
    time_machine.move_to(programme.event.ends)
    assert b"to your calendar" not in client.get(at(programme.event, "agenda/")).content
