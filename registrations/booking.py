"""Registering, changing workshops, cancelling. With `waiting_list` the only writer of who has a place.

Each function is one transaction under the lock of the event's places; it is committed when it returns. It is
refused whole or done whole, its messages included.
"""

import dataclasses
import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.db import IntegrityError
from django.db.models import Q

from events.models import Event
from registrations import (
    choice_rules,
    drafts,
    folding,
    invoices,
    outbox,
    places,
    recording,
    references,
    rules,
    waiting_list,
)
from registrations.answers import Answers, Needs, Wish, tidied
from registrations.choice_rules import Wanted
from registrations.models import (
    AccessNeeds,
    AccessNeedsLog,
    ChoiceState,
    Invoice,
    MessageKind,
    Registration,
    RegistrationStatus,
    WorkshopChoice,
)  # fmt: skip
from registrations.outbox import Letter
from registrations.places import Ledger
from registrations.problems import AlreadyRegistered, Refused

_COPIED = [
    "name", "badge_name", "email", "phone", "organisation", "job_title", "is_member", "pronouns", "photo_consent",
    "mailing_consent", "wants_bursary",
]  # fmt: skip
ATTEMPTS = 3


def register(
    event: Event,
    answers: Answers,
    key: uuid.UUID,
    now: datetime.datetime,
    *,
    invoice: Invoice | None = None,
    by_staff: bool = False,
) -> Registration:
    """Register somebody, and return the registration: confirmed, or waiting where the event is full.

    `key` is the submission's own: the same key again, whatever the answers, returns the first registration.
    `invoice` is that of a colleague on whose invoice this one goes too; `by_staff` is for somebody who
    telephones. Raises Refused, Busy, or AlreadyRegistered.
    """
    answers = tidied(answers)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _register(event, answers, key, now, invoice, by_staff)
        except IntegrityError as error:
            # One key for two events, or a reference that somebody has: one in 10^11.
            if attempt == ATTEMPTS or places.constraint_of(error) not in places.RETRIED:
                raise
    raise AssertionError("unreachable")


def _register(event, answers, key, now, invoice, by_staff) -> Registration:
    if first := _of_key(key):
        return first
    with places.opened(event.pk) as ledger:
        holder = _of_key_or_person(event, key, answers)
        if holder and holder.idempotency_key == key:
            return holder
        _refuse_if(rules.of_booking(ledger.event, now, by_staff=by_staff))
        if holder:
            outbox.remind(holder, now)
        else:
            registration = _enter(ledger, answers, key, now, invoice, by_staff)
    if holder:
        raise AlreadyRegistered
    return registration


def _of_key(key: uuid.UUID) -> Registration | None:
    return Registration.objects.filter(idempotency_key=key).first()


def _of_key_or_person(event: Event, key: uuid.UUID, answers: Answers) -> Registration | None:
    """The registration of the same submission, else the live one of the same name at the same address."""
    name, email = folding.name_key(answers.name), folding.email_key(answers.email)
    person = Q(event=event, name_key=name, email_key=email) & ~Q(email_key="") & ~Q(status=RegistrationStatus.CANCELLED)
    found = list(Registration.objects.filter(Q(idempotency_key=key) | person).order_by())
    return next((each for each in found if each.idempotency_key == key), next(iter(found), None))


def _enter(ledger, answers, key, now, invoice, by_staff) -> Registration:
    """Check everything and write everything, under the lock."""
    all_wait = not ledger.whole.has_room
    _refuse_if(
        rules.of_details(answers, by_staff=by_staff)
        + rules.of_ticket(ledger, answers, invoice, now)
        + choice_rules.problems(Wanted(ledger, answers.wishes, [], all_wait, now))
    )
    registration = _unsaved(ledger.event, answers, key, now)
    if all_wait:
        waiting_list.queue_up(registration, now)
    else:
        ledger.take(ledger.whole)
        ledger.take(ledger.of_ticket_type(registration.ticket_type_id))
    registration.invoice = invoices.for_registration(answers.quote.price, not all_wait, answers.payer, invoice, now)
    recording.create([registration], now)
    _write_wishes(ledger, registration, answers.wishes, [], now)
    _write_needs(registration, answers.needs, now)
    drafts.finish(key, registration)
    kind = MessageKind.WAITING if all_wait else MessageKind.CONFIRMED
    outbox.queue([Letter(kind, registration)], now)
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


def _write_needs(registration: Registration, needs: Needs | None, now: datetime.datetime) -> None:
    if needs is not None and needs != Needs():
        AccessNeeds.objects.create(registration=registration, **dataclasses.asdict(needs))
        AccessNeedsLog.objects.create(registration=registration, when=now, action=AccessNeedsLog.Action.GIVEN)


def change_choices(registration: Registration, wishes: Mapping[int, Wish], now: datetime.datetime) -> Registration:
    """Change somebody's workshops in one go, and return the registration as it is now.

    `wishes` is keyed by series; what it does not name stays. A place is given up only together with getting
    the other one. Raises Refused, with everything held as it was, or Busy.
    """
    with places.opened(registration.event_id) as ledger:
        registration = Registration.objects.get(pk=registration.pk)
        _refuse_if(rules.of_changing(ledger.event, registration, now))
        mine = list(registration.choices.live())
        _refuse_if(choice_rules.problems(Wanted(ledger, wishes, mine, registration.is_waiting, now)))
        if _write_wishes(ledger, registration, wishes, mine, now):
            told = waiting_list.promote(ledger, now)
            outbox.queue([Letter(MessageKind.CHANGED, registration)] if registration.pk not in told else [], now)
    return registration


def _write_wishes(
    ledger: Ledger,
    registration: Registration,
    wishes: Mapping[int, Wish],
    mine: Sequence[WorkshopChoice],
    now: datetime.datetime,
) -> bool:
    """Release what is no longer wanted, then claim what is new, and return whether anything was."""
    given_up: list[WorkshopChoice] = []
    gained: list[WorkshopChoice] = []
    for series, wish in wishes.items():
        kept = {(choice.session_id, choice.state) for choice in mine if choice.series_id == series}
        wanted = _wanted(wish, registration.is_waiting)
        given_up += [
            choice for choice in mine if choice.series_id == series and (choice.session_id, choice.state) not in wanted
        ]
        for key, state in wanted - kept:
            session = ledger.workshops[key]
            if state == ChoiceState.WAITING:
                gained.append(waiting_list.join(registration, session, now))
            else:
                ledger.take(ledger.of_workshop(key))
                gained.append(waiting_list.claim(registration, session, state, now))
    waiting_list.release(ledger, given_up, now)
    recording.create(gained, now)
    return bool(given_up or gained)


def _wanted(wish: Wish, all_wait: bool) -> set[tuple[int, str]]:
    """The claims that a wish comes to: session and state."""
    place_state = ChoiceState.WAITING if all_wait else ChoiceState.CONFIRMED
    claims = [(wish.place, place_state), (wish.wait, ChoiceState.WAITING)]
    return {(key, str(state)) for key, state in claims if key is not None}


def cancel(registration: Registration, now: datetime.datetime) -> Registration:
    """Cancel a registration, give its places to those in line, and return it. Cancelling twice is cancelling once.

    Raises Busy.
    """
    with places.opened(registration.event_id) as ledger:
        registration = Registration.objects.get(pk=registration.pk)
        if registration.is_cancelled:
            return registration
        if registration.is_confirmed:
            ledger.free(ledger.whole)
            ledger.free(ledger.of_ticket_type(registration.ticket_type_id))
        waiting_list.release(ledger, list(registration.choices.live()), now)
        registration.status, registration.waiting_since = RegistrationStatus.CANCELLED, None
        registration.cancelled_at = now
        recording.update([registration], ["status", "waiting_since", "cancelled_at"], now)
        invoices.after_cancellation(registration, now)
        outbox.queue([Letter(MessageKind.CANCELLED, registration)], now)
        waiting_list.promote(ledger, now)
    return registration


def _refuse_if(problems: list) -> None:
    if problems:
        raise Refused(problems)
