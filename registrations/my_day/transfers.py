"""Passing a place to a colleague: the holder keeps it, and the link to it, until the colleague accepts.

Each function is one transaction under the lock of the event's places. The price and the invoice stay, the workshops
pass along; what the holder said about access and food does not.
"""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from registrations import (
    calendar_claims,
    folding,
    holding,
    needs,
    no_part,
    places,
    recording,
    rules,
    transferring,
    waiting_list,
)
from registrations.answering.answers import Needs
from registrations.data_rights import complaining
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import Draft, MessageKind, Registration, Transfer, TransferState
from registrations.my_day import corrections
from registrations.problems import Problem, Refused, Why
from registrations.waiting import offering

OVER = Problem(Why.TRANSFER_OVER, "This place is no longer being passed on: it was accepted, or kept after all.")
# What the colleague says of themselves; whatever they leave out is empty.
FACTS = frozenset({"phone", "badge_name", "pronouns", "organisation", "job_title", "photo_consent", "mailing_consent"})


def begin(registration: Registration, name: str, email: str, now: datetime.datetime) -> Transfer:
    """Offer somebody's place to a colleague, and write to them. Raises Refused or Busy."""
    with places.opened(registration.event_id) as ledger:
        registration = holding.as_held(registration)
        name, email = folding.clean(name), folding.address(email)
        if problems := _why_not(registration, name, email) or rules.of_changing(ledger.event, registration, now):
            raise Refused(problems)
        corrections.refuse_double(_as_theirs(Registration.objects.get(pk=registration.pk), name, email))
        transfer = Transfer.objects.create(registration=registration, name=name, email=email, made_at=now)
        facts = {"transfer": transfer.pk}
        outbox.queue([Letter(MessageKind.TRANSFER_OFFERED, registration, facts, recipient=email)], now)
    return transfer


def is_to(transfer: Transfer, name: str, email: str) -> bool:
    """Whether a transfer is to somebody of this name and address."""
    theirs = (folding.name_key(transfer.name), folding.email_key(transfer.email))
    return theirs == (folding.name_key(name), folding.email_key(email))


def withdraw(registration: Registration, now: datetime.datetime) -> None:
    """Keep the place after all. Without an open transfer nothing happens.

    Raises Refused if it has passed on meanwhile, and Busy.
    """
    with places.opened(registration.event_id) as ledger:
        transferring.end_open(holding.as_held(registration), now)
        waiting_list.promote(ledger, now)


def decline(transfer: Transfer, now: datetime.datetime) -> None:
    """Say, as the colleague, that one does not take the place; its holder is told. Raises Refused or Busy."""
    with places.opened(transfer.registration.event_id) as ledger:
        transfer = _still_open(transfer)
        transferring.end(transfer, TransferState.DECLINED, now)
        outbox.queue([Letter(MessageKind.TRANSFER_DECLINED, transfer.registration)], now)
        waiting_list.promote(ledger, now)


def accept(transfer: Transfer, facts: Mapping[str, Any], wants: Needs, now: datetime.datetime) -> Registration:
    """Make the place the colleague's, and return the registration: theirs, with a new link; the old ones are dead.

    `facts` are any of FACTS. Raises Refused or Busy.
    """
    with places.opened(transfer.registration.event_id) as ledger:
        transfer = _still_open(transfer)
        registration = transfer.registration
        if problems := rules.of_changing(ledger.event, registration, now):
            raise Refused(problems)
        former, held = registration.email, calendar_claims.held(registration)
        needs.address_is_left(registration)
        complaining.stay_with(registration)
        _hand_over(registration, transfer, facts, now)
        needs.change(registration, Needs(), None, now)
        if wants != Needs():
            needs.change(registration, wants, None, now)
        transferring.end(transfer, TransferState.ACCEPTED, now)
        _tell_both(registration, former, held, now)
    return registration


def _still_open(transfer: Transfer) -> Transfer:
    """Return the transfer as it is under the lock. Raises Refused if it is over."""
    found = Transfer.objects.open().filter(pk=transfer.pk).select_related("registration").first()
    if found is None:
        raise Refused([OVER])
    return found


def _hand_over(
    registration: Registration, transfer: Transfer, facts: Mapping[str, Any], now: datetime.datetime
) -> None:
    """Replace everything that says who the attendee is, and every key by which the former one could open it."""
    _as_theirs(registration, transfer.name, transfer.email)
    empty = {name: type(getattr(registration, name))() for name in FACTS}
    for name, value in {**empty, **facts}.items():
        setattr(registration, name, folding.clean(value) if isinstance(value, str) else value)
    corrections.refuse_double(registration)
    registration.link_number += 1
    # Whoever registered within the last day may still have its key in a cookie.
    registration.idempotency_key, registration.seen_at = uuid.uuid4(), now
    registration.wants_bursary = registration.is_member = False
    changed = ["name", "email", "name_key", "email_key", "link_number", "idempotency_key", "seen_at"]
    changed += ["wants_bursary", "is_member"]
    recording.update([registration], [*changed, *sorted(FACTS)], now)
    no_part.forget(registration)
    Draft.objects.filter(registration=registration).delete()
    # What was written to the former attendee is not the new one's to read, nor to be sent any more.
    registration.messages.all().delete()


def _as_theirs(registration: Registration, name: str, email: str) -> Registration:
    """Return the registration with this name and address, not saved."""
    registration.name, registration.name_key = name, folding.name_key(name)
    registration.email, registration.email_key = email, folding.email_key(email)
    return registration


def _why_not(registration: Registration, name: str, email: str) -> list[Problem]:
    if registration.is_waiting:
        return [Problem(Why.NOT_BOOKABLE, "You wait for a place yourself, so there is none to pass on yet.")]
    if registration.transfers.open().exists():
        return [
            Problem(
                Why.TRANSFER_OVER,
                "You are passing your place to somebody already. Choose “Keep my place after all” on your day first.",
            )
        ]
    same = (registration.name_key, registration.email_key)
    if (folding.name_key(name), folding.email_key(email)) == same:
        return [Problem(Why.MISSING, "This is you. Give the name and address of somebody else.", "email")]
    return []


def forget(now: datetime.datetime) -> None:
    """End every transfer of an event that has begun: nobody can accept it any more, so nobody's name is needed."""
    for transfer in Transfer.objects.open().filter(registration__event__starts__lte=now).select_for_update():
        transferring.end(transfer, TransferState.WITHDRAWN, now)


def _tell_both(registration: Registration, former: str, held: dict[str, int], now: datetime.datetime) -> None:
    """Tell both; what is kept for an answer passes too, and so does the time to answer."""
    letters = [Letter(MessageKind.CONFIRMED, registration)]
    if former:
        letters.append(Letter(MessageKind.TRANSFERRED, registration, {"held": held}, recipient=former))
    outbox.queue(letters + offering.again(registration), now)
