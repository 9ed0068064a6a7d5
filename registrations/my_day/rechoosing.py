"""Changes somebody's workshops from a page that was open for a while: only what was touched, if it is still as it was.

Meanwhile a waiting list may have moved. Whoever saves what the page showed must not give back a place that was given
since.
"""

import datetime
from collections.abc import Mapping

from events.models import Session
from registrations import booking, holding, no_part, places, rules
from registrations.answering.answers import Wish
from registrations.choice_rules import place_field
from registrations.models import ChoiceState, Registration
from registrations.problems import Problem, Refused, Why

NO_PART = "no_part"  # the answer “None: I will not take part in this series”


def has(registration: Registration) -> dict[int, Wish]:
    """Return what somebody has of each series, as the wish that would leave it so. Two short queries.

    On the event's own waiting list nothing can be held: what they wait for is what they would take.
    """
    found: dict[int, Wish] = {series: Wish(no_part=True) for series in no_part.of(registration)}
    for choice in registration.choices.live():
        before = found.get(choice.series_id, Wish())
        if choice.state == ChoiceState.CONFIRMED or registration.is_waiting:
            found[choice.series_id] = Wish(choice.session_id, before.wait, before.ask_first)
        else:
            found[choice.series_id] = Wish(before.place, choice.session_id, choice.ask_first)
    return found


def word(wish: Wish) -> str:
    """Return a wish as one word, for a page to carry and to compare."""
    return f"{taken(wish)}-{wish.wait or ''}"


def taken(wish: Wish) -> str:
    """Return what a wish answers to “Your workshop”, as a form sends it; empty is “I will choose later”."""
    return NO_PART if wish.no_part else str(wish.place or "")


def change(
    registration: Registration,
    wishes: Mapping[int, Wish],
    seen: Mapping[int, str],
    now: datetime.datetime,
    *,
    by_staff: bool = False,
) -> Registration:
    """Change these series, of which the page showed `seen` (see `word`), and return the registration as it is now.

    What is done `by_staff` is listed in My day. Raises Refused, also where somebody has something else by now than the
    page showed, and Busy.
    """
    with places.opened(registration.event_id) as ledger:
        registration = holding.as_held(registration)
        if problems := rules.of_changing(ledger.event, registration, now):
            raise Refused(problems)
        current = has(registration)
        moved = {key: current.get(key, Wish()) for key in wishes}
        moved = {key: wish for key, wish in moved.items() if word(wish) != seen.get(key)}
        if moved:
            raise Refused([_has_moved(key, wish, ledger.workshops) for key, wish in moved.items()])
        return booking.change_choices(registration, wishes, now, by_staff=by_staff)


def _has_moved(series: int, wish: Wish, workshops: Mapping[int, Session]) -> Problem:
    nothing = "no part in this series" if wish.no_part else "no workshop of this series"
    mine = f"“{workshops[wish.place]}”" if wish.place in workshops else nothing
    line = f", waiting for “{workshops[wish.wait]}”" if wish.wait in workshops else ""
    name = next((each.series.name for each in workshops.values() if each.series_id == series), "This series")
    sentence = f"{name} has changed since you opened the page. Now: {mine}{line}. Look at your answer, then save."
    return Problem(Why.CHANGED_MEANWHILE, sentence, place_field(series))
