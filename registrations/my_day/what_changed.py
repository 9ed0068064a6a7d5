"""What others changed since an attendee last looked: staff, or a waiting list that moved."""

import datetime
from dataclasses import dataclass

from events.models import Kind, Session
from events.wording import british_time
from registrations.models import Message, MessageKind, Registration
from registrations.programme_changes import news

_SAID = {
    MessageKind.PROMOTED: "You have a place in {workshops}: it came free, and you were next.",
    MessageKind.WORKSHOP_CANCELLED: "{workshops} will not take place.",
    MessageKind.PROGRAMME_CHANGED: "The time or the room of {workshops} has changed.",
    MessageKind.ANNOUNCED: "Workshops of {series} are announced.",
    MessageKind.OFFER_ENDED: "The place in {workshops} that was kept for you has gone on to the next in line.",
    MessageKind.TRANSFER_DECLINED: "Your colleague does not take your place: it stays yours.",
    MessageKind.EVENT_CANCELLED: "The event will not take place.",
}
THE_EVENT = "You have a place at the event: it came free, and you were next."
THE_DAY = "The hours or the place of the event have changed."
MOST = 20


@dataclass(frozen=True, slots=True)
class News:
    """One change: when it was told, and what."""

    when: str
    words: str


def since_last_look(registration: Registration) -> list[News]:
    """Return what changed since the attendee last said “I have seen this”, the latest first. At most two queries.

    It is what they were written, or rung, about; so nothing is told here that was not told there.
    """
    since = registration.seen_at or registration.created_at
    found = Message.objects.filter(registration=registration, kind__in=_SAID, created_at__gt=since)
    told = list(found.order_by("-created_at", "-pk").only("kind", "facts", "created_at")[:MOST])
    keys = {key for each in told for key in _sessions(each)}
    sessions = Session.objects.filter(pk__in=keys).select_related("series").in_bulk() if keys else {}
    zone = registration.event.zone
    return [
        News(british_time.moment_words(each.created_at, zone), words)
        for each in told
        for words in _words(each, sessions)
    ]


def note_seen(registration: Registration, now: datetime.datetime) -> None:
    """Note that the attendee has read what changed up to now."""
    Registration.objects.filter(pk=registration.pk, link_number=registration.link_number).update(seen_at=now)


def _sessions(message: Message) -> list[int]:
    facts = message.facts
    found = [*facts.get("got", []), *facts.get("changed", []), *facts.get("offered", []), facts.get("session")]
    return [key for key in found if key is not None]


def _words(message: Message, sessions: dict[int, Session]) -> list[str]:
    found = [sessions[key] for key in _sessions(message) if key in sessions]
    if message.kind == MessageKind.PROGRAMME_CHANGED:
        return _of_programme(message, found)
    said = [THE_EVENT] if message.kind == MessageKind.PROMOTED and message.facts.get("got_event") else []
    pattern = _SAID[MessageKind(message.kind)]
    if "{workshops}" in pattern and not found:
        return said
    return [*said, pattern.format(workshops=_listed(found), series=message.facts.get("series", "one series"))]


def _of_programme(message: Message, found: list[Session]) -> list[str]:
    moved = [each for each in found if not each.is_cancelled]
    gone = [each for each in found if each.is_cancelled and each.kind != Kind.WORKSHOP]  # theirs is told by itself
    said = [THE_DAY] if news.EVENT in message.facts.get("was", {}) else []
    said += [_SAID[MessageKind.PROGRAMME_CHANGED].format(workshops=_listed(moved))] if moved else []
    return said + ([_SAID[MessageKind.WORKSHOP_CANCELLED].format(workshops=_listed(gone))] if gone else [])


def _listed(sessions: list[Session]) -> str:
    named = [f"“{each}”" for each in sessions]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
