"""What is asked about each series of workshops: which can be taken, which only waited for, which only read about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from events import programme
from events.models import Kind, Series, Session, Status
from events.showing import Showing
from registrations import availability, choice_rules
from registrations.availability import Availability


@dataclass(frozen=True)
class SeriesQuestion:
    """One series as it is asked about. `event_full` makes it one wish, since nothing can be held yet.

    `said` is what a page says of places: each workshop's key with the words.
    """

    series: Series
    open: list[Session] = field(default_factory=list)
    full: list[Session] = field(default_factory=list)
    awaited: list[Session] = field(default_factory=list)
    event_full: bool = False
    said: list[tuple[int, str]] = field(default_factory=list)

    @property
    def place_name(self) -> str:
        """The name of the question “Your workshop”."""
        return choice_rules.place_field(self.series.pk)

    @property
    def wait_name(self) -> str:
        """The name of the question “Also put me on the waiting list for”."""
        return choice_rules.wait_field(self.series.pk)

    @property
    def names(self) -> tuple[str, str]:
        """The names of both."""
        return self.place_name, self.wait_name

    @property
    def keys(self) -> set[str]:
        """The workshops that can be chosen or waited for, as answers."""
        return {str(session.pk) for session in (*self.open, *self.full)}

    @property
    def asks(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.open or self.full)

    @property
    def hours(self) -> Session | None:
        """The session whose hours stand in the legend, if all have the same; else each says its own."""
        sessions = [*self.open, *self.full, *self.awaited]
        return sessions[0] if len({(each.starts, each.ends) for each in sessions}) == 1 else None


def of(showing: Showing, *, waits: bool | None = None) -> list[SeriesQuestion]:
    """Return a question for each series with workshops that have not begun, in order. One short query, mostly.

    `waits` says whether who is asked waits for the event itself; by default everybody does who comes to a full one.
    """
    places = availability.shown(showing)
    event_full = places.event.is_full if waits is None else waits
    questions: dict[int, SeriesQuestion] = {}
    for session in workshops(showing):
        if session.starts > showing.now:
            new = SeriesQuestion(session.series, event_full=event_full)
            _sort(questions.setdefault(session.series_id, new), session, places.workshops.get(session.pk))
    return sorted(questions.values(), key=lambda question: question.series.number)


def gone(showing: Showing) -> list[Session]:
    """Return the workshops that could be chosen and cannot any more, as far as visitors know: begun, or cancelled."""
    begun = [session for session in workshops(showing) if session.starts <= showing.now]
    return begun + showing.remembered("cancelled workshops", lambda: _cancelled(showing))


def is_lost(questions: Sequence[SeriesQuestion], gone: Sequence[Session], given: Mapping[str, str]) -> bool:
    """Whether one of these answers is a workshop that can be neither chosen nor waited for any more."""
    asked = {name: question for question in questions if question.asks for name in question.names}
    keys = {str(session.pk) for session in gone}
    return any(
        value not in asked[name].keys if name in asked else value in keys
        for name, value in given.items()
        if value.isdigit()
    )


def workshops(showing: Showing) -> list[Session]:
    """Return the event's published workshops in the order of the day, with what is said of them and who is in them."""
    # Who is named depends on the day.
    return showing.remembered(("workshops", showing.today), lambda: _workshops(showing))


def _cancelled(showing: Showing) -> list[Session]:
    return list(programme.sessions(showing).filter(kind=Kind.WORKSHOP, status=Status.CANCELLED))


def _workshops(showing: Showing) -> list[Session]:
    found = programme.sessions(showing).filter(kind=Kind.WORKSHOP, status=Status.PUBLISHED)
    return programme.with_credits(showing, found)


def _sort(question: SeriesQuestion, session: Session, places: Availability | None) -> None:
    question.said.append((session.pk, places.words if places else ""))
    if not session.is_announced:
        question.awaited.append(session)
    elif question.event_full or places is None or not places.is_full:
        question.open.append(session)
    else:
        question.full.append(session)
