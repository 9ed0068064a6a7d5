"""What each message says: one function a kind, each with a subject, a text and an HTML template.

A message says what the writer saw (`Message.facts`), with titles, times and rooms as they are now. It never says
anything about access or food, nor which kind of ticket somebody has. What people typed is inert: it is one line,
turns no text round, and looks like no address that a mail program would make a link of.
"""

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template import Context
from django.template.loader import get_template

from events import british_time, letters
from events.addresses import Addresses
from events.models import Event, Session
from events.page import absolute, site_words
from registrations import calendar_files, personal_links, prices, still_to_choose
from registrations.models import ChoiceState, Invoice, InvoiceState, Message, MessageKind, RegistrationStatus
from registrations.still_to_choose import Still

LONGEST_SUBJECT = 180
# In most mail programs these become a link, whoever typed them.
_LINKED = re.compile("(?<=\\S)([.@:\u3002\uff0e\uff61])(?=\\S)|(//)")


@dataclass(frozen=True, slots=True)
class Written:
    """A message in words, as it is stored. `calendar` is empty where nothing is confirmed."""

    subject: str
    text: str
    html: str
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop as a message names it."""

    title: str
    address: str
    when: str
    where: str
    series: int | None
    state: str = ""


def write(message: Message) -> Written:
    """Return the message in words. Reads the programme and the registration as they are now."""
    return WRITERS[MessageKind(message.kind)](message)


def confirmed(message: Message) -> Written:
    """You have a place."""
    return _written(message, _surroundings(message))


def waiting(message: Message) -> Written:
    """You are on the event's waiting list."""
    return _written(message, _surroundings(message))


def already_registered(message: Message) -> Written:
    """Somebody, perhaps you, filled in the form with your name and address once more."""
    return _written(message, _surroundings(message))


def changed(message: Message) -> Written:
    """Your workshops are others now."""
    return _written(message, _surroundings(message))


def promoted(message: Message) -> Written:
    """A place became free for you: in the event, in workshops, or in both."""
    named = _named(message, [*message.facts["got"], *message.facts["gave_back"]])
    got = [named[key] for key in message.facts["got"] if key in named]
    gave_back = [named[key] for key in message.facts["gave_back"] if key in named]
    facts = {"got_event": message.facts["got_event"], "got": got, "gave_back": gave_back}
    return _written(message, _surroundings(message) | facts)


def workshop_cancelled(message: Message) -> Written:
    """A workshop that you had chosen will not take place."""
    cancelled_one = _named(message, [message.facts["session"]]).get(message.facts["session"])
    return _written(message, _surroundings(message) | {"cancelled_workshop": cancelled_one})


def cancelled(message: Message) -> Written:
    """Your registration is cancelled."""
    return _written(message, _surroundings(message))


WRITERS: dict[MessageKind, Callable[[Message], Written]] = {
    MessageKind.CONFIRMED: confirmed,
    MessageKind.WAITING: waiting,
    MessageKind.ALREADY_REGISTERED: already_registered,
    MessageKind.CHANGED: changed,
    MessageKind.PROMOTED: promoted,
    MessageKind.WORKSHOP_CANCELLED: workshop_cancelled,
    MessageKind.CANCELLED: cancelled,
}


def inert(typed: str) -> str:
    """Return what somebody typed as one line of plain words: “Ann www.a.example” becomes “Ann www. a. example”."""
    return " ".join(_LINKED.sub(r"\1\2 ", letters.plain(typed)).split())


def _written(message: Message, context: dict[str, Any]) -> Written:
    folder = f"emails/{message.kind}"
    subject = " ".join(_plain(f"{folder}/subject.txt", context).split())
    has_place = message.facts["status"] == RegistrationStatus.CONFIRMED
    return Written(
        letters.plain(subject)[:LONGEST_SUBJECT],
        _tidy(_plain(f"{folder}/body.txt", context)),
        get_template(f"{folder}/body.html").render(context | {"subject": subject}),
        _calendar(message) if has_place else "",
    )


def _plain(template: str, context: dict[str, Any]) -> str:
    """Render a template whose result is no HTML, so that nothing is escaped for HTML."""
    return get_template(template).template.render(Context(context, autoescape=False))


def _tidy(text: str) -> str:
    """Return the text without the white space that the template's own lines leave."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _calendar(message: Message) -> str:
    confirmed_ones = [each["session"] for each in message.facts["workshops"] if each["state"] == ChoiceState.CONFIRMED]
    return calendar_files.of_day(message.registration.event_id, confirmed_ones).decode()


def _surroundings(message: Message) -> dict[str, Any]:
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
    }


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
    named = _named(message, list(seen))
    return [dataclasses.replace(each, state=_state_words(seen[key])) for key, each in named.items()]


def _nothing_chosen(message: Message, workshops: Sequence[Workshop]) -> dict[str, Any]:
    """Return what is said of the series of which the writer saw no workshop, and whether one can be chosen now."""
    chosen = {each.series for each in workshops}
    found = still_to_choose.without_a_choice(message.registration.event, chosen, message.created_at)
    waits = message.facts["status"] == RegistrationStatus.WAITING
    return {
        "nothing_chosen": [each.sentence(waiting=waits) for each in found],
        "can_choose": any(each.still == Still.OPEN for each in found),
    }


def _state_words(seen: dict[str, Any]) -> str:
    if seen["state"] == ChoiceState.CONFIRMED:
        return "Confirmed"
    return f"Waiting list: you are number {seen['position']}" if seen["position"] else "Waiting list"


def _named(message: Message, keys: list[int]) -> dict[int, Workshop]:
    """Return these sessions by key, in the order of the day."""
    event = message.registration.event
    found = Session.objects.filter(pk__in=keys).select_related("series", "room").in_order()
    return {each.pk: _workshop(each, event) for each in found}


def _workshop(session: Session, event: Event) -> Workshop:
    return Workshop(
        f"{session.full_code} {session.heading}".strip(),
        absolute(Addresses(event).session(session)),
        british_time.hours_words(session.starts, session.ends, event.zone),
        session.room.place if session.room else "",
        session.series_id,
    )
