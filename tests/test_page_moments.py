"""Between the moments that `page_moments` names, no public page says anything else."""

import datetime
import itertools
from collections.abc import Iterator

import pytest
from django.core.cache import caches

from events.models import Event, Session
from events.storing import page_moments, page_store
from tests.builders import DAY, london, make_appearance, make_listing, make_person, save
from tests.page_types import addresses
from tests.registrations.builders import make_ticket_type

HOUR, MICROSECOND = datetime.timedelta(hours=1), datetime.timedelta(microseconds=1)
BEFORE = datetime.timedelta(days=2)


@pytest.fixture
def day(furnished, time_machine):
    """A furnished programme with everything that the clock changes, within two days before the day itself."""
    event = furnished.event
    event.booking_opens, event.booking_closes = london(9) - 2 * BEFORE, london(18) - BEFORE / 2
    furnished.person.public_until = DAY - BEFORE
    last = make_person("Somebody Else", public_until=DAY)
    save(event, furnished.person)
    make_appearance(furnished.panel, last)
    make_ticket_type(event, "Early bird", available_until=london(12) - BEFORE)
    make_ticket_type(event, "Ticket", available_from=london(13) - BEFORE, available_until=london(12) - BEFORE / 2)
    make_listing("Near", sorts_at=london(8) - BEFORE / 2)
    time_machine.move_to(london(15) - BEFORE - datetime.timedelta(days=event.changes_marked_for), tick=False)
    furnished.second.title = "Art outside"
    save(furnished.second)
    Event.objects.filter(pk=furnished.elsewhere.pk).update(time_zone="America/New_York")
    return furnished


def moments(begin: datetime.datetime, end: datetime.datetime) -> list[datetime.datetime]:
    """Return every moment that is named from `begin` to `end`."""
    found = [begin]
    while found[-1] < end:
        found.append(page_moments.coming(found[-1] + MICROSECOND).change)
    return found


def shown(client, programme, names=None) -> dict[str, bytes]:
    """Return every page, or those of these names, as it is made now."""
    page_store.forget()
    caches["pages"].clear()
    # A search is never stored; it is the agenda's template again.
    listed = {
        name: at for name, at in addresses(programme).items() if "search" not in name and (not names or name in names)
    }
    return {name: client.get(address).content for name, address in listed.items()}


def changes_within(client, programme, time_machine, listed, names=None) -> Iterator[tuple]:
    """Yield which pages were other ones just before the end of a span than at its beginning, and when."""
    for begin, end in itertools.pairwise(listed):
        time_machine.move_to(begin + MICROSECOND, tick=False)
        first = shown(client, programme, names)
        time_machine.move_to(end - MICROSECOND, tick=False)
        last = shown(client, programme, names)
        yield from ((name, begin, end) for name in first if first[name] != last[name])


def test_no_page_changes_between_two_moments(client, day, time_machine):
    listed = moments(london(8) - BEFORE - HOUR, london(23))
    assert len(listed) > 15
    assert list(changes_within(client, day, time_machine, listed)) == []


@pytest.mark.parametrize("left_out", [0, 1, 2, 3], ids=["events", "sessions", "changes", "tickets"])
def test_with_moments_left_out_pages_would_change(client, day, time_machine, monkeypatch, left_out):
    """The negative control: each kind of moment is one at which a page changes."""
    kept = [each for number, each in enumerate(page_moments._statements) if number != left_out]
    assert len(kept) == 3
    monkeypatch.setattr(page_moments, "_statements", kept)
    listed = moments(london(8) - BEFORE - HOUR, london(23))
    assert any(changes_within(client, day, time_machine, listed))


def test_without_midnights_somebody_would_be_shown_too_long(client, day, time_machine, monkeypatch):
    """The negative control for days."""
    monkeypatch.setattr(page_moments, "_end_of", lambda day, zone: london(23) + HOUR)
    listed = moments(london(8) - BEFORE - HOUR, london(23))
    names = {"people", "person"}
    assert {name for name, _, _ in changes_within(client, day, time_machine, listed, names)} == names


def test_a_moment_that_is_now_is_named_so_that_nothing_is_kept_beyond_it(day):
    assert page_moments.coming(day.event.booking_closes).change == day.event.booking_closes


def test_the_next_moment_is_that_of_whatever_comes_first(day):
    """Also of another event than the one that is looked at, in its own zone."""
    begin = london(4, 30)  # half past four in London, half past eleven at night in New York
    assert page_moments.coming(begin).change == london(5)
    Event.objects.filter(pk=day.elsewhere.pk).update(time_zone="Europe/London")
    assert page_moments.coming(begin).change > london(5)


def test_who_leaves_does_so_at_the_end_of_their_day_wherever_the_events_are(day):
    """After London's midnight and before New York's it is the later one; who left long ago holds nothing up."""
    make_person("Long gone", public_until=DAY - 9 * BEFORE)
    one = datetime.timedelta(days=1)  # `furnished.person` leaves with the end of the day before yesterday
    assert page_moments.coming(london(23) - 2 * one).leaving == london(0) - one
    assert page_moments.coming(london(1) - one).leaving == london(5) - one
    assert page_moments.coming(london(6) - one).leaving == london(0) + one
    assert page_moments.coming(london(6) + one).leaving is None


def test_without_anything_to_come_the_day_still_ends(db):
    assert Session.objects.count() == Event.objects.count() == 0
    assert page_moments.coming(london(12)).change == london(0, day=DAY + datetime.timedelta(days=1))
