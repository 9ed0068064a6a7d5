"""What workshop choices must satisfy, asked under the lock, series by series."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from events.models import Session, Status
from registrations import availability
from registrations.answering.answers import Wish
from registrations.models import ChoiceState, WorkshopChoice
from registrations.places import Ledger
from registrations.problems import Problem, Why


def place_field(series: int) -> str:
    """Return the name of the question “Your workshop” of a series."""
    return f"series-{series}"


def wait_field(series: int) -> str:
    """Return the name of the question “Also put me on the waiting list for” of a series."""
    return f"series-{series}-wait"


def ask_field(series: int) -> str:
    """Return the name of the question what to do when a place comes free in the workshop that is waited for."""
    return f"series-{series}-ask"


NO_PART_YET_WAITS = (
    "You take no part in this series, so there is nothing to wait for. To wait, choose “I will choose later” above;"
    " otherwise choose no waiting list."
)
Claim = tuple[int, str]  # the key of a session, and the state of the claim on it


@dataclass(frozen=True, slots=True)
class Steps:
    """What it takes to have what is wanted: claims to end, and new ones to make."""

    given_up: list[WorkshopChoice]
    gained: list[Claim]
    told_otherwise: list[WorkshopChoice]  # kept, but with another answer whether to be asked first


@dataclass(frozen=True)
class Wanted:
    """What somebody wants, beside what they have: `mine` are their live choices.

    `all_wait` says that they are on the event's own waiting list, where nothing can be held yet.
    """

    ledger: Ledger
    wishes: Mapping[int, Wish]
    mine: Sequence[WorkshopChoice]
    all_wait: bool
    now: datetime.datetime

    def has(self, key: int | None, state: ChoiceState) -> bool:
        """Whether they hold this workshop, or wait for it, already."""
        return any(choice.session_id == key and choice.state == state for choice in self.mine)

    def places(self) -> dict[int, tuple[Session, str]]:
        """What they would hold in the end, by series, with the question it belongs to."""
        held = ChoiceState.WAITING if self.all_wait else ChoiceState.CONFIRMED
        keys = {choice.series_id: choice.session_id for choice in self.mine if choice.state == held}
        for series, wish in self.wishes.items():
            keys[series] = (wish.place or wish.wait) if self.all_wait else wish.place
        return {
            series: (self.ledger.workshops[key], place_field(series))
            for series, key in keys.items()
            if key in self.ledger.workshops
        }

    def steps(self) -> Steps:
        """Return what it takes to have all of this; what they have already and still want is left alone."""
        steps = Steps([], [], [])
        for series, wish in self.wishes.items():
            mine = [choice for choice in self.mine if choice.series_id == series]
            claims = self._claims(wish)
            kept = [choice for choice in mine if (choice.session_id, choice.state) in claims]
            has = [(choice.session_id, choice.state) for choice in kept]
            steps.given_up.extend(choice for choice in mine if choice not in kept)
            steps.gained.extend(claim for claim in claims if claim not in has)
            waits = [choice for choice in kept if choice.state == ChoiceState.WAITING]
            steps.told_otherwise.extend(each for each in waits if wish.ask_first not in (None, each.ask_first))
        return steps

    def _claims(self, wish: Wish) -> list[Claim]:
        place_state = ChoiceState.WAITING if self.all_wait else ChoiceState.CONFIRMED
        claims = [(wish.place, place_state), (wish.wait, ChoiceState.WAITING)]
        return [(key, state) for key, state in claims if key is not None]


def problems(wanted: Wanted) -> list[Problem]:
    """Return why these wishes cannot all be met, each with the question to come back to."""
    found = [problem for series, wish in wanted.wishes.items() for problem in _of_series(wanted, series, wish)]
    return found or list(_clashes(wanted))


def _of_series(wanted: Wanted, series: int, wish: Wish) -> Iterator[Problem]:
    if wish.place is not None and wish.place == wish.wait:
        sentence = f"You need not wait for {_named(wanted, wish.place)}, which you take."
        yield Problem(Why.SAME_TWICE, sentence, wait_field(series))
        return
    if wish.no_part and (wish.place or wish.wait):
        yield Problem(Why.ONE_WISH, NO_PART_YET_WAITS, wait_field(series))
        return
    if wanted.all_wait and wish.place is not None and wish.wait is not None:
        sentence = f"The event is full. On its waiting list you can ask for one workshop of {_series(wanted, series)}."
        yield Problem(Why.ONE_WISH, sentence, place_field(series))
        return
    held = ChoiceState.WAITING if wanted.all_wait else ChoiceState.CONFIRMED
    if wish.place is not None and not wanted.has(wish.place, held):
        yield from _of_place(wanted, series, wish.place)
    if wish.wait is not None and not wanted.has(wish.wait, ChoiceState.WAITING):
        yield from _of_wait(wanted, series, wish.wait)


def _of_place(wanted: Wanted, series: int, key: int) -> Iterator[Problem]:
    field = place_field(series)
    unknown = list(_unknown(wanted, series, key, field))
    if unknown or wanted.all_wait:
        yield from unknown
    elif not wanted.ledger.of_workshop(key).has_room:
        sentence = f"{_named(wanted, key)} is full now. Choose another workshop, or ask for its waiting list."
        yield Problem(Why.WORKSHOP_FULL, sentence, field)


def _of_wait(wanted: Wanted, series: int, key: int) -> Iterator[Problem]:
    field = wait_field(series)
    unknown = list(_unknown(wanted, series, key, field))
    if unknown or wanted.all_wait:
        yield from unknown
    elif wanted.ledger.of_workshop(key).has_room:
        sentence = f"{_named(wanted, key)} has places again. You can take it as your workshop."
        yield Problem(Why.WORKSHOP_HAS_ROOM, sentence, field)


def _unknown(wanted: Wanted, series: int, key: int, field: str) -> Iterator[Problem]:
    session = wanted.ledger.workshops.get(key)
    if session is None or session.series_id != series:
        yield Problem(Why.WORKSHOP_UNKNOWN, none_of(_series(wanted, series)), field)
    elif not availability.can_be_had(session, wanted.now):
        yield Problem(Why.WORKSHOP_NOT_CHOOSABLE, not_choosable(session, wanted.now), field)


def none_of(series: str) -> str:
    """Return what is said of an answer that is no workshop of this series."""
    return f"That workshop cannot be chosen. Choose one of {series}."


def not_choosable(session: Session, now: datetime.datetime) -> str:
    """Return why a workshop cannot be chosen. What is a draft, or not announced, is not named."""
    if session.is_cancelled:
        return f"“{session}” has been cancelled: it will not take place. Choose another workshop."
    if session.starts <= now and session.status == Status.PUBLISHED:
        return f"“{session}” has begun. Choose another workshop."
    return none_of(session.series.name)


def _clashes(wanted: Wanted) -> Iterator[Problem]:
    """Find what would be held at the same time, or waited for at the time of something held in another series."""
    places = wanted.places()
    sessions = sorted(places.items())
    for number, (series, (session, field)) in enumerate(sessions):
        for other_series, (other, other_field) in sessions[:number]:
            # Beside a question that is asked now, never one whose answer stands.
            where = field if series in wanted.wishes else other_field
            if _overlap(session, other) and {series, other_series} & wanted.wishes.keys():
                yield Problem(Why.CLASH, f"“{other}” and “{session}” are at the same time.", where)
    if wanted.all_wait:
        return
    for series, wish in wanted.wishes.items():
        session = wanted.ledger.workshops.get(wish.wait)
        for other_series, (other, _) in sessions:
            if session and other_series != series and _overlap(session, other):
                sentence = f"“{session}” is at the same time as “{other}”, which you take."
                yield Problem(Why.CLASH, sentence, wait_field(series))


def _overlap(one: Session, two: Session) -> bool:
    return one.starts < two.ends and two.starts < one.ends


def _named(wanted: Wanted, key: int) -> str:
    session = wanted.ledger.workshops.get(key)
    return f"“{session}”" if session else "this workshop"


def _series(wanted: Wanted, key: int) -> str:
    """What a series is called; a problem is read apart from its question as well."""
    found = (each.series.name for each in wanted.ledger.workshops.values() if each.series_id == key)
    return next(found, "this series")
