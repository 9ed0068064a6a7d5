"""Joining and leaving waiting lists, and giving free places to those in line. With `booking` the only writer.

Every function takes the event's ledger, which holds the lock; `promote` is the one way from waiting to confirmed.
"""

import datetime
from collections.abc import Iterable, Sequence

from events.models import Session
from registrations import invoices, outbox, promotion, recording, waiting_lines
from registrations.models import ChoiceState, MessageKind, Registration, RegistrationStatus, WorkshopChoice
from registrations.outbox import Letter
from registrations.places import Ledger


def queue_up(registration: Registration, now: datetime.datetime) -> None:
    """Put a registration that is not saved yet at the end of the event's waiting list."""
    line = Registration.objects.waiting().filter(event=registration.event_id)
    registration.status = RegistrationStatus.WAITING
    registration.waiting_since = waiting_lines.joining_at(line, now)


def join(registration: Registration, session: Session, now: datetime.datetime) -> WorkshopChoice:
    """Return a choice, not saved yet, at the end of this workshop's waiting list."""
    line = WorkshopChoice.objects.waiting().filter(session=session)
    return claim(registration, session, ChoiceState.WAITING, now, waiting_lines.joining_at(line, now))


def claim(
    registration: Registration,
    session: Session,
    state: ChoiceState,
    now: datetime.datetime,
    waiting_since: datetime.datetime | None = None,
) -> WorkshopChoice:
    """Return an unsaved choice with true copies of its session's facts."""
    return WorkshopChoice(
        registration=registration, session_id=session.pk, event_id=session.event_id, series_id=session.series_id,
        starts=session.starts, ends=session.ends, state=state, waiting_since=waiting_since, made_at=now,
    )  # fmt: skip


def release(ledger: Ledger, choices: Sequence[WorkshopChoice], now: datetime.datetime) -> None:
    """End these claims, whether they hold a place or wait for one."""
    for choice in choices:
        if choice.state == ChoiceState.CONFIRMED:
            ledger.free(ledger.of_workshop(choice.session_id))
        choice.state, choice.waiting_since = ChoiceState.RELEASED, None
    recording.update(choices, ["state", "waiting_since"], now)


def release_workshop(ledger: Ledger, session: Session, now: datetime.datetime) -> None:
    """End every claim on a workshop that will not take place, and tell each holder."""
    choices = list(WorkshopChoice.objects.live().filter(session=session).select_related("registration"))
    release(ledger, choices, now)
    told = {"session": session.pk}
    outbox.queue(
        [Letter(MessageKind.WORKSHOP_CANCELLED, choice.registration, told) for choice in choices],
        now,
    )


def promote(ledger: Ledger, now: datetime.datetime) -> set[int]:
    """Give every free place to the first in line who can take it, until nobody moves, and tell who moved.

    Return the keys of the registrations that were told.

    Call it last in every change that may have freed or added a place, or ended a clash.
    """
    if not promotion.places_are_given(ledger, now) or not waiting_lines.events_with_any([ledger.event.pk]):
        return set()
    promoted = _into_event(ledger, now)
    moves = _into_workshops(ledger, now)
    moved = {move.choice.registration_id: move.choice.registration for move in moves}
    people = {each.pk: each for each in promoted} | moved
    letters = [
        Letter(MessageKind.PROMOTED, registration, _what_moved(registration, promoted, moves))
        for registration in people.values()
    ]
    outbox.queue(letters, now)
    return set(people)


def _into_event(ledger: Ledger, now: datetime.datetime) -> list[Registration]:
    if not ledger.whole.has_room:
        return []
    line = Registration.objects.waiting().filter(event=ledger.event)
    promoted = promotion.into_event(ledger, line)
    for registration in promoted:
        registration.status, registration.waiting_since = RegistrationStatus.CONFIRMED, None
    recording.update(promoted, ["status", "waiting_since"], now)
    invoices.after_promotion(promoted, now)
    return promoted


def _into_workshops(ledger: Ledger, now: datetime.datetime) -> list[promotion.Move]:
    roomy = [key for key in ledger.workshops if ledger.of_workshop(key).has_room]
    line = WorkshopChoice.objects.waiting().filter(
        event=ledger.event, registration__status=RegistrationStatus.CONFIRMED
    )
    if not line.filter(session__in=roomy).exists():
        return []
    waiting = list(line.select_related("registration"))
    held = WorkshopChoice.objects.confirmed().filter(registration__in={choice.registration_id for choice in waiting})
    moves = promotion.into_workshops(ledger, waiting, held, now)
    _write(moves, now)
    return moves


def _write(moves: Sequence[promotion.Move], now: datetime.datetime) -> None:
    """Write the moves. Given back first: nobody holds two in a series, not even between two statements."""
    released = [move.released for move in moves if move.released]
    gained = [move.choice for move in moves]
    for choices, state in ((released, ChoiceState.RELEASED), (gained, ChoiceState.CONFIRMED)):
        for choice in choices:
            choice.state, choice.waiting_since = state, None
        recording.update(choices, ["state", "waiting_since"], now)


def _what_moved(registration: Registration, promoted: Iterable[Registration], moves: Iterable[promotion.Move]) -> dict:
    mine = [move for move in moves if move.choice.registration_id == registration.pk]
    return {
        "got_event": any(each.pk == registration.pk for each in promoted),
        "got": [move.choice.session_id for move in mine],
        "gave_back": [move.released.session_id for move in mine if move.released],
    }
