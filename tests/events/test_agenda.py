"""Sessions become days, slots and rows: whatever the programme, each session once and in order. No database."""

import datetime
import itertools
import uuid
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import agenda
from events.models import Event, Kind, Series, Session
from tests.builders import DAY, LONDON, london

EVENT = Event(pk=1, title="Annual conference", starts=london(9), ends=london(17))
SERIES = {number: Series(pk=10 + number, event=EVENT, number=number) for number in (1, 2, 3, 4)}
NIGHT_BEFORE = london(0)

_keys = itertools.count(1)


def session(hour, minute=0, minutes=60, **values):
    """Return an unsaved session; `series` may be the number of one."""
    values["series"] = SERIES.get(values.get("series"))
    key, starts = next(_keys), values.pop("starts", None) or london(hour, minute)
    default = {"kind": Kind.WORKSHOP if values["series"] else Kind.PLENARY, "title": f"Session {key}"}
    ends = starts + datetime.timedelta(minutes=minutes)
    return Session(pk=key, event=EVENT, slug=f"s-{key}", starts=starts, ends=ends, **{**default, **values})


def workshops(number, hour, minute=0, codes="ABCD", **values):
    return [session(hour, minute, series=number, code=code, **values) for code in codes]


def build(*sessions, now=NIGHT_BEFORE, zone=LONDON, series=()):
    return agenda.build(sessions, zone, now, series)


# Slots and rows


def test_what_starts_together_stands_together_in_the_order_of_time():
    late, early, beside = session(14), session(9), session(14, minutes=30)
    slots = build(late, early, beside).slots
    assert [slot.sessions for slot in slots] == [[early], [beside, late]]
    assert [slot.starts for slot in slots] == [london(9), london(14)]


def test_a_slot_lasts_until_the_last_of_its_sessions_ends():
    slot = build(session(14, minutes=30), session(14, minutes=90)).slots[0]
    assert (slot.ends, slot.same_end) == (london(15, 30), False)


def test_four_workshops_of_a_series_are_one_row_in_the_order_of_their_codes():
    slot = build(*reversed(workshops(1, 11))).slots[0]
    assert ["".join(each.code for each in row.sessions) for row in slot.rows] == ["ABCD"]
    assert (slot.kind, slot.series, slot.anchor) == ("series", SERIES[1], "series-1")


def test_two_series_at_the_same_time_are_two_rows():
    slot = build(*workshops(2, 11), *workshops(1, 11)).slots[0]
    assert [row.series.number for row in slot.rows] == [1, 2]
    assert (slot.series, slot.kind) == (None, "series")


def test_what_belongs_to_no_series_stands_before_the_series_of_its_time():
    slot = build(*workshops(1, 11), session(11)).slots[0]
    assert [row.series and row.series.number for row in slot.rows] == [None, 1]


@pytest.mark.parametrize(
    ("sessions", "kind"),
    [
        ([session(9, kind=Kind.PANEL)], "peak"),
        ([session(9, kind=Kind.BREAK)], "break"),
        ([session(9, kind=Kind.PLENARY)], "break"),
        ([session(9, kind=Kind.PANEL), session(9)], "mixed"),
        (workshops(1, 9, codes="A"), "series"),
    ],
)
def test_a_slot_is_drawn_by_what_is_in_it(sessions, kind):
    assert build(*sessions).slots[0].kind == kind


def test_a_series_of_which_nothing_is_announced_is_awaited():
    row = build(*workshops(1, 11, title="")).slots[0].rows[0]
    assert (row.awaited, row.expected) == (True, 4)


def test_one_title_is_enough_to_show_every_workshop_of_a_series():
    assert not build(*workshops(1, 11, codes="ABC", title=""), session(11, series=1, code="D")).slots[0].rows[0].awaited


def test_an_untitled_session_of_no_series_is_not_awaited_as_a_series():
    assert not build(session(11, title="")).slots[0].rows[0].awaited


def test_more_workshops_than_expected_are_all_counted():
    assert build(*workshops(1, 11, codes="ABCDEF")).slots[0].rows[0].expected == 6


def test_one_provisional_time_marks_its_row_and_the_agenda():
    sure, unsure = build(session(9)), build(session(9), session(10, provisional=True))
    assert (sure.provisional, unsure.provisional) == (False, True)
    assert [slot.rows[0].provisional for slot in unsure.slots] == [False, True]


@pytest.mark.parametrize(("each", "wholly"), [((True, True), True), ((True, False), False), ((), False)])
def test_one_sentence_says_that_every_time_is_provisional(each, wholly):
    assert build(*(session(9, provisional=provisional) for provisional in each)).wholly_provisional is wholly


def test_a_cancelled_workshop_is_no_choice():
    row = build(*workshops(1, 11, codes="AB"), *workshops(1, 11, codes="C", status="cancelled")).slots[0].rows[0]
    assert (len(row.sessions), row.choices) == (3, 2)


def test_workshops_of_one_series_at_two_times_have_anchors_apart():
    first, second = build(*workshops(1, 11), *workshops(1, 14, codes="EF")).slots
    assert first.anchor == "series-1"
    assert second.anchor == f"at-{second.sessions[0].slug}"


def test_a_session_by_itself_is_found_by_its_own_address():
    only = session(9)
    assert build(only).slots[0].anchor == f"at-{only.slug}"


# Days


def test_an_agenda_of_nothing_is_empty_and_keeps_the_series():
    empty = build(series=[SERIES[1]])
    assert (empty.days, empty.slots, empty.total, empty.untimed) == ([], [], 0, [SERIES[1]])


def test_a_series_without_a_session_is_not_forgotten():
    assert build(*workshops(1, 11), series=list(SERIES.values())).untimed == [SERIES[2], SERIES[3], SERIES[4]]


def test_several_days_have_each_their_heading():
    tomorrow = session(0, starts=london(9, day=DAY + datetime.timedelta(1)))
    days = build(tomorrow, session(9)).days
    assert [day.heading for day in days] == ["Wednesday 16 June 2027", "Thursday 17 June 2027"]
    assert [len(day.slots) for day in days] == [1, 1]


def test_the_day_is_that_of_the_events_zone():
    evening, zones = session(22), (LONDON, zoneinfo.ZoneInfo("Asia/Tokyo"))
    assert [build(evening, zone=zone).days[0].date.day for zone in zones] == [16, 17]


# What is on now and what comes next


def tags(now, *sessions):
    return [slot.tag for slot in build(*(sessions or (session(9), session(10), session(14))), now=now).slots]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (london(6, 59), ["", "", ""]),
        (london(7), ["next", "", ""]),
        (london(8, 59), ["next", "", ""]),
        (london(9), ["now", "next", ""]),
        (london(9, 59), ["now", "next", ""]),
        (london(10), ["", "now", "next"]),
        (london(11), ["", "", "next"]),
        (london(14), ["", "", "now"]),
        (london(14, 59), ["", "", "now"]),
        (london(15), ["", "", ""]),
        (london(9, day=DAY + datetime.timedelta(1)), ["", "", ""]),
    ],
    ids=str,
)
def test_now_and_next_change_on_the_minute(now, expected):
    assert tags(now) == expected


def test_next_is_not_said_overnight_of_a_morning_more_than_twelve_hours_away():
    later = session(0, starts=london(9, day=DAY + datetime.timedelta(1)))
    assert tags(london(20), session(9), later) == ["", ""]
    assert tags(london(21, 1), session(9), later) == ["", "next"]


def test_overlapping_slots_are_both_on_now():
    assert tags(london(10, 30), session(9, minutes=120), session(10, minutes=60)) == ["now", "now"]


# Strands


def strands(*sessions):
    return [(slot.spine, slot.turns) for slot in build(*sessions).slots]


def test_three_series_in_their_order_let_the_strands_run_until_each_turns():
    day = [session(9), *workshops(1, 10), session(11), *workshops(2, 12), *workshops(3, 14), session(15)]
    assert strands(*day) == [("", 0), ("", 1), ("from-2", 0), ("from-2", 2), ("from-3", 3), ("from-none", 0)]


@pytest.mark.parametrize(
    "day",
    [
        [session(9)],
        [*workshops(1, 10), *workshops(2, 11)],
        [*workshops(2, 10), *workshops(1, 11), *workshops(3, 12)],
        [*workshops(1, 10), *workshops(2, 10), *workshops(3, 11)],
        [*workshops(1, 10), *workshops(2, 11), *workshops(3, 12), *workshops(4, 13)],
        [*workshops(1, 10), *workshops(2, 11), session(0, series=3, starts=london(9, day=DAY + datetime.timedelta(1)))],
    ],
)
def test_any_other_day_is_drawn_without_strands(day):
    assert set(strands(*day)) == {("from-none", 0)}


# Any programme whatever


@st.composite
def programmes(draw):
    """Any sessions of an event on several days: parallel, overlapping, untitled, in any series or none."""
    made = draw(
        st.lists(
            st.tuples(
                st.integers(0, 4 * 24 * 3), st.integers(1, 600), st.sampled_from([None, None, 1, 2, 3, 4]),
                st.sampled_from([None, "A", "B", "ZZ"]), st.sampled_from(["", "Rest", "أمل"]), st.sampled_from(Kind),
            ),
            max_size=40,
        )
    )  # fmt: skip
    return [
        session(
            0, minutes=length, series=series, code=code, title=title, kind=kind, uid=uuid.UUID(int=number),
            starts=london(0) + datetime.timedelta(minutes=15 * quarter),
        )
        for number, (quarter, length, series, code, title, kind) in enumerate(made)
    ]  # fmt: skip


zones = st.sampled_from(["Europe/London", "Pacific/Kiritimati", "America/St_Johns", "UTC"]).map(zoneinfo.ZoneInfo)
moments = st.integers(-2000, 6000).map(lambda minutes: london(0) + datetime.timedelta(minutes=minutes))


@given(programmes(), zones, moments)
def test_every_session_is_shown_exactly_once(sessions, zone, now):
    shown = [each.pk for slot in build(*sessions, zone=zone, now=now).slots for each in slot.sessions]
    assert sorted(shown) == sorted(each.pk for each in sessions)
    assert build(*sessions, zone=zone, now=now).total == len(sessions)


@given(programmes(), zones, moments)
def test_slots_and_days_are_in_order_and_have_anchors_apart(sessions, zone, now):
    built = build(*sessions, zone=zone, now=now)
    for values in ([slot.starts for slot in built.slots], [day.date for day in built.days]):
        assert values == sorted(set(values))
    assert len({slot.anchor for slot in built.slots}) == len(built.slots)
    assert all(day.date == slot.starts.astimezone(zone).date() for day in built.days for slot in day.slots)


@given(programmes(), zones, moments)
def test_every_row_is_of_one_series_and_one_start(sessions, zone, now):
    for slot in build(*sessions, zone=zone, now=now).slots:
        assert {each.starts for each in slot.sessions} == {slot.starts}
        assert slot.ends == max(each.ends for each in slot.sessions)
        keys = [row.series.pk if row.series else None for row in slot.rows]
        assert len(set(keys)) == len(keys)
        assert all({each.series_id for each in row.sessions} == {key} for row, key in zip(slot.rows, keys, strict=True))


@given(programmes(), zones, moments)
def test_everything_a_page_asks_of_a_slot_has_an_answer(sessions, zone, now):
    slots = build(*sessions, zone=zone, now=now).slots
    assert {slot.kind for slot in slots} <= {"series", "peak", "break", "mixed"}
    assert {slot.spine for slot in slots} <= {"", "from-2", "from-3", "from-none"}
    assert [slot.tag for slot in slots].count("next") <= 1
    assert all(slot.starts <= now < slot.ends for slot in slots if slot.tag == "now")
    assert all(row.expected >= len(row.sessions) for slot in slots for row in slot.rows)


@given(programmes(), moments)
def test_the_order_in_which_sessions_come_makes_no_difference(sessions, now):
    one, other = (build(*order, now=now) for order in (sessions, reversed(sessions)))
    assert [[each.pk for each in slot.sessions] for slot in one.slots] == [
        [each.pk for each in slot.sessions] for slot in other.slots
    ]
