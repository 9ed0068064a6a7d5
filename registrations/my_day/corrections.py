"""Corrects what somebody said of themselves: a name, an address, a telephone number."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import F

from events.models import Event, Status
from registrations import folding, holding, needs, places, recording, transferring
from registrations.answering import drafts
from registrations.messages import outbox, resending
from registrations.messages.outbox import Letter
from registrations.models import LinkRequest, MessageKind, Registration, RegistrationStatus
from registrations.problems import Problem, Refused, Why

FACTS = frozenset(
    {
        "name", "badge_name", "email", "phone", "organisation", "job_title", "pronouns", "is_member", "photo_consent",
        "mailing_consent",
    }
)  # fmt: skip
ERASED = Problem(Why.CANCELLED, "What was held about this attendee is erased, so nothing can be changed.")

NAMELESS = Problem(Why.MISSING, "Enter the full name.", "name")


def correct(registration: Registration, facts: Mapping[str, Any], now: datetime.datetime) -> Registration:
    """Change these facts of a registration, and return it. Never its status, ticket or price.

    Another address gets links of its own: those sent to the old one end, the old one is told so, and the new one is
    sent how the registration stands. Raises Refused if somebody of that name and address is registered already, or if
    there is no name, and Busy.
    """
    with places.opened(registration.event_id) as ledger:
        stored = Registration.objects.get(pk=registration.pk)
        if stored.anonymised_at:
            raise Refused([ERASED])
        holding.refuse_another(stored, registration)
        had, old = stored.email_key, stored.email
        if folding.email_key(folding.address(str(facts.get("email", old)))) != had:
            needs.address_is_left(stored)
        for name in FACTS & facts.keys():
            value = facts[name]
            setattr(stored, name, folding.clean(value) if isinstance(value, str) else value)
        if not stored.name:
            raise Refused([NAMELESS])
        stored.email = folding.address(stored.email)
        stored.name_key, stored.email_key = folding.name_key(stored.name), folding.email_key(stored.email)
        refuse_double(stored)
        if had != stored.email_key:
            _close_everywhere(stored, had, now)
        recording.update([stored], [*sorted(FACTS), "name_key", "email_key", *_KEYS], now)
        if had != stored.email_key:
            outbox.queue(_told(ledger.event, stored, old, now), now)
    return stored


def end_links(registration: Registration, now: datetime.datetime) -> Registration:
    """End every link to a registration, and every browser that has it open, and return it; its address gets a new link.

    For a message that was passed on, or a computer that was lost. An open transfer, whose link ends too, is withdrawn.
    Raises Refused and Busy.
    """
    with places.opened(registration.event_id) as ledger:
        stored = Registration.objects.get(pk=registration.pk)
        if stored.anonymised_at:
            raise Refused([ERASED])
        _close_everywhere(stored, stored.email_key, now)
        recording.update([stored], [*_KEYS], now)
        outbox.queue(_told(ledger.event, stored, "", now), now)
    return stored


def end_calendar(registration: Registration, number: int) -> None:
    """End the address of a registration's calendar that has this number; another one takes its place.

    Whoever presses twice, or on an old page, ends no newer one.
    """
    shown = Registration.objects.filter(pk=registration.pk, link_number=registration.link_number)
    shown.filter(calendar_number=number).update(calendar_number=F("calendar_number") + 1)


_KEYS = ("link_number", "idempotency_key")


def _close_everywhere(stored: Registration, email_key: str, now: datetime.datetime) -> None:
    """End every link, every browser that has it open, and the key by which one registers colleagues beside it."""
    stored.link_number += 1
    drafts.close(stored)
    LinkRequest.objects.filter(email_key=email_key).delete()
    transferring.end_open(stored, now)  # its link is one of those that end


def _told(event: Event, stored: Registration, old: str, now: datetime.datetime) -> list[Letter]:
    """Tell the new address how the registration stands, while there is an event to come to; and the old one anyway."""
    letters = []
    if event.status == Status.PUBLISHED and now < event.ends:
        letters.append(Letter(resending.KINDS[RegistrationStatus(stored.status)], stored))
    if old:
        letters.append(Letter(MessageKind.ADDRESS_CHANGED, stored, {"new": masked(stored.email)}, recipient=old))
    return letters


def masked(email: str) -> str:
    """Return so much of an address that whoever knows it knows it again: “n…@example.org”."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}" if domain else ""


def refuse_double(stored: Registration) -> None:
    """Raise Refused if another live registration of the event has this name and address."""
    if stored.is_cancelled or not stored.email_key:
        return
    same = Registration.objects.live().filter(
        event=stored.event_id, name_key=stored.name_key, email_key=stored.email_key
    )
    if other := same.exclude(pk=stored.pk).first():
        sentence = f"Somebody of this name and address is registered already: {other}."
        raise Refused([Problem(Why.SAME_PERSON, sentence, "email")])
