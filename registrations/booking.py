"""Registering, changing workshops, cancelling. With `waiting_list` the only writer of who has a place.

Each function is one transaction under the lock of the event's places; it is committed when it returns. It is
refused whole or done whole, its messages included.
"""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from events.models import Event, Status
from events.storing.asking import Question
from registrations import (
    choice_rules,
    counted,
    folding,
    holding,
    needs,
    no_part,
    places,
    recording,
    references,
    rows,
    rules,
    transferring,
    waiting_list,
)
from registrations.answering import drafts
from registrations.answering.answers import Answers, Wish, tidied
from registrations.choice_rules import Wanted
from registrations.counted import Deed
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import (
    ChoiceState,
    Invoice,
    MessageKind,
    Registration,
    RegistrationStatus,
    WorkshopChoice,
)  # fmt: skip
from registrations.places import Ledger
from registrations.problems import AlreadyRegistered, Problem, Refused, Why
from registrations.tickets import invoices
from registrations.waiting import offering

_COPIED = [
    "name", "badge_name", "email", "phone", "organisation", "job_title", "is_member", "pronouns", "photo_consent",
    "mailing_consent", "wants_bursary",
]  # fmt: skip
ATTEMPTS = 3
WAITS_NO_LONGER = Problem(Why.CHANGED_MEANWHILE, "You have a place at the event by now, so there is nothing to ask.")
IS_KEPT = "A place is kept for you already: say yes or no to it in “My day”."
IS_OFF = Problem(Why.NOT_BOOKABLE, "This event will not take place, so there is nothing to cancel.")
_OF_KEY = "idempotency_key = %s"
_OF_KEY_OR_PERSON = f"""
{_OF_KEY} OR (event_id = %s AND name_key = %s AND email_key = %s AND email_key <> '' AND status <> 'cancelled')
"""


@dataclass(frozen=True, slots=True)
class _Submission:
    """One attempt to register: the parameters of `register`."""

    event: Event
    answers: Answers
    key: uuid.UUID
    now: datetime.datetime
    invoice: Invoice | None
    beside: Registration | None
    by_staff: bool


def register(
    event: Event,
    answers: Answers,
    key: uuid.UUID,
    now: datetime.datetime,
    *,
    invoice: Invoice | None = None,
    beside: Registration | None = None,
    by_staff: bool = False,
) -> Registration:
    """Register somebody, and return the registration: confirmed, or waiting where the event is full.

    `key` is the submission's own: the same key again, whatever the answers, returns the first registration.
    `invoice` is that of a colleague on whose invoice this one goes too, and `beside` that colleague, who may not have
    cancelled meanwhile; `by_staff` is for somebody who telephones. Raises Refused, Busy, or AlreadyRegistered.
    """
    submission = _Submission(event, tidied(answers), key, now, invoice, beside, by_staff)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _register(submission)
        except IntegrityError as error:
            # One key for two events, or a reference that somebody has: one in 10^11.
            if attempt == ATTEMPTS or places.constraint_of(error) not in places.RETRIED:
                raise
    raise AssertionError("unreachable")


def _register(asked: _Submission) -> Registration:
    if first := rows.found(Registration, _OF_KEY, [asked.key]):
        return first[0]
    with places.opened(asked.event.pk, {"found": _of_key_or_person(asked)}) as ledger:
        found = _first_of(ledger.noted["found"], asked)
        if found and found.idempotency_key == asked.key:
            return found
        _refuse_if(rules.of_booking(ledger.event, asked.now, by_staff=asked.by_staff))
        if asked.beside is not None:
            _refuse_if(rules.of_adding_beside(holding.as_held(asked.beside)))
        if found:
            outbox.remind(found, asked.now)
        else:
            registration = _enter(ledger, asked)
    if found:
        raise AlreadyRegistered
    return registration


def _of_key_or_person(asked: _Submission) -> Question[list[Registration]]:
    """Ask for the registration of the same submission, and for the live one of the same name at the same address."""
    name, email = folding.name_key(asked.answers.name), folding.email_key(asked.answers.email)
    return rows.matching(Registration, _OF_KEY_OR_PERSON, [asked.key, asked.event.pk, name, email])


def _first_of(found: list[Registration], asked: _Submission) -> Registration | None:
    """The registration of the same submission, else that of the person."""
    return next((each for each in found if each.idempotency_key == asked.key), next(iter(found), None))


def _enter(ledger: Ledger, asked: _Submission) -> Registration:
    """Check everything and write everything, under the lock."""
    answers, now, all_wait = asked.answers, asked.now, not ledger.whole.has_room
    wanted = Wanted(ledger, answers.wishes, [], all_wait, now)
    _refuse_if(
        rules.of_details(answers, by_staff=asked.by_staff)
        + rules.of_ticket(ledger, answers, asked.invoice, now)
        + choice_rules.problems(wanted)
    )
    registration = _unsaved(ledger.event, answers, asked.key, now)
    if all_wait:
        waiting_list.queue_up(registration, now)
    else:
        ledger.take(ledger.whole)
        ledger.take(ledger.of_ticket_type(registration.ticket_type_id))
    price, payer = answers.quote.price, answers.payer
    registration.invoice = invoices.for_registration(price, not all_wait, payer, asked.invoice, now)
    recording.create([registration], now)
    choices, out_of = _write_choices(registration, wanted), no_part.wished(ledger, answers.wishes)
    no_part.begin(registration, out_of, now)
    needs.give(registration, answers.needs, now)
    drafts.finish(asked.key, registration)
    kinds = [MessageKind.WAITING if all_wait else MessageKind.CONFIRMED]
    kinds += [MessageKind.TEAM_WANTED] if answers.ask_for_us else []
    outbox.queue([Letter(kind, registration, choices=choices.gained, no_part=out_of) for kind in kinds], now)
    counted.booked(Deed.WAITING if all_wait else Deed.CONFIRMED)
    return registration


def _unsaved(event: Event, answers: Answers, key: uuid.UUID, now: datetime.datetime) -> Registration:
    return Registration(
        event=event,
        reference=references.new(),
        ticket_type_id=answers.quote.ticket_type,
        price_agreed=answers.quote.price,
        status=RegistrationStatus.CONFIRMED,
        idempotency_key=key,
        name_key=folding.name_key(answers.name),
        email_key=folding.email_key(answers.email),
        created_at=now,
        **{name: getattr(answers, name) for name in _COPIED},
    )


def change_choices(
    registration: Registration, wishes: Mapping[int, Wish], now: datetime.datetime, *, by_staff: bool = False
) -> Registration:
    """Change somebody's workshops in one go, and return the registration as it is now.

    `wishes` is keyed by series; what it does not name stays. A place is given up only together with getting
    the other one. Where only a series is named in which they take no part, or do after all, nobody is told.
    What is done `by_staff` is listed in My day. Raises Refused, with everything held as it was, or Busy.
    """
    with places.opened(registration.event_id) as ledger:
        registration = holding.as_held(registration)
        _refuse_if(rules.of_changing(ledger.event, registration, now))
        mine = list(registration.choices.live())
        wanted = Wanted(ledger, wishes, mine, registration.is_waiting, now)
        _refuse_if(choice_rules.problems(wanted))
        written = _write_choices(registration, wanted)
        no_part.change(ledger, registration, wishes, now)
        if written.is_any:
            counted.booked(Deed.CHANGED)
            told = waiting_list.promote(ledger, now)
            letter = Letter(MessageKind.CHANGED, registration, written.facts() if by_staff else {})
            outbox.queue([letter] if registration.pk not in told else [], now)
    return registration


@dataclass(frozen=True, slots=True)
class _Written:
    """The claims that were made, and the workshops of those that ended: places given back, waiting lists left."""

    gained: list[WorkshopChoice]
    gave_back: list[int]
    left: list[int]

    @property
    def is_any(self) -> bool:
        return bool(self.gained or self.gave_back or self.left)

    def facts(self) -> dict[str, Any]:
        """Return what staff did, for the message about it. What attendees do themselves is no news to them."""
        got = [each.session_id for each in self.gained if each.state == ChoiceState.CONFIRMED]
        waits = [each.session_id for each in self.gained if each.state == ChoiceState.WAITING]
        return {"by_staff": True, "got": got, "gave_back": self.gave_back, "waits": waits, "left": self.left}


def _write_choices(registration: Registration, wanted: Wanted) -> _Written:
    """Release what is no longer wanted, then claim what is new, and return both."""
    ledger, now, steps = wanted.ledger, wanted.now, wanted.steps()
    gave_back = [each.session_id for each in steps.given_up if each.state == ChoiceState.CONFIRMED]
    left = [each.session_id for each in steps.given_up if each.state == ChoiceState.WAITING]
    waiting_list.release(ledger, steps.given_up, now)
    gained = []
    for key, state in steps.gained:
        session = ledger.workshops[key]
        if state == ChoiceState.WAITING:
            asks = bool(wanted.wishes[session.series_id].ask_first)
            gained.append(waiting_list.join(registration, session, now, ask_first=asks))
        else:
            ledger.take(ledger.of_workshop(key))
            gained.append(waiting_list.claim(registration, session, state, now))
    recording.create(gained, now)
    _refuse_if(_kept_already(steps.told_otherwise))
    for choice in steps.told_otherwise:
        choice.ask_first = not choice.ask_first
    recording.update(steps.told_otherwise, ["ask_first"], now)
    return _Written(gained, gave_back, left)


def _kept_already(told_otherwise: list[WorkshopChoice]) -> list[Problem]:
    """Where the place is kept already, “move me” means yes, and must not pass unheard."""
    kept = offering.about([each for each in told_otherwise if each.ask_first])
    series = {each.session_id: each.series_id for each in told_otherwise}
    return [Problem(Why.IS_KEPT, IS_KEPT, choice_rules.wait_field(series[each.session_id])) for each in kept]


def ask_first(registration: Registration, wish: bool, now: datetime.datetime) -> Registration:
    """Note whether somebody on the event's waiting list is to be asked before a place is theirs.

    Raises Refused if they wait no longer, or if a place is kept for them already and they want it unasked, and Busy.
    """
    with places.opened(registration.event_id) as ledger:
        registration = holding.as_held(registration)
        _refuse_if(rules.of_changing(ledger.event, registration, now))
        if not registration.is_waiting:
            raise Refused([WAITS_NO_LONGER])
        if not wish and registration.offers.open().filter(session=None).exists():
            raise Refused([Problem(Why.IS_KEPT, IS_KEPT)])
        registration.ask_first = wish
        recording.update([registration], ["ask_first"], now)
    return registration


def cancel(registration: Registration, now: datetime.datetime, *, by_staff: bool = False) -> Registration:
    """Cancel a registration, give its places to those in line, and return it. Cancelling twice is cancelling once.

    What is done `by_staff` is listed in My day. Raises Refused where the event itself is cancelled and everybody knows,
    and Busy.
    """
    with places.opened(registration.event_id) as ledger:
        registration = holding.as_held(registration)
        if registration.is_cancelled:
            return registration
        if ledger.event.status == Status.CANCELLED:
            raise Refused([IS_OFF])
        end(ledger, registration, now)
        outbox.queue([Letter(MessageKind.CANCELLED, registration, {"by_staff": True} if by_staff else {})], now)
        waiting_list.promote(ledger, now)
        counted.booked(Deed.CANCELLED)
    return registration


def end(ledger: Ledger, registration: Registration, now: datetime.datetime) -> None:
    """Cancel a live registration under the lock: all that it has or waits for is given back. Nobody is told yet."""
    offering.end(ledger, registration.offers.open().filter(session=None), now)
    transferring.end_open(registration, now)
    had_a_place = registration.is_confirmed
    if had_a_place:
        ledger.free(ledger.whole)
        ledger.free(ledger.of_ticket_type(registration.ticket_type_id))
    waiting_list.release(ledger, list(registration.choices.live()), now)
    registration.status, registration.waiting_since = RegistrationStatus.CANCELLED, None
    registration.cancelled_at = now
    recording.update([registration], ["status", "waiting_since", "cancelled_at"], now)
    if had_a_place:
        invoices.after_cancellation(registration, now)


def _refuse_if(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)
