"""What has changed: found in the history, said on a page and in a feed, and marked for as long as staff set."""

import datetime
import xml.etree.ElementTree as ET

import pytest

from events import revisions
from events.models import Kind, Session, Status
from events.revisions import What
from tests.builders import london, make_event, make_listing, make_room, make_session, make_venue, make_workshop, save
from tests.reading import read

DAYS = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db
BEGIN = london(9) - 60 * DAYS
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def clock(time_machine):
    """A clock that stands, and moves on by a day for each change."""
    time_machine.move_to(BEGIN, tick=False)
    return time_machine


@pytest.fixture
def programme(clock, event):
    """The small programme, published two days ago."""
    from tests.builders import make_programme

    found = make_programme(event)
    clock.move_to(BEGIN + 2 * DAYS, tick=False)
    return found


def edit(row, clock=None, days=1, **values):
    """Save these values, and then let so many days pass."""
    row = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    save(row)
    if clock:
        clock.shift(days * DAYS)
    return row


def found(event):
    """Return what is found in the history: the tags of each change, the earliest first."""
    changes = revisions._read(event.pk)
    return [tuple(str(what) for what in each.whats) for each in changes if not each.is_small]


def page_of(client, event):
    return read(client.get(f"/events/{event.slug}/changes/"))


# What counts


def test_a_programme_as_it_was_published_has_changed_in_nothing(client, programme):
    assert found(programme.event) == []
    assert "Nothing so far" in page_of(client, programme.event).main


@pytest.mark.parametrize(
    ("values", "tags"),
    [
        ({"starts": london(10, 15)}, ("New time",)),
        ({"title": "Opened"}, ("New title",)),
        ({"status": Status.CANCELLED}, ("Cancelled",)),
        ({"status": Status.CANCELLED, "title": "Never"}, ("Cancelled",)),
        ({"title": "Opened", "starts": london(10, 15)}, ("New time", "New title")),
        ({"abstract": "Other words", "capacity": 12, "provisional": True}, None),
        ({"status": Status.DRAFT}, None),
    ],
)
def test_each_kind_of_change_has_its_word(programme, values, tags):
    edit(programme.panel, **values)
    assert found(programme.event) == ([tags] if tags else [])


def test_another_room_is_new_and_the_first_one_is_announced(programme):
    edit(programme.panel, room=make_room("Loom Room", venue=programme.house))
    plain = make_session(programme.event, 14)
    edit(plain, room=programme.upper)
    assert found(programme.event) == [("New room",), ("New",), ("Announced",)]


def test_a_placeholder_that_gets_its_title_is_announced_and_never_changed(client, programme, clock):
    Session.objects.filter(pk=programme.first.pk).update(title="")
    programme.first.history.update(title="")
    edit(programme.first, title="Reserves and rest")
    assert found(programme.event) == [("Announced",)]
    assert "The title was announced." in page_of(client, programme.event).main
    assert b"tag-moved" not in client.get(f"/events/{programme.event.slug}/agenda/").content


def test_what_takes_place_after_all_and_what_is_new_are_said(programme):
    edit(programme.panel, status=Status.CANCELLED)
    edit(programme.panel, status=Status.PUBLISHED)
    make_workshop(programme.series, "C", 11)
    assert found(programme.event) == [("Cancelled",), ("Takes place after all",), ("New",)]


def test_what_is_put_up_in_one_go_is_not_new(clock):
    event = make_event()
    clock.shift(datetime.timedelta(minutes=9))
    make_session(event, 10)
    assert found(event) == []
    clock.shift(datetime.timedelta(minutes=2))
    make_session(event, 11)
    assert found(event) == [("New",)]


def test_changes_of_a_draft_are_none_and_are_one_once_it_is_shown_again(programme):
    edit(programme.panel, status=Status.DRAFT)
    edit(programme.panel, title="Nobody saw this")
    edit(programme.panel, title="Shown", starts=london(10, 15))
    assert found(programme.event) == []
    edit(programme.panel, status=Status.PUBLISHED)
    assert found(programme.event) == [("New time", "New title")]


def test_before_the_event_is_published_nothing_has_changed(clock):
    event = make_event(status=Status.DRAFT)
    session = make_session(event, 10)
    clock.shift(DAYS)
    edit(session, title="Better", starts=london(11), ends=london(12))
    edit(event, clock, status=Status.PUBLISHED)
    assert found(event) == []
    edit(session, title="Best")
    assert found(event) == [("New title",)]


def test_an_event_hidden_for_a_while_says_what_changed_meanwhile(programme, clock):
    edit(programme.event, clock, status=Status.DRAFT)
    edit(programme.panel, clock, title="Other")
    assert found(programme.event) == []
    edit(programme.event, status=Status.PUBLISHED)
    assert found(programme.event) == [("New title",)]


def test_the_event_itself_moves_house_and_day(programme):
    edit(programme.event, venue=make_venue(name="Loom House"))
    edit(programme.event, venue=make_venue(name="Weft House"), title="Conference")
    edit(programme.event, ends=london(18))
    assert found(programme.event) == [("Announced",), ("New venue", "New title"), ("New time",)]


# What is said


def test_the_page_says_was_and_is_by_day_the_latest_first(client, programme, clock):
    edit(programme.panel, clock, room=programme.lower, starts=london(10, 15))
    edit(programme.first, status=Status.CANCELLED)
    page = page_of(client, programme.event)
    days = [(BEGIN + DAYS * number).astimezone(programme.event.zone) for number in (3, 2)]
    assert page.texts(".//main//h2") == [f"{day:%A} {day.day} {day:%B} {day.year}" for day in days]
    assert page.texts(".//main//h3") == ["1A Reserves and rest", "Opening, 10:15am"]
    assert "Moved from 10am to 11am to 10:15am to 11am. Went from Upper Hall to Lower Hall." in page.main


def test_another_day_is_said_and_a_room_that_is_gone_too(client, programme, clock):
    room = make_room("Old Room")
    edit(programme.panel, clock, room=room)
    edit(programme.panel, clock, room=programme.upper)
    room.delete()
    edit(programme.event, clock, ends=london(17, day=london(9).date() + DAYS))
    edit(programme.panel, starts=london(34), ends=london(35))
    words = page_of(client, programme.event).main
    assert "Went from another place to Upper Hall." in words
    assert "Moved from Wednesday 16 June 2027, 10am to 11am to Thursday 17 June 2027, 10am to 11am." in words


def test_what_is_not_shown_any_more_is_not_told_of(client, programme):
    edit(programme.panel, title="Something hidden")
    edit(programme.panel, status=Status.DRAFT)
    assert "hidden" not in page_of(client, programme.event).main
    assert b"hidden" not in client.get(f"/events/{programme.event.slug}/changes.atom").content


def test_hostile_titles_stay_text(client, programme):
    edit(programme.panel, title="<script>alert(1)</script> & ‮evil\x0b")
    page, feed = page_of(client, programme.event), client.get(f"/events/{programme.event.slug}/changes.atom")
    assert "<script>alert(1)</script> &" in page.main
    entry = ET.fromstring(feed.content).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title").startswith("New title: <script>")
    edit(programme.panel, title="Harmless")
    [summary] = [each.findtext(f"{ATOM}summary") for each in entries(client, programme.event).iter(f"{ATOM}entry")]
    assert "&lt;script&gt;" not in summary and "<" not in summary  # one change: it was called otherwise an hour ago


# The feed


def entries(client, event):
    answer = client.get(f"/events/{event.slug}/changes.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def test_the_feed_says_the_same_with_identities_that_stay(client, programme, clock):
    edit(programme.panel, clock, title="Opened")
    first = entries(client, programme.event)
    edit(programme.panel, starts=london(10, 15), title="Open at last")
    feed = entries(client, programme.event)
    titles = [each.findtext(f"{ATOM}title") for each in feed.iter(f"{ATOM}entry")]
    assert titles == ["New time, New title: Open at last, 10:15am", "New title: Open at last, 10:15am"]
    ids = [each.findtext(f"{ATOM}id") for each in feed.iter(f"{ATOM}entry")]
    assert first.findtext(f"{ATOM}entry/{ATOM}id") == ids[1] and len({*ids, feed.findtext(f"{ATOM}id")}) == 3
    assert all(each.startswith("urn:uuid:") for each in ids)


def test_the_feed_is_as_old_as_its_latest_change_and_as_the_record_without_one(client, programme, clock):
    first = entries(client, programme.event).findtext(f"{ATOM}updated")
    assert datetime.datetime.fromisoformat(first) == BEGIN
    edit(programme.panel, title="Opened")
    at = entries(client, programme.event).findtext(f"{ATOM}updated")
    assert datetime.datetime.fromisoformat(at) == BEGIN + 2 * DAYS


def test_it_says_where_it_is_and_pages_say_where_to_find_it(client, programme):
    feed = entries(client, programme.event)
    links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}
    at = f"http://localhost:8000/events/{programme.event.slug}/"
    assert links == {"alternate": f"{at}changes/", "self": f"{at}changes.atom"}
    assert (
        page_of(client, programme.event).link("The same as an Atom feed")
        == f"/events/{programme.event.slug}/changes.atom"
    )


def test_of_listings_and_drafts_there_is_neither(client):
    draft = make_event("Hidden", status=Status.DRAFT)
    for event in (make_listing(), draft):
        for below in ("changes/", "changes.atom"):
            assert client.get(f"/events/{event.slug}/{below}").status_code == 404


# Marks


def tags(client, event, below="agenda/"):
    found = read(client.get(f"/events/{event.slug}/{below}")).texts(".//main//span[@class='tag mark-of tag-moved']")
    return [each.rstrip(", ") for each in found]


def test_agenda_and_session_mark_it_for_as_long_as_staff_set(client, programme, clock):
    edit(programme.event, changes_marked_for=3)
    edit(programme.panel, starts=london(10, 15))
    at = f"agenda/{programme.panel.slug}/"
    assert tags(client, programme.event) == tags(client, programme.event, at) == ["New time"]
    page = read(client.get(f"/events/{programme.event.slug}/{at}"))
    assert "It was to be 10am to 11am." in page.main
    clock.shift(3 * DAYS - datetime.timedelta(seconds=1))
    assert tags(client, programme.event) == ["New time"]
    clock.shift(datetime.timedelta(seconds=61))  # with a whole minute
    assert tags(client, programme.event) == tags(client, programme.event, at) == []
    assert page_of(client, programme.event).texts(".//main//h3") == ["Opening, 10:15am"]


def test_staff_may_mark_nothing(client, programme):
    edit(programme.event, changes_marked_for=0)
    edit(programme.panel, starts=london(10, 15))
    assert tags(client, programme.event) == []


def test_what_was_taken_back_is_not_marked(client, programme, clock):
    edit(programme.panel, clock, starts=london(10, 15), title="Other")
    edit(programme.panel, clock, starts=london(10))
    assert tags(client, programme.event) == ["New title"]


def test_another_venue_or_day_is_marked_above_the_agenda(client, programme):
    edit(programme.event, venue=programme.house)
    assert tags(client, programme.event) == []
    edit(programme.event, venue=make_venue(name="Weft House"))
    assert tags(client, programme.event) == ["New venue"]
    assert "It was to be in Hall House." in read(client.get(f"/events/{programme.event.slug}/agenda/")).main


def test_once_it_is_over_nothing_is_marked(client, programme, clock):
    clock.move_to(london(16), tick=False)
    edit(programme.panel, title="Opened")
    assert tags(client, programme.event) == ["New title"]
    clock.move_to(programme.event.ends, tick=False)
    assert tags(client, programme.event) == []


# Small corrections


def test_a_small_correction_is_no_change_and_what_comes_after_is_compared_with_it(client, programme, clock):
    row = Session.objects.get(pk=programme.panel.pk)
    row.title, row._change_reason = "Openning", revisions.SMALL
    save(row)
    assert found(programme.event) == [] and tags(client, programme.event) == []
    edit(programme.panel, title="Opening at last")
    change = revisions._read(programme.event.pk)[-1]
    assert change.was.title == "Openning" and change.whats == (What.RENAMED,)


def test_the_kinds_of_session_make_no_difference(programme):
    lunch = make_session(programme.event, 13, kind=Kind.BREAK, title="Lunch")
    edit(lunch, starts=london(13, 15))
    assert found(programme.event) == [("New",), ("New time",)]


def test_what_is_new_and_was_moved_since_is_marked_as_both(client, programme, clock):
    lunch = make_session(programme.event, 13, kind=Kind.BREAK, title="Lunch")
    clock.shift(DAYS)
    edit(lunch, starts=london(13, 15))
    page = read(client.get(f"/events/{programme.event.slug}/agenda/{lunch.slug}/"))
    assert page.texts(".//main//div[@class='notice on-screen']/p/span") == ["New,", "New time,"]
    assert "It was to be 1pm to 2pm." in page.main


# Several edits, small ones among them, and a clock that runs backwards


def test_edits_within_an_hour_are_one_change_and_none_if_undone(client, programme, clock):
    at = f"/events/{programme.event.slug}/changes.atom"
    edit(programme.panel, starts=london(10, 15))
    [first] = [each.findtext(f"{ATOM}id") for each in ET.fromstring(client.get(at).content).iter(f"{ATOM}entry")]
    clock.shift(datetime.timedelta(minutes=30))
    edit(programme.panel, starts=london(10, 20))
    assert "Moved from 10am to 11am to 10:20am to 11am." in page_of(client, programme.event).main
    [again] = [each.findtext(f"{ATOM}id") for each in ET.fromstring(client.get(at).content).iter(f"{ATOM}entry")]
    assert first == again
    clock.shift(datetime.timedelta(minutes=30))
    edit(programme.panel, starts=london(10))
    assert "Nothing so far" in page_of(client, programme.event).main


def small(row, **values):
    row = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row._change_reason = revisions.SMALL
    save(row)


def test_a_change_that_a_small_correction_takes_back_is_not_marked(client, programme, clock):
    edit(programme.panel, clock, starts=london(10, 15))
    small(programme.panel, starts=london(10))
    assert tags(client, programme.event) == []


def test_what_a_small_correction_put_right_between_two_changes_is_not_marked(client, programme, clock):
    edit(programme.panel, clock, starts=london(10, 15))
    small(programme.panel, title="Openings")
    clock.shift(DAYS)
    edit(programme.panel, starts=london(10, 20))
    assert tags(client, programme.event) == ["New time"]


def test_a_slip_that_a_small_correction_puts_back_is_not_told_at_all(client, programme, clock):
    at = f"/events/{programme.event.slug}/changes.atom"
    edit(programme.panel, clock, title="Openning")
    assert "Was called “Opening” before." in page_of(client, programme.event).main
    small(programme.panel, title="Opening")
    assert "Nothing so far" in page_of(client, programme.event).main
    assert not [*ET.fromstring(client.get(at).content).iter(f"{ATOM}entry")]


def test_so_it_is_after_another_change_and_of_what_is_told_only_the_slip_goes(client, programme, clock):
    edit(programme.panel, clock, title="Openning", starts=london(10, 15))
    edit(programme.panel, clock, room=programme.lower)
    small(programme.panel, title="Opening")
    told = revisions.told(revisions._read(programme.event.pk))
    assert [each.whats for each in told] == [(What.MOVED,), (What.ROOM,)]
    assert [each.now.title for each in told] == ["Opening", "Opening"]


def test_a_small_correction_of_a_new_title_is_told_with_it(client, programme, clock):
    edit(programme.panel, clock, title="Beginnning")
    small(programme.panel, title="Beginning")
    [change] = revisions.told(revisions._read(programme.event.pk))
    assert (change.was.title, change.now.title) == ("Opening", "Beginning") and change.at == BEGIN + 2 * DAYS


def test_a_cancellation_is_never_small(client, programme):
    small(programme.panel, status=Status.CANCELLED)
    assert found(programme.event) == [("Cancelled",)]
    small(programme.panel, status=Status.PUBLISHED)
    assert found(programme.event) == [("Cancelled",), ("Takes place after all",)]


def test_what_was_written_later_counts_whatever_its_moment_says(client, programme, clock):
    edit(programme.panel, title="B")
    clock.shift(-DAYS)
    edit(programme.panel, title="C")
    changes = revisions._read(programme.event.pk)
    assert [each.now.title for each in changes] == ["B", "C"] and changes[1].at >= changes[0].at


def test_a_room_taken_away_is_not_a_new_one(client, programme):
    edit(programme.panel, room=None)
    page = page_of(client, programme.event)
    assert "Room to be announced" in page.main and "Is no longer in Upper Hall." in page.main


def test_of_several_days_the_day_is_said(client, programme, clock):
    edit(programme.event, clock, ends=london(17, day=london(9).date() + DAYS))
    make_session(programme.event, 13, title="Lunch")
    edit(programme.panel, starts=london(34), ends=london(35))
    assert "Came into the programme: Wednesday 16 June 2027, 1pm to 2pm." in page_of(client, programme.event).main
    page = read(client.get(f"/events/{programme.event.slug}/agenda/{programme.panel.slug}/"))
    assert "It was to be Wednesday 16 June 2027, 10am to 11am." in page.main


def test_a_change_made_while_hidden_is_told_though_the_last_save_was_a_small_one(programme, clock):
    edit(programme.event, clock, status=Status.DRAFT)
    edit(programme.panel, clock, starts=london(10, 15))
    small(programme.panel, title="Openings")
    clock.shift(DAYS)
    edit(programme.event, status=Status.PUBLISHED)
    assert found(programme.event) == [("New time", "New title")]


def test_a_small_correction_between_two_edits_of_an_hour_is_not_told(client, programme, clock):
    edit(programme.panel, starts=london(10, 15))
    small(programme.panel, title="Openings")
    edit(programme.panel, room=programme.lower)
    [(_, tag)] = [(each, each.whats) for each in revisions.told(revisions._read(programme.event.pk))]
    assert tag == (What.MOVED, What.ROOM)


def test_what_comes_and_is_cancelled_within_the_hour_never_was(client, programme):
    lunch = make_session(programme.event, 13, kind=Kind.BREAK, title="Lunch")
    edit(lunch, status=Status.CANCELLED)
    assert "Nothing so far" in page_of(client, programme.event).main
    assert b"mark-of" not in client.get(f"/events/{programme.event.slug}/agenda/").content


def test_hours_are_put_right_together(client, programme, clock):
    edit(programme.panel, clock, ends=london(10, 45))
    small(programme.panel, starts=london(10, 15))
    page = read(client.get(f"/events/{programme.event.slug}/agenda/{programme.panel.slug}/"))
    assert "It was to be 10am to 11am." in page.main
