"""The facts that messages put into words: the event, the workshops with their states, what is owed.

What people typed is inert: it is one line, turns no text round, and looks like no address that a mail program would
make a link of.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from events import letters
from events.addresses import Addresses
from events.models import Event, Session
from events.page import absolute, site_words
from events.wording import british_time
from registrations import availability
from registrations.answering import still_to_choose
from registrations.answering.still_to_choose import Still
from registrations.models import ChoiceState, Invoice, InvoiceState, Message, MessageKind, RegistrationStatus
from registrations.programme_changes import news
from registrations.tickets import prices
from registrations.way_in import personal_links

# In most mail programs these become a link, whoever typed them.
_LINKED = re.compile("(?<=\\S)([.@:\u3002\uff0e\uff61])(?=\\S)|(//)")


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop as a message names it."""

    title: str
    address: str
    when: str
    where: str
    series: int | None
    state: str = ""
    is_theirs: bool = False  # a place that they hold, or wait for with their place at the event


def of(message: Message) -> dict[str, Any]:
    """Return what every message may say."""
    registration, facts = message.registration, message.facts
    event, workshops = registration.event, _workshops(message)
    return {
        "event": event,
        "event_address": absolute(Addresses(event).event),
        "agenda_address": absolute(Addresses(event).agenda),
        "period": british_time.period_words(event.starts, event.ends, event.zone),
        "site": site_words(event),
        "name": inert(registration.name),
        "reference": registration.reference,
        "status": facts["status"],
        "position": facts["position"],
        "price": prices.words(facts["price"]) if facts["price"] else "",
        "invoice": registration.invoice,
        "invoice_is": _invoice_is(registration.invoice),
        "payer": inert(registration.invoice.payer) if registration.invoice else "",
        "workshops": workshops,
        **_nothing_chosen(message, workshops),
        "personal_link": personal_links.placeholder(message),
        "is_read_out": not message.recipient,
    }


def of_transfer(message: Message) -> dict[str, Any]:
    """Return to whom a place passes, and from whom."""
    transfer = message.registration.transfers.filter(pk=message.facts["transfer"]).first()
    return {"colleague": inert(transfer.name) if transfer else "", "passed_by": inert(message.registration.name)}


def staff_address(message: Message) -> str:
    """Return where staff find the registration."""
    return absolute(reverse("admin:registrations_registration_change", args=[message.registration_id]))


def inert(typed: str) -> str:
    """Return what somebody typed as one line of plain words: “Ann www.a.example” becomes “Ann www. a. example”."""
    return " ".join(_LINKED.sub(r"\1\2 ", letters.plain(typed)).split())


def _invoice_is(invoice: Invoice | None) -> str:
    """How far the invoice is, in one word for the templates."""
    if invoice is None:
        return ""
    settled = (InvoiceState.PAID, InvoiceState.TO_REFUND, InvoiceState.REFUNDED)
    return "paid" if invoice.state in settled else "sent" if invoice.state == InvoiceState.INVOICED else "to_come"


def _workshops(message: Message) -> list[Workshop]:
    """Return the workshops that the writer saw, in the order of the day, each with its state."""
    seen = {}
    for each in message.facts["workshops"]:
        seen.setdefault(each["session"], each)
    found = named(message, list(seen))
    waits = message.facts["status"] == RegistrationStatus.WAITING
    kept = message.facts["offered"] if message.kind == MessageKind.OFFERED else []
    return [
        dataclasses.replace(
            each,
            state=_state_words(seen[key], key in kept),
            is_theirs=waits or seen[key]["state"] == ChoiceState.CONFIRMED,
        )
        for key, each in found.items()
    ]  # fmt: skip


def _nothing_chosen(message: Message, workshops: Sequence[Workshop]) -> dict[str, Any]:
    """Return what is said of the series of which the writer saw no workshop, and whether one is to be chosen still."""
    chosen = {each.series for each in workshops}
    found = still_to_choose.without_a_choice(message.registration.event, chosen, message.created_at)
    waits = message.facts["status"] == RegistrationStatus.WAITING
    none = message.facts.get("no_part", [])  # queued by the release before, a message has none
    return {
        "nothing_chosen": [each.sentence(waiting=waits, no_part=each.series.pk in none) for each in found],
        "can_choose": any(each.still == Still.OPEN and each.series.pk not in none for each in found),
    }


def _state_words(seen: dict[str, Any], is_kept: bool) -> str:
    if seen["state"] == ChoiceState.CONFIRMED:
        return "Confirmed"
    if is_kept:
        return "Kept for you until you answer"
    return f"Waiting list: you are number {seen['position']}" if seen["position"] else "Waiting list"


def named(message: Message, keys: list[int]) -> dict[int, Workshop]:
    """Return these sessions by key, in the order of the day."""
    event = message.registration.event
    found = Session.objects.filter(pk__in=keys).select_related("series", "room").in_order()
    return {each.pk: _workshop(each, event) for each in found}


def with_places_left(message: Message, series: int) -> list[Workshop]:
    """Return the workshops of a series that can be had as this is written, each with what is said of its places.

    Who waits for the event itself can ask for any of them.
    """
    event, waits = message.registration.event, message.facts["status"] == RegistrationStatus.WAITING
    found = Session.objects.filter(series=series).select_related("series", "room").in_order()
    bookable = [each for each in found if availability.can_be_had(each, message.created_at)]
    places = availability.of_sessions(bookable)
    return [
        dataclasses.replace(_workshop(each, event), state="" if waits else places[each.pk].words)
        for each in bookable
        if waits or not places[each.pk].is_full
    ]


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that changed, with its page, and what was and is now."""

    title: str
    address: str
    words: str


def changes(message: Message) -> list[Changed]:
    """Return what is told of a changed programme; nothing where all is as it was."""
    event = message.registration.event
    addresses = Addresses(event)
    return [
        Changed(
            _titled(each.session) if each.session else "The day",
            absolute(addresses.session(each.session) if each.session else addresses.event),
            each.words,
        )
        for each in news.of(message)
    ]


def _titled(session: Session) -> str:
    return f"{session.full_code} {session.heading}".strip()


def _workshop(session: Session, event: Event) -> Workshop:
    return Workshop(
        _titled(session),
        absolute(Addresses(event).session(session)),
        british_time.hours_words(session.starts, session.ends, event.zone),
        session.room.place if session.room else "",
        session.series_id,
    )
