"""How a registration stands, in words: its place, its workshops with their positions, what is owed."""

import datetime
from dataclasses import dataclass, field

from events.models import Event, Series, Session
from registrations import prices, still_to_choose, waiting_lines
from registrations.models import ChoiceState, Registration
from registrations.still_to_choose import Still

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
    position: str = ""


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """One series: its workshops of this attendee, the confirmed one first; without any, `nothing` says so in words.

    `to_choose` says that there is none, and that one can still be chosen.
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


def of(registration: Registration, event: Event, now: datetime.datetime) -> Standing:
    """Return how this registration of this event stands now. At most six short queries."""
    places = waiting_lines.positions([registration])
    chosen: dict[int, list[Line]] = {}
    choices = registration.choices.live().select_related("session__series", "session__room").order_by("state", "pk")
    for choice in choices:
        position = places.in_workshop.get(choice.pk) if choice.state == ChoiceState.WAITING else None
        chosen.setdefault(choice.series_id, []).append(Line(choice.session, ordinal(position) if position else ""))
    series = []
    for each in still_to_choose.of(event, now):
        lines, nothing = chosen.get(each.series.pk, []), each.words(waiting=registration.is_waiting)
        series.append(SeriesLine(each.series, each.at, nothing, not lines and each.still == Still.OPEN, lines))
    place = places.in_event.get(registration.pk)
    owed = prices.words(registration.price_agreed) if registration.price_agreed else ""
    return Standing(registration, ordinal(place) if place else "", series, owed)
