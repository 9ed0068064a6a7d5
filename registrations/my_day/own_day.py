"""The day of one attendee: every session in order, and in each series what they have, wait for, or can still choose."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from events import programme
from events.models import Kind, Session, Status
from events.showing import Showing
from registrations.answering import workshop_questions
from registrations.models import ChoiceState, Offer, Registration, WorkshopChoice
from registrations.my_day import standing
from registrations.my_day.standing import SeriesLine, Standing
from registrations.waiting import asking_first


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the day: a session for everybody, or a series."""

    starts: datetime.datetime
    ends: datetime.datetime
    session: Session | None = None
    series: SeriesLine | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A place that is kept until somebody answers, and the workshop that they would give up for it."""

    offer: Offer
    gives_up: Session | None


@dataclass(frozen=True, slots=True)
class OwnDay:
    """The whole of it. `kept` are the offers that can still be answered.

    `is_asked` says that this attendee is asked before a place is theirs, whatever they wish.
    """

    standing: Standing
    items: list[Item]
    kept: list[Kept]
    is_asked: bool


def of(registration: Registration, showing: Showing, no_part: Collection[int]) -> OwnDay:
    """Return the day of this registration of the event that is shown. At most ten queries, however long the day.

    `no_part` are the series in which its attendee takes no part.
    """
    choices = list(live_choices(registration))
    stands = standing.of(registration, showing, choices, no_part)
    hours = _hours_of_series(showing)
    items = [Item(*hours[each.series.pk], series=each) for each in stands.series if each.series.pk in hours]
    items += [Item(each.starts, each.ends, session=each) for each in _for_everybody(showing)]
    items.sort(key=lambda item: (item.starts, item.ends))
    waits = registration.is_waiting or any(each.state == ChoiceState.WAITING for each in choices)
    is_asked = waits and asking_first.always(registration, showing.now)
    return OwnDay(stands, items, kept(registration, choices, showing.now), is_asked)


def live_choices(registration: Registration) -> QuerySet[WorkshopChoice]:
    """Return what somebody holds and waits for, the confirmed ones first, with their sessions."""
    return (
        registration.choices.live()
        .select_related("session__series", "session__room")
        .order_by("state", "session__starts", "pk")
    )


def kept(registration: Registration, choices: Sequence[WorkshopChoice], now: datetime.datetime) -> list[Kept]:
    """Return the places that are kept for an answer, by when it is due; `choices` are all live ones. One query."""
    held = {each.series_id: each.session for each in choices if each.state == ChoiceState.CONFIRMED}
    offers = registration.offers.open().filter(until__gt=now).select_related("session__series", "session__room")
    return [Kept(each, each.session and held.get(each.session.series_id)) for each in offers.order_by("until", "pk")]


def _hours_of_series(showing: Showing) -> dict[int, tuple[datetime.datetime, datetime.datetime]]:
    hours: dict[int, tuple[datetime.datetime, datetime.datetime]] = {}
    for session in workshop_questions.workshops(showing):
        starts, ends = hours.get(session.series_id, (session.starts, session.ends))
        hours[session.series_id] = min(starts, session.starts), max(ends, session.ends)
    return hours


def _for_everybody(showing: Showing) -> list[Session]:
    def read() -> list[Session]:
        return list(programme.sessions(showing).exclude(kind=Kind.WORKSHOP).exclude(status=Status.CANCELLED))

    return showing.remembered("sessions for everybody", read)
