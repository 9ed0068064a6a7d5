"""Hypothesis against the site: whatever people and staff do, in whatever order, it ends as in the simple model.

`script/test` tries a few dozen stories of a dozen steps, `script/test --thorough` 1,000 of 30 steps.
"""

import datetime
import os
import uuid

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from events import changes
from events.models import Kind, Series, Session, Status
from events.problems import Refused as ProgrammeRefused
from registrations import booking, invariants
from registrations.answering.answers import Needs, Wish
from registrations.models import Message, Offer, Registration, WaitingRules, WorkshopChoice
from registrations.my_day import transfers
from registrations.problems import Refused
from registrations.waiting import offer_hours, offers, promotion
from tests.builders import london, make_event, new_session
from tests.registrations.booking_model import EVENT, Booking, Workshop
from tests.registrations.builders import NOW, answers, edit, make_ticket_type

THOROUGH = os.environ.get("THOROUGH") == "1"
NAMES = ("1A", "1B", "2A", "2B", "3A")
HOURS = (10, 11, 12)
OF_SERIES = {series: tuple(name for name in NAMES if name[0] == str(series)) for series in (1, 2, 3)}

capacities = st.one_of(st.integers(0, 2), st.none())
# What somebody is after in each series, as three numbers: see `after`.
numbers = st.integers(0, 7)
wishes = st.fixed_dictionaries({series: st.tuples(numbers, numbers, numbers) for series in OF_SERIES})
moments = st.integers(-30, 30).map(lambda minutes: NOW + datetime.timedelta(minutes=minutes))
# Offers made about NOW run out within this time; later ones on the next day.
later_moments = st.integers(-30, 360).map(lambda minutes: NOW + datetime.timedelta(minutes=minutes))


class Site:
    """The day that every story begins with, in the database once: five workshops in three series."""

    def __init__(self):
        self.event = make_event(capacity=3)
        series = {number: Series(event=self.event, number=number) for number in OF_SERIES}
        sessions = {
            name: new_session(
                self.event, HOURS[int(name[0]) - 1], kind=Kind.WORKSHOP, series=series[int(name[0])], code=name[1],
                title=f"Workshop {name}", capacity=1,
            )
            for name in NAMES
        }  # fmt: skip
        changes.apply(saves=[*series.values(), *sessions.values()])
        self.ticket = make_ticket_type(self.event)
        self.series = {number: row.pk for number, row in series.items()}
        self.sessions = {name: row.pk for name, row in sessions.items()}
        self.names = {pk: name for name, pk in self.sessions.items()}

    def wishes(self, take, wait, ask):
        return {
            self.series[series]: Wish(self.sessions.get(take[series]), self.sessions.get(wait[series]), ask[series])
            for series in take
        }

    def until(self, now):
        return offer_hours.until(now, 4, self.event.zone, self.event.starts)


def granted(work):
    """Do this, and return whether it was granted or refused in words."""
    try:
        work()
    except (Refused, ProgrammeRefused) as refused:
        assert all(problem.message.endswith(".") for problem in refused.problems)
        return False
    return True


def after(model, wanted):
    """Return what to take, what to wait for and whether to be asked first in each series, as the model takes them.

    Mostly what makes sense now: a place where there is room, a wait where there is none; else little would
    ever be granted. Sometimes anything.
    """
    take, wait, ask = {}, {}, {}
    for series, (what, one, two) in wanted.items():
        names = OF_SERIES[series]
        roomy = [name for name in names if model.has_room(name)] or [None]
        full = [name for name in names if not model.has_room(name)] or [None]
        if what == 7:
            roomy = full = [None, *names]
        take[series] = roomy[one % len(roomy)] if what in (1, 2, 3, 5, 7) else None
        wait[series] = full[two % len(full)] if what in (2, 3, 4, 6, 7) else None
        ask[series] = what in (3, 4, 6)
    return take, wait, ask


class Story(RuleBasedStateMachine):
    """Each rule does one thing to both, and the invariants compare them."""

    site: Site

    @initialize(first=st.lists(wishes, min_size=4, max_size=8), everybody=st.booleans())
    def begin(self, first, everybody):
        self.story = transaction.atomic()
        self.story.__enter__()
        workshops = {name: Workshop(int(name[0]), HOURS[int(name[0]) - 1], 1) for name in NAMES}
        self.model = Booking(3, workshops, self.site.until)
        self.keys = []  # of registrations, in the order of the model's people
        self.told_before, self.held, self.movable, self.actor = {"promoted": 0, "offered": 0}, {}, set(), None
        self.staff_say_from_when_everybody_is_asked(everybody)
        for wanted in first:
            self.register(wanted, NOW)

    def teardown(self):
        if hasattr(self, "story"):
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def pick(self, number):
        number %= len(self.keys)
        self.actor = self.keys[number]
        return Registration.objects.get(pk=self.keys[number]), self.model.people[number]

    # People.

    def register(self, wanted, now):
        take, wait, ask = after(self.model, wanted)
        given = answers(self.site, wishes=self.site.wishes(take, wait, ask), now=NOW)

        def work():
            self.keys.append(booking.register(self.site.event, given, uuid.uuid4(), now).pk)

        assert granted(work) == self.model.register(take, wait, ask, now)

    @rule(wanted=wishes, now=moments)
    def somebody_registers(self, wanted, now):
        self.register(wanted, now)

    @precondition(lambda self: self.keys)
    @rule(number=numbers, wanted=wishes, series=st.sets(st.sampled_from(sorted(OF_SERIES)), min_size=1), now=moments)
    def somebody_changes(self, number, wanted, series, now):
        registration, who = self.pick(number)
        take, wait, ask = after(self.model, {each: wanted[each] for each in series})
        work = lambda: booking.change_choices(registration, self.site.wishes(take, wait, ask), now)  # noqa: E731
        assert granted(work) == self.model.change(who, take, wait, ask, now)

    @precondition(lambda self: self.keys)
    @rule(number=numbers, now=moments)
    def somebody_cancels(self, number, now):
        registration, who = self.pick(number)
        booking.cancel(registration, now)
        if who.status != "cancelled":
            self.model.cancel(who, now)

    @precondition(lambda self: self.keys)
    @rule(number=numbers, wish=st.booleans())
    def somebody_wants_to_be_asked(self, number, wish):
        registration, who = self.pick(number)
        can = who.status == "waiting" and (wish or EVENT not in who.offers)
        assert granted(lambda: booking.ask_first(registration, wish, NOW)) == can
        who.ask = wish if can else who.ask

    @precondition(lambda self: any(who.offers for who in self.model.people))
    @rule(number=numbers, yes=st.booleans(), now=later_moments)
    def somebody_answers(self, number, yes, now):
        asked = [(who, what) for who in self.model.people for what in sorted(who.offers)]
        who, what = asked[number % len(asked)]
        self.actor = self.keys[self.model.people.index(who)]
        session = None if what == EVENT else self.site.sessions[what]
        offer = Offer.objects.open().get(registration=self.actor, session=session)
        answer, in_model = (offers.accept, self.model.accept) if yes else (offers.decline, self.model.decline)
        assert granted(lambda: answer(offer, now)) == in_model(who, what, now)

    @precondition(lambda self: self.keys)
    @rule(number=numbers, accepts=st.booleans(), now=moments)
    def somebody_passes_the_place_on(self, number, accepts, now):
        """Whoever has a place may pass it on; who holds what stays the same, whoever they are by then."""
        registration, who = self.pick(number)
        name = f"Colleague {uuid.uuid4()}"
        work = lambda: transfers.begin(registration, name, f"{uuid.uuid4().hex}@example.org", now)  # noqa: E731
        assert granted(work) == (who.status == "confirmed")
        if accepts and who.status == "confirmed":
            transfers.accept(registration.transfers.open().get(), {}, Needs(), now)
        else:
            transfers.withdraw(registration, now)
        self.told_before = {kind: Message.objects.filter(kind=kind).count() for kind in self.told_before}

    @rule(now=later_moments)
    def time_passes(self, now):
        offers.let_run_out(now)
        self.model.let_run_out(now)

    # Staff.

    @rule(everybody=st.booleans())
    def staff_say_from_when_everybody_is_asked(self, everybody):
        self.model.everybody_is_asked = everybody
        day = datetime.timedelta(days=1)
        asks_from = NOW - day if everybody else NOW + day
        WaitingRules.objects.update_or_create(event=self.site.event, defaults={"asks_from": asks_from})

    @rule(name=st.sampled_from(NAMES), capacity=capacities)
    def staff_resize_a_workshop(self, name, capacity):
        self.staff(name, lambda: self.model.resize(name, capacity, NOW), capacity=capacity)

    @rule(capacity=st.one_of(st.integers(0, 6), st.none()))
    def staff_resize_the_event(self, capacity):
        expected = self.model.resize_event(capacity, NOW)
        assert granted(lambda: edit(self.site.event, capacity=capacity)) == expected

    @rule(name=st.sampled_from(NAMES), hour=st.sampled_from(HOURS))
    def staff_move_a_workshop(self, name, hour):
        self.staff(name, lambda: self.model.move(name, hour, NOW), starts=london(hour), ends=london(hour + 1))

    @precondition(lambda self: len(self.keys) > 5)
    @rule(name=st.sampled_from(NAMES))
    def staff_cancel_a_workshop(self, name):
        if self.model.workshops[name].open:
            self.staff(name, lambda: self.model.close(name, NOW), status=Status.CANCELLED)

    def staff(self, name, in_model, **values):
        expected = in_model()
        assert granted(lambda: edit(Session(pk=self.site.sessions[name]), **values)) == expected

    # What both know.

    @invariant()
    def they_agree(self):
        if not hasattr(self, "model"):
            return
        connection.check_constraints()
        assert invariants.broken(NOW) == []
        assert self.in_database() == self.in_model()
        self.nobody_lost_a_place_unasked()
        self.model.told, self.model.asked, self.actor = [], [], None

    def nobody_lost_a_place_unasked(self):
        """Whoever held a workshop holds it still, gave it up themselves, or was moved to what they had asked for.

        But for a workshop that staff cancelled. `movable` is what each waited for before the step, unasked.
        """
        held = {key: {} for key in self.keys}
        for key, session in _claims("confirmed"):
            name = self.site.names[session]
            held[key][name[0]] = name
        for key, before in self.held.items():
            for series, name in before.items() if key != self.actor else ():
                now = held[key].get(series)
                moved = now is not None and (key, now) in self.movable
                assert now == name or moved or not self.model.workshops[name].open, (key, name, now)
        self.held = held
        everybody = self.model.everybody_is_asked
        self.movable = {
            (key, wait.name)
            for key, who in zip(self.keys, self.model.people, strict=True)
            for wait in who.waits.values()
            if not wait.ask and not everybody
        }

    def in_database(self):
        status = dict(Registration.objects.values_list("pk", "status"))
        held = {(key, self.site.names[session]) for key, session in _claims("confirmed")}
        lines = {name: [] for name in NAMES}
        for key, session in _claims("waiting"):
            lines[self.site.names[session]].append(key)
        event_line = list(Registration.objects.waiting().values_list("pk", flat=True))
        kept = {(key, self.site.names.get(session, EVENT), until) for key, session, until in _offers()}
        return (
            [status[key] for key in self.keys],
            held,
            lines,
            event_line,
            kept,
            self.new("promoted"),
            self.new("offered"),
        )

    def new(self, kind):
        """Return who was sent a message of that kind since the last time."""
        found = list(Message.objects.filter(kind=kind).order_by("pk").values_list("registration", flat=True))
        new, self.told_before[kind] = found[self.told_before[kind] :], len(found)
        return sorted(new)

    def in_model(self):
        keys = {id(who): key for who, key in zip(self.model.people, self.keys, strict=True)}
        held = {(keys[id(who)], name) for who in self.model.people for name in who.holds.values()}
        lines = {name: [keys[id(who)] for who in self.model.line(name)] for name in NAMES}
        event_line = [keys[id(who)] for who in self.model.event_line()]
        kept = {(keys[id(who)], what, until) for who in self.model.people for what, until in who.offers.items()}
        told, asked = ([keys[id(who)] for who in each] for each in (self.model.told, self.model.asked))
        return [who.status for who in self.model.people], held, lines, event_line, kept, sorted(told), sorted(asked)


def _claims(state):
    rows = WorkshopChoice.objects.filter(state=state).order_by("waiting_since", "pk")
    return rows.values_list("registration", "session")


def _offers():
    return Offer.objects.open().values_list("registration", "session", "until")


def stories(number, steps, **more):
    return settings(
        max_examples=number, stateful_step_count=steps, deadline=None, derandomize=not THOROUGH, database=None,
        suppress_health_check=list(HealthCheck), **more,
    )  # fmt: skip


@pytest.mark.django_db
def test_whatever_people_and_staff_do_the_site_ends_where_the_simple_model_does():
    Story.site = Site()
    size = (1000, 30) if THOROUGH else (18, 14)
    run_state_machine_as_test(Story, settings=stories(*size))


def last_first(promote):
    """A site that serves the end of each line first."""
    return lambda ledger, line, *rest: promote(ledger, list(reversed(line)), *rest)


def only_once(promote):
    """A site that stops a cascade after its first move."""
    return lambda ledger, *rest: promote(ledger, *rest)[:1]


def asks_nobody(promote):
    """A site that moves people who wanted to be asked first."""

    class Nobody:
        def about_a_workshop(self, choice):
            return False

    return lambda ledger, line, held, asking, now: promote(ledger, line, held, Nobody(), now)


FAULTS = [
    ("into_workshops", last_first), ("into_workshops", only_once), ("into_workshops", asks_nobody),
    ("into_event", last_first),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "fault"), FAULTS)
def test_a_fault_that_shows_only_after_several_steps_is_found(monkeypatch, rule, fault):
    Story.site = Site()
    monkeypatch.setattr(promotion, rule, fault(getattr(promotion, rule)))
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Story, settings=stories(60, 14, phases=[Phase.generate]))
