"""What an attendee's calendar shows of them: what they hold, wait for, or gave back, and how often that has changed.

A calendar takes a change only under a higher SEQUENCE, so each change of a registration's status, and of a choice's
state, is counted. They are read from the history, which only grows as long as anybody can ask for the calendar: erasing
a registration ends its calendar too.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from events.asking import Question, ask_all
from events.calendars import Standing
from registrations.models import ChoiceState, Registration, RegistrationStatus, TransferState

_STATUSES = """
    SELECT id, id, CASE history_type WHEN '-' THEN '' ELSE status END, history_date
    FROM registrations_historicalregistration WHERE id = %s ORDER BY history_date, history_id"""
_STATES = """
    SELECT session_id, id, CASE history_type WHEN '-' THEN '' ELSE state END, history_date
    FROM registrations_historicalworkshopchoice WHERE registration_id = %s ORDER BY history_date, history_id"""
_PASSED_ON = "SELECT max(ended_at) FROM registrations_transfer WHERE registration_id = %s AND state = %s"

# The words of both models.
_STANDINGS = {
    RegistrationStatus.CONFIRMED.value: Standing.CONFIRMED,
    RegistrationStatus.WAITING.value: Standing.TENTATIVE,
    ChoiceState.CONFIRMED.value: Standing.CONFIRMED,
    ChoiceState.WAITING.value: Standing.TENTATIVE,
}


@dataclass(slots=True)
class Claim:
    """A claim on the event, or on one workshop, through all of its choices.

    `revision` counts its changes from 0 and only rises; `was_held` says whether it was ever confirmed.
    """

    revision: int = -1
    changed_at: datetime.datetime | None = None
    was_held: bool = False
    states: dict[int, str] = field(default_factory=dict)

    def follow(self, key: int, state: str, at: datetime.datetime) -> None:
        """Take note of a row of the history; one that says nothing new is none of ours."""
        if self.states.get(key) != state:
            self.states[key] = state
            self.revision += 1
            self.changed_at = at
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
    answers = ask_all(
        {
            "event": Question(_STATUSES, [key], follow),
            "workshops": Question(_STATES, [key], follow),
            "passed on": Question(_PASSED_ON, [key, TransferState.ACCEPTED.value], lambda rows: rows[0][0]),
        }
    )
    since = answers["passed on"]
    workshops = {
        session: claim
        for session, claim in answers["workshops"].items()
        if since is None or claim.standing != Standing.CANCELLED or claim.changed_at > since
    }
    return Claims(answers["event"].get(key, Claim(0)), workshops)


def follow(rows: Iterable[tuple[int, int, str, datetime.datetime]]) -> dict[int, Claim]:
    """Return the claims that these rows of a history make, by what they are on, in the order of their moments.

    A row is what the claim is on, the key of the claim's own row, its state and the moment.
    """
    found: dict[int, Claim] = {}
    for on, key, state, at in rows:
        found.setdefault(on, Claim()).follow(key, state, at)
    return found
