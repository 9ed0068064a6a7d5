"""How a registration stands, in words: its place, its workshops with their positions, what is owed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from events.models import Series, Session
from events.showing import Showing
from registrations.answering import still_to_choose, workshop_questions
from registrations.answering.still_to_choose import Still
from registrations.models import ChoiceState, Registration, WorkshopChoice
from registrations.tickets import prices
from registrations.waiting import waiting_lines

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def ordinal(number: int) -> str:
    """Return “third”; from thirteen on “13th”, “21st”."""
    if 0 < number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@dataclass(frozen=True, slots=True)
class Line:
    """One workshop of an attendee; `position` is the place in its waiting list, in words, empty when confirmed."""

    session: Session
    position: str
    choice: WorkshopChoice


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """One series: its workshops of this attendee, the confirmed one first; without any, `nothing` says so in words.

    `to_choose` says that there is none, and that one can still be chosen by who has not said that they want none.
    """

    series: Series
    at: str
    nothing: str
    to_choose: bool
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it. `position` is the place in the event's waiting list, in words; `owed` is empty for nothing."""

    registration: Registration
    position: str
    series: list[SeriesLine]
    owed: str

    @property
    def to_choose(self) -> bool:
        """Whether there is a series in which nothing is chosen and something can be."""
        return any(each.to_choose for each in self.series)


def of(
    registration: Registration, showing: Showing, choices: Sequence[WorkshopChoice], no_part: Collection[int]
) -> Standing:
    """Return how this registration of the event that is shown stands now.

    `choices` are its live ones, the confirmed first; `no_part` are the series in which they take no part. Who waits
    costs at most four short queries.
    """
    workshops = {session.pk: session for session in workshop_questions.workshops(showing)}
    waits = registration.is_waiting or any(choice.state == ChoiceState.WAITING for choice in choices)
    places = waiting_lines.positions([registration] if waits else [])
    chosen: dict[int, list[Line]] = {}
    for choice in choices:
        position = places.in_workshop.get(choice.pk) if choice.state == ChoiceState.WAITING else None
        session = workshops.get(choice.session_id) or choice.session
        chosen.setdefault(choice.series_id, []).append(Line(session, ordinal(position) if position else "", choice))
    series = []
    for each in still_to_choose.of(showing.event, showing.now, workshops=workshops.values()):
        lines, none = chosen.get(each.series.pk, []), each.series.pk in no_part
        nothing = each.words(waiting=registration.is_waiting, no_part=none)
        to_choose = not lines and not none and each.still == Still.OPEN
        series.append(SeriesLine(each.series, each.at, nothing, to_choose, lines))
    place = places.in_event.get(registration.pk)
    owed = prices.words(registration.price_agreed) if registration.price_agreed else ""
    return Standing(registration, ordinal(place) if place else "", series, owed)
