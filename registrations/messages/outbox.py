"""Queues messages, in the transaction that causes them, with the facts that the writer saw."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction

from events.page import site_words
from registrations import no_part
from registrations.messages import nudging
from registrations.models import ChoiceState, Message, MessageKind, MessageState, Registration, WorkshopChoice
from registrations.waiting import waiting_lines

# Somebody who sends another's name and address again and again must not fill their mailbox.
REMINDED_AT_MOST_EVERY = datetime.timedelta(hours=1)
# Likewise somebody who asks again and again to be rung; but nobody asks in vain, so the next one waits.
TEAM_TOLD_AT_MOST_EVERY = datetime.timedelta(hours=1)
# What somebody without an address is rung about: what they did not ask for themselves, on the telephone or by letter.
RUNG_ABOUT = frozenset(
    {
        MessageKind.PROMOTED, MessageKind.OFFERED, MessageKind.OFFER_ENDED, MessageKind.WORKSHOP_CANCELLED,
        MessageKind.EVENT_CANCELLED, MessageKind.PROGRAMME_CHANGED, MessageKind.ANNOUNCED,
    }
)  # fmt: skip
TO_THE_TEAM = frozenset({MessageKind.TEAM_ASKED, MessageKind.TEAM_WANTED})


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be queued: about whom, what it says, and facts beyond those that every message carries.

    `choices` are all live ones of the registration, and `no_part` the series in which they take no part, where the
    writer has them at hand; else both are asked for.
    `recipient` is another address than the registration's own; `wait` holds the message back for so long.
    """

    kind: MessageKind
    registration: Registration
    more: dict[str, Any] = field(default_factory=dict)
    choices: Sequence[WorkshopChoice] | None = None
    no_part: Sequence[int] = ()
    recipient: str = ""
    wait: datetime.timedelta = datetime.timedelta()

    @property
    def to(self) -> str:
        """The address it goes to; empty for somebody who has none."""
        if self.kind in TO_THE_TEAM:
            return site_words(self.registration.event)["help_email"]
        return self.recipient or self.registration.email


def queue(letters: Sequence[Letter], now: datetime.datetime) -> None:
    """Queue these letters. The rows are written with their states already.

    Whoever gave no address is put on the list of those to ring, if it is about something they do not know.
    """
    letters = [letter for letter in letters if letter.to or letter.kind in RUNG_ABOUT]
    if not letters:
        return
    unknown = [letter.registration for letter in letters if letter.choices is None]
    choices, out_of = _choices_of(unknown), no_part.of_many(unknown) if unknown else {}
    for letter in letters:
        if letter.choices is not None:
            choices[letter.registration.pk] = list(letter.choices)
            out_of[letter.registration.pk] = list(letter.no_part)
    # Most wait for nothing, and then there is nothing to count.
    positions = waiting_lines.positions(
        letter.registration
        for letter in letters
        if letter.registration.is_waiting or _waits(choices.get(letter.registration.pk, []))
    )
    Message.objects.bulk_create(
        Message(
            kind=letter.kind,
            recipient=letter.to,
            state=MessageState.QUEUED if letter.to else MessageState.TO_RING,
            message_id=f"<{uuid.uuid4()}@{settings.SITE_HOST}>",
            registration=letter.registration,
            facts=_facts(letter.registration, choices, out_of, positions) | letter.more,
            created_at=now,
            due_at=now + letter.wait,
        )
        for letter in letters
    )
    # The messages are safe with the commit; if nobody can be nudged then, the next sweep finds them.
    transaction.on_commit(nudging.nudge, robust=True)


def facts_now(registration: Registration) -> dict[str, Any]:
    """Return what every message carries, as it is now: for one that waited before it is written."""
    choices = _choices_of([registration])
    waits = registration.is_waiting or _waits(choices.get(registration.pk, []))
    positions = waiting_lines.positions([registration] if waits else [])
    return _facts(registration, choices, no_part.of_many([registration]), positions)


def remind(holder: Registration, now: datetime.datetime) -> None:
    """Tell the holder of a registration that they have one, unless they were told within the hour."""
    recent = now - REMINDED_AT_MOST_EVERY
    told = Message.objects.filter(registration=holder, kind=MessageKind.ALREADY_REGISTERED, created_at__gt=recent)
    if not told.exists():
        queue([Letter(MessageKind.ALREADY_REGISTERED, holder)], now)


def tell_team(who_asks: Registration, now: datetime.datetime) -> None:
    """Tell the team that somebody asks to be written to or rung, unless they are about to be told so anyway.

    If they were told so within the hour, they are told again once it is over.
    """
    told = Message.objects.filter(registration=who_asks, kind=MessageKind.TEAM_WANTED).last()
    if told and told.state == MessageState.QUEUED:
        return
    earliest = (told.sent_at or told.created_at) + TEAM_TOLD_AT_MOST_EVERY if told else now
    wait = max(earliest - now, datetime.timedelta())
    queue([Letter(MessageKind.TEAM_WANTED, who_asks, wait=wait)], now)


def _choices_of(registrations: Sequence[Registration]) -> dict[int, list[WorkshopChoice]]:
    found: dict[int, list[WorkshopChoice]] = {}
    if not registrations:
        return found
    for choice in WorkshopChoice.objects.live().filter(registration__in=[each.pk for each in registrations]):
        found.setdefault(choice.registration_id, []).append(choice)
    return found


def _waits(choices: list[WorkshopChoice]) -> bool:
    return any(choice.state == ChoiceState.WAITING for choice in choices)


def _facts(
    registration: Registration,
    choices: dict[int, list[WorkshopChoice]],
    out_of: dict[int, list[int]],
    positions: waiting_lines.Positions,
) -> dict[str, Any]:
    """Return what every message carries of one registration; `out_of` are the series in which they take no part."""
    return {
        "status": registration.status,
        "position": positions.in_event.get(registration.pk),
        "price": registration.price_agreed,
        "workshops": [
            {
                "session": choice.session_id,
                "state": choice.state,
                "position": positions.in_workshop.get(choice.pk) if choice.state == ChoiceState.WAITING else None,
            }
            for choice in choices.get(registration.pk, [])
        ],
        "no_part": out_of.get(registration.pk, []),
    }
