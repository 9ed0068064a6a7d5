"""What each message says: one function a kind, each with a subject, a text and an HTML template.

A message says what the writer saw (`Message.facts`), with titles, times and rooms as they are now: `email_facts`
puts that together. It never says anything about access or food, nor which kind of ticket somebody has.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.template import Context
from django.template.loader import get_template

from events import letters
from events.models import Status
from events.wording import british_time, markdown
from registrations import calendar_files, folding
from registrations.messages import email_facts, outbox
from registrations.models import Message, MessageKind, RegistrationStatus

LONGEST_SUBJECT = 180
LONGEST_TRAVEL = 400  # of how to get there, in a reminder; the event's page has the rest


@dataclass(frozen=True, slots=True)
class Written:
    """A message in words, as it is stored. `calendar` is empty where nothing is confirmed."""

    subject: str
    text: str
    html: str
    calendar: str = ""


class NothingToSay(Exception):
    """What a message was to say is not so any more: it is not to be sent."""


def write(message: Message) -> Written:
    """Return the message in words. Reads the programme and the registration as they are now. Raises NothingToSay."""
    return WRITERS[MessageKind(message.kind)](message)


def confirmed(message: Message) -> Written:
    """You have a place."""
    return _written(message, email_facts.of(message))


def waiting(message: Message) -> Written:
    """You are on the event's waiting list."""
    return _written(message, email_facts.of(message))


def already_registered(message: Message) -> Written:
    """Somebody, perhaps you, filled in the form with your name and address once more."""
    return _written(message, email_facts.of(message))


def changed(message: Message) -> Written:
    """Your workshops are others now."""
    return _written(message, email_facts.of(message))


def promoted(message: Message) -> Written:
    """A place became free for you: in the event, in workshops, or in both."""
    named = email_facts.named(message, [*message.facts["got"], *message.facts["gave_back"]])
    got = [named[key] for key in message.facts["got"] if key in named]
    gave_back = [named[key] for key in message.facts["gave_back"] if key in named]
    facts = {"got_event": message.facts["got_event"], "got": got, "gave_back": gave_back}
    return _written(message, email_facts.of(message) | facts)


def workshop_cancelled(message: Message) -> Written:
    """A workshop that you had chosen will not take place; others of its series may have places left."""
    key, context = message.facts["session"], email_facts.of(message)
    workshop = email_facts.named(message, [key])[key]
    # Who has waited for it may have another one still.
    has_another = any(each.series == workshop.series and each.is_theirs for each in context["workshops"])
    left = [] if has_another else email_facts.with_places_left(message, workshop.series)
    more = {"cancelled_workshop": workshop, "has_another": has_another, "left": left}
    return _written(message, context | more)


def announced(message: Message) -> Written:
    """Workshops of a series in which you have chosen nothing have titles by now. Raises NothingToSay."""
    named = list(email_facts.named(message, message.facts["announced"]).values())
    if not named or message.registration.event.status != Status.PUBLISHED:
        raise NothingToSay
    more = {"series_name": message.facts["series"], "left": email_facts.with_places_left(message, named[0].series)}
    return _written(message, email_facts.of(message) | more, calendar=False)


def cancelled(message: Message) -> Written:
    """Your registration is cancelled."""
    return _written(message, email_facts.of(message))


def event_cancelled(message: Message) -> Written:
    """The event will not take place; its entries in the calendar are cancelled. Raises NothingToSay."""
    if message.registration.event.status != Status.CANCELLED:  # staff took it back before this was sent
        raise NothingToSay
    return _written(message, email_facts.of(message))


def programme_changed(message: Message) -> Written:
    """A time or a room is another, or a session will not take place. Raises NothingToSay."""
    message.facts |= outbox.facts_now(message.registration)  # they may have chosen anew while it waited
    found = email_facts.changes(message)
    if not found:
        raise NothingToSay
    return _written(message, email_facts.of(message) | {"changes": found})


def offered(message: Message) -> Written:
    """A place is kept for you: do you want it?"""
    return _written(message, email_facts.of(message) | _offered(message))


def offer_ended(message: Message) -> Written:
    """The place that was kept for you has gone on, because you did not answer."""
    return _written(message, email_facts.of(message) | _offered(message))


def link(message: Message) -> Written:
    """You asked for the link to what was registered with your address."""
    return _written(message, email_facts.of(message), calendar=False)


def reminder(message: Message) -> Written:
    """Your day comes near: where to be and when, what you have, and what can still be chosen."""
    event = message.registration.event
    facts = {
        "days": message.facts["days"],
        "day": british_time.date_words(event.starts, event.zone),
        "travel": markdown.plain(event.venue.travel, LONGEST_TRAVEL) if event.venue else "",
    }
    return _written(message, email_facts.of(message) | facts)


def team_asked(message: Message) -> Written:
    """To the registration team: somebody was asked about a place, for whom other people are arranged."""
    facts = {"staff_address": email_facts.staff_address(message)}
    return _written(message, email_facts.of(message) | _offered(message) | facts, calendar=False)


def team_wanted(message: Message) -> Written:
    """To the registration team: somebody asks to hear from us; why is said in the admin only."""
    facts = {"staff_address": email_facts.staff_address(message)}
    return _written(message, email_facts.of(message) | facts, calendar=False)


def erased(message: Message) -> Written:
    """What was held about you is erased. Nothing is left of the registration, so it says what the writer noted."""
    facts = {"reference": message.facts["reference"], "invoice_stays": message.facts["invoice"]}
    return _written(message, email_facts.of(message) | facts, calendar=False)


def complaint(message: Message) -> Written:
    """We have your complaint; what it says is not repeated."""
    return _written(message, email_facts.of(message), calendar=False)


def address_changed(message: Message) -> Written:
    """To the address that somebody had: it is another now."""
    return _written(message, email_facts.of(message) | {"new": message.facts["new"]}, calendar=False)


def transfer_offered(message: Message) -> Written:
    """To a colleague: somebody passes a place to you."""
    return _written(message, email_facts.of(message) | email_facts.of_transfer(message), calendar=False)


def transfer_declined(message: Message) -> Written:
    """The colleague does not take your place: it stays yours."""
    return _written(message, email_facts.of(message), calendar=False)


def transferred(message: Message) -> Written:
    """To who had the place: it is your colleague's now, and in your calendar no longer yours."""
    held = message.facts.get("held")  # queued by the release before, a message has none
    written = _written(message, email_facts.of(message) | {"is_taken_out": bool(held)}, calendar=False)
    if held:
        return replace(written, calendar=calendar_files.given_up(message.registration.event_id, held).decode())
    return written


WRITERS: dict[MessageKind, Callable[[Message], Written]] = {
    MessageKind.CONFIRMED: confirmed,
    MessageKind.WAITING: waiting,
    MessageKind.ALREADY_REGISTERED: already_registered,
    MessageKind.CHANGED: changed,
    MessageKind.PROMOTED: promoted,
    MessageKind.WORKSHOP_CANCELLED: workshop_cancelled,
    MessageKind.CANCELLED: cancelled,
    MessageKind.EVENT_CANCELLED: event_cancelled,
    MessageKind.PROGRAMME_CHANGED: programme_changed,
    MessageKind.ANNOUNCED: announced,
    MessageKind.OFFERED: offered,
    MessageKind.OFFER_ENDED: offer_ended,
    MessageKind.LINK: link,
    MessageKind.ERASED: erased,
    MessageKind.COMPLAINT: complaint,
    MessageKind.REMINDER: reminder,
    MessageKind.TEAM_ASKED: team_asked,
    MessageKind.TEAM_WANTED: team_wanted,
    MessageKind.ADDRESS_CHANGED: address_changed,
    MessageKind.TRANSFER_OFFERED: transfer_offered,
    MessageKind.TRANSFER_DECLINED: transfer_declined,
    MessageKind.TRANSFERRED: transferred,
}


def _offered(message: Message) -> dict[str, Any]:
    """Return what is offered: the place at the event, workshops, and until when."""
    keys = message.facts["offered"]
    named = email_facts.named(message, [key for key in keys if key is not None])
    until, zone = message.facts.get("until"), message.registration.event.zone
    words = british_time.moment_words(datetime.datetime.fromisoformat(until), zone) if until else ""
    return {"offers_event": None in keys, "offered": list(named.values()), "until": words}


def _written(message: Message, context: dict[str, Any], *, calendar: bool = True) -> Written:
    folder, attached = f"emails/{message.kind}", _calendar(message) if calendar else ""
    context = context | {"has_calendar": bool(attached)}
    subject = " ".join(_plain(f"{folder}/subject.txt", context).split())
    return Written(
        letters.plain(subject)[:LONGEST_SUBJECT],
        _tidy(_plain(f"{folder}/body.txt", context)),
        get_template(f"{folder}/body.html").render(context | {"subject": subject}),
        attached,
    )


def _plain(template: str, context: dict[str, Any]) -> str:
    """Render a template whose result is no HTML, so that nothing is escaped for HTML."""
    return get_template(template).template.render(Context(context, autoescape=False))


def _tidy(text: str) -> str:
    """Return the text without the white space that the template's own lines leave."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _calendar(message: Message) -> str:
    """Return the calendar to go with it: how everything stands when it is written, under the numbers that go with that.

    None for who waits, nor for an address that is not the attendee's any more.
    """
    theirs = folding.email_key(message.recipient) == message.registration.email_key
    is_told = message.facts["status"] != RegistrationStatus.WAITING
    return calendar_files.for_registration(message.registration).decode() if theirs and is_told else ""
