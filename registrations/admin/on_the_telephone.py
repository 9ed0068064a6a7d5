"""What staff do for somebody to whom they speak: answer an offer for them, and note that they were told."""

import datetime
from collections.abc import Callable

from django.utils.html import format_html

from events.wording import british_time
from registrations.admin import in_words
from registrations.admin.deeds import Deed
from registrations.messages import ringing
from registrations.models import ChoiceState, Message, MessageState, Offer, OfferState
from registrations.waiting import offers

OVER = "Nothing will happen: this offer is over."


def _about(offer: Offer) -> str:
    until = british_time.moment_words(offer.until, offer.event.zone)
    what = f"“{offer.session}”" if offer.session else "a place at the event"
    return f"{offer.registration}, {offer.registration.name}: {what}, kept until {until}."


def _told(offer: Offer) -> str:
    if offer.registration.email:
        return f"A message about it goes to {offer.registration.email}."
    return "There is no e-mail address: tell them on the telephone."


def _what_yes_does(offer: Offer) -> list[str]:
    if offer.state != OfferState.OPEN:
        return [_about(offer), OVER]
    if offer.session is None:
        return [_about(offer), "The place is theirs at once, and with it what it costs.", _told(offer)]
    mine = offer.registration.choices.filter(state=ChoiceState.CONFIRMED, series=offer.session.series_id)
    held = [f"“{choice.session}”" for choice in mine.select_related("session__series")]
    swap = f" {held[0]} becomes free for it and goes to whoever is first in line." if held else ""
    return [_about(offer), f"The place is theirs at once.{swap}", _told(offer)]


def _what_no_does(offer: Offer) -> list[str]:
    if offer.state != OfferState.OPEN:
        return [_about(offer), OVER]
    if offer.session is None:
        then = "Their registration is cancelled, and the place goes to whoever is next. This cannot be taken back."
        return [_about(offer), then, _told(offer)]
    return [_about(offer), "They leave this waiting list and keep what they have. The place goes to whoever is next."]


def _answer(verb: Callable[[Offer, datetime.datetime], Offer], word: str) -> Callable:
    def do(offer: Offer, now: datetime.datetime, seen: str) -> str:
        answered = verb(offer, now)
        ringing.told_of(answered)
        return f"{answered.registration} has said {word}."

    return do


def _is_open(offer: Offer) -> bool:
    return offer.state == OfferState.OPEN


SAY_YES = Deed(
    name="say_yes",
    label="Say yes for them",
    question="Do they want the place?",
    permission="registrations.change_offer",
    possible=_is_open,
    says=_what_yes_does,
    do=_answer(offers.accept, "yes"),
)
SAY_NO = Deed(
    name="say_no",
    label="Say no for them",
    question="Do they not want the place?",
    permission="registrations.change_offer",
    possible=_is_open,
    says=_what_no_does,
    do=_answer(offers.decline, "no"),
)

# -- Messages to be read out


def _mark_told(message: Message, now: datetime.datetime, seen: str) -> str:
    return f"{ringing.mark_told(message).registration} was told."


def _what_telling_does(message: Message) -> list[str]:
    about = format_html("{}: {}.", message, in_words.to_whom(message))
    if message.state != MessageState.TO_RING:
        return [about, "Nothing will happen: there is nothing to ring about."]
    return [about, "It leaves the list of those to be rung."]


TOLD = Deed(
    name="mark_told",
    label="Mark as told",
    question="Have they been told?",
    permission="registrations.change_message",
    possible=lambda message: message.state == MessageState.TO_RING,
    says=_what_telling_does,
    do=_mark_told,
)
