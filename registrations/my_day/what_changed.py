"""What others changed since an attendee last looked: staff, or a waiting list that moved."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from events.models import Kind, Session
from events.wording import british_time
from registrations.models import Message, MessageKind, Registration
from registrations.programme_changes import news

MOST = 20
# Where a message about the registration names workshops.
_NAMING = ("got", "gave_back", "waits", "left", "changed", "offered")
# What staff did of it, in the order in which it is said.
_BY_STAFF = {
    "got": "you have a place in {}",
    "gave_back": "you no longer have your place in {}",
    "waits": "you wait for {}",
    "left": "you no longer wait for {}",
}


@dataclass(frozen=True, slots=True)
class News:
    """One change: when it was told, and what."""

    when: str
    words: str


@dataclass(frozen=True, slots=True)
class _Told:
    """One message, with the sessions that it names."""

    message: Message
    sessions: dict[int, Session]

    def of(self, fact: str) -> list[Session]:
        """Return the sessions of one of its facts; those deleted since are left out."""
        return [self.sessions[key] for key in self.message.facts.get(fact, []) if key in self.sessions]


def since_last_look(registration: Registration) -> list[News]:
    """Return what changed since the attendee last said that they have seen it, the latest first. At most two queries.

    It is what they were written, or rung, about; so nothing is told here that was not told there.
    """
    since = registration.seen_at or registration.created_at
    is_news = Q(kind__in=_SAYING) | Q(kind__in=_SAYING_OF_STAFF, facts__by_staff=True)
    found = Message.objects.filter(is_news, registration=registration, created_at__gt=since)
    told = list(found.order_by("-created_at", "-pk").only("kind", "facts", "created_at")[:MOST])
    keys = {key for each in told for key in _sessions(each)}
    sessions = Session.objects.filter(pk__in=keys).select_related("series").in_bulk() if keys else {}
    zone = registration.event.zone
    return [
        News(british_time.moment_words(each.created_at, zone), words)
        for each in told
        for words in (_SAYING | _SAYING_OF_STAFF)[MessageKind(each.kind)](_Told(each, sessions))
    ]


def note_seen(registration: Registration, now: datetime.datetime) -> None:
    """Note that the attendee has read what changed up to now."""
    Registration.objects.filter(pk=registration.pk, link_number=registration.link_number).update(seen_at=now)


def _sessions(message: Message) -> list[int]:
    found = [key for fact in _NAMING for key in message.facts.get(fact, [])]
    return [key for key in [*found, message.facts.get("session")] if key is not None]


def _promoted(told: _Told) -> list[str]:
    said = []
    if told.message.facts.get("got_event"):
        said.append("You have a place at the event: it came free, and you were next.")
    if got := told.of("got"):
        said.append(f"You have a place in {_listed(got)}: it came free, and you were next.")
    if gave_back := told.of("gave_back"):
        said.append(f"Your place in {_listed(gave_back)} was given back for it.")
    return [" ".join(said)] if said else []


def _workshop_cancelled(told: _Told) -> list[str]:
    session = told.sessions.get(told.message.facts.get("session"))
    return [_gone([session])] if session else []


def _offer_ended(told: _Told) -> list[str]:
    said = []
    if None in told.message.facts.get("offered", []):
        said.append(
            "The place at the event that was kept for you has gone on to the next in line, because we had no answer in "
            "time. That is why your registration is cancelled."
        )
    if offered := told.of("offered"):
        said.append(f"The place in {_listed(offered)} that was kept for you has gone on to the next in line.")
    return said


def _programme_changed(told: _Told) -> list[str]:
    changed, was = told.of("changed"), told.message.facts.get("was", {})
    moved = [each for each in changed if not each.is_cancelled]
    gone = [each for each in changed if each.is_cancelled and each.kind != Kind.WORKSHOP]  # theirs is told by itself
    said = ["The hours or the place of the event have changed."] if news.EVENT in was else []
    said += [f"The time or the room of {_listed(moved)} has changed."] if moved else []
    return said + ([_gone(gone)] if gone else [])


def _changed_by_staff(told: _Told) -> list[str]:
    said = [pattern.format(_listed(found)) for fact, pattern in _BY_STAFF.items() if (found := told.of(fact))]
    return [f"Our team has changed your workshops: {'; '.join(said)}."] if said else []


def _gone(sessions: Sequence[Session]) -> str:
    return f"{_listed(sessions)} will not take place."


def _listed(sessions: Sequence[Session]) -> str:
    named = [f"“{each}”" for each in sessions]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


_SAYING: dict[MessageKind, Callable[[_Told], list[str]]] = {
    MessageKind.PROMOTED: _promoted,
    MessageKind.WORKSHOP_CANCELLED: _workshop_cancelled,
    MessageKind.PROGRAMME_CHANGED: _programme_changed,
    MessageKind.ANNOUNCED: lambda told: [f"Workshops of {told.message.facts['series']} are announced."],
    MessageKind.OFFER_ENDED: _offer_ended,
    MessageKind.TRANSFER_DECLINED: lambda told: ["Your colleague does not take your place: it stays yours."],
    MessageKind.EVENT_CANCELLED: lambda told: ["The event will not take place."],
}
# What attendees do themselves is told by the same kinds, and is no news to them.
_SAYING_OF_STAFF: dict[MessageKind, Callable[[_Told], list[str]]] = {
    MessageKind.CHANGED: _changed_by_staff,
    MessageKind.CANCELLED: lambda told: ["Our team has cancelled your registration."],
}
