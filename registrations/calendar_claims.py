"""What an attendee's calendar shows of them: what they hold, wait for, or gave back, and how often that has changed.

A calendar takes a change only under a higher SEQUENCE, so each change of a registration's status, and of a choice's
state, is counted. They are read from the history, which only grows as long as anybody can ask for the calendar: erasing
a registration ends its calendar too.

The order is that in which the history was written, under the lock of the event's places. Its moments may run backwards:
each is when a request began, before it waited for the lock, by the clock of its server.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from events.calendars import Standing
from events.storing.asking import Question, ask_all
from registrations.models import ChoiceState, Registration, RegistrationStatus, TransferState

_STATUSES = """
    SELECT history_id, id, id, CASE history_type WHEN '-' THEN '' ELSE status END, history_date
    FROM registrations_historicalregistration WHERE id = %s ORDER BY history_id"""
_STATES = """
    SELECT history_id, session_id, id, CASE history_type WHEN '-' THEN '' ELSE state END, history_date
    FROM registrations_historicalworkshopchoice WHERE registration_id = %s ORDER BY history_id"""
_PASSED_ON = "SELECT max(last_choice), count(*) FROM registrations_transfer WHERE registration_id = %s AND state = %s"
# Whoever cancelled and came again has the same entries in their calendar, under the numbers of the first time.
_BEFORE = """
    SELECT count(*) FROM registrations_registration earlier
    JOIN registrations_registration mine ON mine.id = %s AND earlier.event_id = mine.event_id
        AND earlier.email_key = mine.email_key AND earlier.email_key <> '' AND earlier.id < mine.id
    CROSS JOIN LATERAL (
        SELECT history_id FROM registrations_historicalregistration WHERE id = earlier.id
        UNION ALL SELECT history_id FROM registrations_historicalworkshopchoice WHERE registration_id = earlier.id
    ) AS written"""

# The words of both models.
_STANDINGS = {
    RegistrationStatus.CONFIRMED.value: Standing.CONFIRMED,
    RegistrationStatus.WAITING.value: Standing.TENTATIVE,
    ChoiceState.CONFIRMED.value: Standing.CONFIRMED,
    ChoiceState.WAITING.value: Standing.TENTATIVE,
}
Row = tuple[int, int, int, str, datetime.datetime]


@dataclass(slots=True)
class Claim:
    """A claim on the event, or on one workshop, through all of its choices.

    `revision` counts its changes from 0 and only rises; `number` is the row of the history that made the last one;
    `was_held` says whether it was ever confirmed.
    """

    revision: int = -1
    number: int = 0
    changed_at: datetime.datetime | None = None
    was_held: bool = False
    states: dict[int, str] = field(default_factory=dict)

    def follow(self, number: int, key: int, state: str, at: datetime.datetime) -> None:
        """Take note of a row of the history; one that says nothing new is none of ours."""
        if self.states.get(key) != state:
            self.states[key], self.number = state, number
            self.revision += 1
            self.changed_at = max(at, self.changed_at or at)
            self.was_held |= self.standing == Standing.CONFIRMED

    @property
    def standing(self) -> Standing:
        """How it stands: by the best of its choices."""
        found = {_STANDINGS.get(state, Standing.CANCELLED) for state in self.states.values()}
        return next((each for each in (Standing.CONFIRMED, Standing.TENTATIVE) if each in found), Standing.CANCELLED)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one registration: on the event, and on workshops by the key of their session."""

    event: Claim
    workshops: dict[int, Claim]

    def on(self, session: int) -> tuple[Standing, int, datetime.datetime | None]:
        """Return how a session stands for them, with its revision and when that last changed.

        Nobody has more of a workshop than of the event; what is for everybody stands as the event does.
        """
        claim = self.workshops.get(session)
        if claim is None:
            return self.event.standing, self.event.revision, self.event.changed_at
        order = list(Standing)
        standing = max(self.event.standing, claim.standing, key=order.index)
        changed = max(filter(None, (self.event.changed_at, claim.changed_at)), default=None)
        return standing, self.event.revision + claim.revision, changed


def of(registration: Registration) -> Claims:
    """Return the claims of a registration. One round trip.

    What somebody had given back before the place was passed on is theirs, and not told to who has it now.
    """
    key = registration.pk
    answers: dict[str, Any] = ask_all(
        {
            "event": Question(_STATUSES, [key], follow),
            "workshops": Question(_STATES, [key], follow),
            "passed on": Question(_PASSED_ON, [key, TransferState.ACCEPTED.value], lambda rows: rows[0]),
            "before": Question(_BEFORE, [key], lambda rows: rows[0][0]),
        }
    )
    last, times = answers["passed on"]
    workshops = {
        session: claim
        for session, claim in answers["workshops"].items()
        if claim.standing != Standing.CANCELLED or claim.number > (last or 0)
    }
    event = answers["event"].get(key, Claim(0))
    # Passing it on changes nothing of the claim; who had it is told one above it that it ended (`given_up`).
    event.revision += 2 * times + answers["before"]
    return Claims(event, workshops)


EVENT = "event"  # among the keys of sessions


def held(registration: Registration) -> dict[str, int]:
    """Return what a registration holds, by the key of the session as text or EVENT, each with its revision."""
    claims = of(registration)
    stands = {key: claims.on(key) for key in claims.workshops}
    mine = {str(key): number for key, (standing, number, _) in stands.items() if standing == Standing.CONFIRMED}
    return {EVENT: claims.event.revision} | mine


def follow(rows: Iterable[Row]) -> dict[int, Claim]:
    """Return the claims that these rows of a history make, in the order in which they were written.

    They are by what they are on. A row is its number, what the claim is on, the key of the claim's own row, its state
    and the moment.
    """
    found: dict[int, Claim] = {}
    for number, on, key, state, at in rows:
        found.setdefault(on, Claim()).follow(number, key, state, at)
    return found
