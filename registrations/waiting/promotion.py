"""Who moves when places are free: strictly in the order of each line. Pure: values in, moves out.

Whoever cannot move (they would be in two workshops at once, or have no place at the event yet) is passed
over and keeps their position. Whoever moves within a series gives back what they held there, which may
move somebody else, until nothing moves. Whoever is to be asked first moves nowhere yet: the place is kept for
them, and counts as taken.
"""

import datetime
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.models import Status
from registrations import availability
from registrations.models import Registration, WorkshopChoice
from registrations.places import Ledger
from registrations.waiting.asking_first import AskingFirst


@dataclass(frozen=True, slots=True)
class Move:
    """A waiting choice that gets its place, and the place in the same series that its holder gives back.

    `asked`: the place is only kept for it, until its holder has answered; nothing is given back.
    """

    choice: WorkshopChoice
    released: WorkshopChoice | None
    asked: bool = False


def places_are_given(ledger: Ledger, now: datetime.datetime) -> bool:
    """Whether anybody moves at all: the event is on, and has not begun."""
    return ledger.event.status == Status.PUBLISHED and now < ledger.event.starts


def into_event(ledger: Ledger, line: Iterable[Registration]) -> list[Registration]:
    """Take places of the event for the first in line, as long as there are any, and return for whom.

    Whose kind of ticket has run out is passed over. Whether they have the place or are asked is the caller's to say.
    """
    moved = []
    for registration in line:
        if not ledger.whole.has_room:
            break
        ticket = ledger.of_ticket_type(registration.ticket_type_id)
        if ticket.has_room:
            ledger.take(ledger.whole)
            ledger.take(ticket)
            moved.append(registration)
    return moved


def into_workshops(
    ledger: Ledger,
    line: Sequence[WorkshopChoice],
    held: Sequence[WorkshopChoice],
    asking: AskingFirst,
    now: datetime.datetime,
) -> list[Move]:
    """Take workshops' places for those in line, in rounds, and return the moves in the order they happened.

    `line` is every waiting choice of those who have a place at the event, in order, but for those who are being
    asked about it; `held` is every choice of theirs that is confirmed, or that they are being asked about. A round
    is: the first workshop, by its key, with room for somebody takes the first such person.
    """
    return _Rounds(ledger, line, held, asking, now).moves()


class _Rounds:
    """The lines as they become shorter, and a heap of the workshops that must be looked at (again).

    A line is a heap of places in line with their choices. Whoever would clash is set aside, and comes back to the same
    place in line when something of theirs changes; so nobody is looked at again and again, however long the line.
    """

    def __init__(
        self,
        ledger: Ledger,
        line: Iterable[WorkshopChoice],
        held: Iterable[WorkshopChoice],
        asking: AskingFirst,
        now: datetime.datetime,
    ) -> None:
        self._ledger, self._asking = ledger, asking
        self._lines: dict[int, list[tuple[int, WorkshopChoice]]] = {}
        self._aside: dict[int, list[tuple[int, WorkshopChoice]]] = {}
        self._held: dict[int, list[WorkshopChoice]] = {}
        open_now = {key for key, session in ledger.workshops.items() if availability.can_be_had(session, now)}
        for number, choice in enumerate(line):
            if choice.session_id in open_now:
                self._lines.setdefault(choice.session_id, []).append((number, choice))
        for choice in held:
            self._held.setdefault(choice.registration_id, []).append(choice)
        self._due = sorted(self._lines)

    def moves(self) -> list[Move]:
        """Take places until nobody moves, and return the moves."""
        found = []
        while self._due:
            key = heapq.heappop(self._due)
            choice = self._first_in(key)
            if choice is not None:
                found.append(self._move(choice))
        return found

    def _first_in(self, key: int) -> WorkshopChoice | None:
        """Take the first who can have the place out of the line, and return their choice."""
        line = self._lines.get(key, [])
        while line and self._ledger.of_workshop(key).has_room:
            number, choice = heapq.heappop(line)
            if not self._clashes(choice):
                return choice
            self._aside.setdefault(choice.registration_id, []).append((number, choice))
        return None

    def _clashes(self, choice: WorkshopChoice) -> bool:
        return any(
            held.series_id != choice.series_id and held.starts < choice.ends and choice.starts < held.ends
            for held in self._held.get(choice.registration_id, ())
        )

    def _move(self, choice: WorkshopChoice) -> Move:
        mine = self._held.setdefault(choice.registration_id, [])
        asked = self._asking.about_a_workshop(choice)
        released = next((held for held in mine if held.series_id == choice.series_id and not asked), None)
        if released:
            mine.remove(released)
            self._ledger.free(self._ledger.of_workshop(released.session_id))
            self._look_at(released.session_id)
        self._ledger.take(self._ledger.of_workshop(choice.session_id))
        mine.append(choice)
        self._look_at(choice.session_id)  # the next in line may follow
        # What they had to be passed over for may have become possible.
        for number, waiting in self._aside.pop(choice.registration_id, ()):
            heapq.heappush(self._lines[waiting.session_id], (number, waiting))
            self._look_at(waiting.session_id)
        return Move(choice, released, asked)

    def _look_at(self, key: int) -> None:
        if key in self._lines:
            heapq.heappush(self._due, key)
