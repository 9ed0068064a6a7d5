"""Joining and leaving waiting lists, and giving free places to those in line. With `booking` the only writer.

Every function takes the event's ledger, which holds the lock; `promote` is the one way from waiting to confirmed,
but for those who are asked first: they are offered the place, and `take_offered` gives it to them.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q

from events.models import Session
from registrations import recording
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import (
    ChoiceState,
    MessageKind,
    Offer,
    OfferState,
    Registration,
    RegistrationStatus,
    WorkshopChoice,
)
from registrations.places import Ledger
from registrations.tickets import invoices
from registrations.waiting import asking_first, offering, promotion, waiting_lines
from registrations.waiting.asking_first import AskingFirst

_ABOUT_THE_EVENT = Exists(Offer.objects.open().filter(registration=OuterRef("pk"), session=None))
_ABOUT_IT = Exists(Offer.objects.open().filter(registration=OuterRef("registration"), session=OuterRef("session")))


def queue_up(registration: Registration, now: datetime.datetime) -> None:
    """Put a registration that is not saved yet at the end of the event's waiting list."""
    line = Registration.objects.waiting().filter(event=registration.event_id)
    registration.status = RegistrationStatus.WAITING
    registration.waiting_since = waiting_lines.joining_at(line, now)


def join(
    registration: Registration, session: Session, now: datetime.datetime, *, ask_first: bool = False
) -> WorkshopChoice:
    """Return a choice, not saved yet, at the end of this workshop's waiting list."""
    line = WorkshopChoice.objects.waiting().filter(session=session)
    choice = claim(registration, session, ChoiceState.WAITING, now, waiting_lines.joining_at(line, now))
    choice.ask_first = ask_first
    return choice


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
    """End these claims, whether they hold a place or wait for one; what was kept for them is free."""
    offering.end(ledger, offering.about([each for each in choices if each.state == ChoiceState.WAITING]), now)
    for choice in choices:
        if choice.state == ChoiceState.CONFIRMED:
            ledger.free(ledger.of_workshop(choice.session_id))
        choice.state, choice.waiting_since = ChoiceState.RELEASED, None
    recording.update(choices, ["state", "waiting_since"], now)


def release_workshop(ledger: Ledger, session: Session, now: datetime.datetime) -> None:
    """End every claim on a workshop that will not take place, and tell each holder."""
    choices = list(WorkshopChoice.objects.live().filter(session=session).select_related("registration"))
    letters = [
        Letter(
            MessageKind.WORKSHOP_CANCELLED, choice.registration,
            {"session": session.pk, "held": choice.state == ChoiceState.CONFIRMED},
        )
        for choice in choices
    ]  # fmt: skip
    release(ledger, choices, now)
    outbox.queue(letters, now)


# -- From waiting to confirmed


def take_offered(ledger: Ledger, offer: Offer, now: datetime.datetime) -> None:
    """Give what an open offer keeps: the place at the event, or the workshop's for the one held in its series.

    Whoever calls this has made sure that it clashes with nothing.
    """
    registration = offer.registration
    if offer.session_id is None:
        _confirm_event([registration], now)
    else:
        mine = list(registration.choices.live().select_related("registration"))
        [choice] = [each for each in mine if each.session_id == offer.session_id]
        held = [
            each for each in mine if each.series_id == choice.series_id and each.state == ChoiceState.CONFIRMED
        ]  # fmt: skip
        release(ledger, held, now)
        _set_state([choice], ChoiceState.CONFIRMED, now)
    offering.note(OfferState.TAKEN, [offer], now)


def promote(ledger: Ledger, now: datetime.datetime, entered: Sequence[Registration] = ()) -> set[int]:
    """Give every free place to the first in line who can take it, until nobody moves, and tell who moved.

    Whoever is to be asked first is offered the place instead, and told so. `entered` have just said yes to a place at
    the event: whatever they get with it is told in one message. Return the keys of the registrations that moved.

    Call it last in every change that may have freed or added a place, or ended a clash.
    """
    if not promotion.places_are_given(ledger, now) or not waiting_lines.events_with_any([ledger.event.pk]):
        return set()
    asking = asking_first.of(ledger, now)
    promoted, asked = _into_event(ledger, asking, now)
    moves = _into_workshops(ledger, asking, now)
    moved, offered = [each for each in moves if not each.asked], [each.choice for each in moves if each.asked]
    letters = _what_moved(promoted, moved, entered)
    outbox.queue(letters + offering.make(ledger, asking, asked, offered, now), now)
    return {letter.registration.pk for letter in letters}


def _into_event(
    ledger: Ledger, asking: AskingFirst, now: datetime.datetime
) -> tuple[list[Registration], list[Registration]]:
    """Return who got a place, and for whom one is kept."""
    if not ledger.whole.has_room:
        return [], []
    line = Registration.objects.waiting().filter(~_ABOUT_THE_EVENT, event=ledger.event)
    found = promotion.into_event(ledger, line)
    asked = [each for each in found if asking.about_the_event(each)]
    promoted = [each for each in found if not asking.about_the_event(each)]
    _confirm_event(promoted, now)
    return promoted, asked


def _confirm_event(registrations: list[Registration], now: datetime.datetime) -> None:
    for registration in registrations:
        registration.status, registration.waiting_since = RegistrationStatus.CONFIRMED, None
    recording.update(registrations, ["status", "waiting_since"], now)
    invoices.after_promotion(registrations, now)


def _into_workshops(ledger: Ledger, asking: AskingFirst, now: datetime.datetime) -> list[promotion.Move]:
    roomy = [key for key in ledger.workshops if ledger.of_workshop(key).has_room]
    claims = WorkshopChoice.objects.annotate(asked=_ABOUT_IT).filter(
        event=ledger.event, registration__status=RegistrationStatus.CONFIRMED
    )
    line = claims.waiting().filter(asked=False)
    if not line.filter(session__in=roomy).exists():
        return []
    waiting = list(line.select_related("registration"))
    held = claims.filter(
        Q(state=ChoiceState.CONFIRMED) | Q(state=ChoiceState.WAITING, asked=True),
        registration__in={choice.registration_id for choice in waiting},
    )
    moves = promotion.into_workshops(ledger, waiting, list(held), asking, now)
    _write([move for move in moves if not move.asked], now)
    return moves


def _write(moves: Sequence[promotion.Move], now: datetime.datetime) -> None:
    """Write the moves. Given back first: nobody holds two in a series, not even between two statements."""
    _set_state([move.released for move in moves if move.released], ChoiceState.RELEASED, now)
    _set_state([move.choice for move in moves], ChoiceState.CONFIRMED, now)


def _set_state(choices: Sequence[WorkshopChoice], state: ChoiceState, now: datetime.datetime) -> None:
    for choice in choices:
        choice.state, choice.waiting_since = state, None
    recording.update(choices, ["state", "waiting_since"], now)


def _what_moved(
    promoted: Iterable[Registration], moves: Iterable[promotion.Move], entered: Iterable[Registration]
) -> list[Letter]:
    """Return one letter to everybody who moved, with all that they got and gave back."""
    letters: dict[int, Letter] = {}

    def facts(registration: Registration) -> dict[str, Any]:
        new = Letter(MessageKind.PROMOTED, registration, {"got_event": False, "got": [], "gave_back": []})
        return letters.setdefault(registration.pk, new).more

    for registration in promoted:
        facts(registration)["got_event"] = True
    for move in moves:
        facts(move.choice.registration)["got"].append(move.choice.session_id)
        if move.released:
            facts(move.choice.registration)["gave_back"].append(move.released.session_id)
    for registration in entered:
        if registration.pk in letters:
            facts(registration)["got_event"] = True
    return list(letters.values())
