"""Facts about access in words: of one session, and of a whole event. Pure.

Every fact is yes, no or not yet confirmed, and says so; nothing is left to a missing tick. After the day, what was not
confirmed is not recorded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from events.models import Access, Kind, Room, Session
from events.wording.credits import joined

WORDS = {Access.YES: "yes", Access.NO: "no", Access.UNKNOWN: "not yet confirmed"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is about, the answer in words, and the answer as stored."""

    name: str
    words: str
    state: str


def of_session(session: Session, past: bool = False) -> list[Fact]:
    """Return the five facts of a session; its room, if it has one, is already loaded."""
    room = session.room
    toilet = room.accessible_toilet if room else ""
    facts = [
        _fact("Step-free access", room.step_free if room else Access.UNKNOWN),
        _fact("Hearing loop", room.hearing_loop if room else Access.UNKNOWN),
        _fact("BSL interpretation", session.bsl),
        _fact("Live captions", session.live_captions),
        Fact("Accessible toilet", toilet or WORDS[Access.UNKNOWN], Access.YES if toilet else Access.UNKNOWN),
    ]
    return _recorded(facts, "not recorded") if past else facts


def is_recorded(session: Session) -> bool:
    """Return whether any of a session's five facts is known."""
    return any(fact.state != Access.UNKNOWN for fact in of_session(session))


def _recorded(facts: Iterable[Fact], unknown: str) -> list[Fact]:
    return [replace(fact, words=unknown) if fact.state == Access.UNKNOWN else fact for fact in facts]


def _fact(name: str, state: str) -> Fact:
    return Fact(name, WORDS[Access(state)], state)


def in_short(session: Session, past: bool = False) -> str:
    """Return what is there, for a narrow place: “Step-free, hearing loop and BSL”, or that nothing is confirmed."""
    facts = [fact for fact in of_session(session) if fact.name != "Accessible toilet"]
    there = [_SHORT[fact.name] for fact in facts if fact.state == Access.YES]
    if not there:
        unknown = any(fact.state == Access.UNKNOWN for fact in facts)
        if unknown:
            return "Not recorded" if past else "Not yet confirmed"
        return "No step-free access, loop, BSL or captions"
    words = joined(there)
    return words[0].upper() + words[1:]


_SHORT = {
    "Step-free access": "step-free",
    "Hearing loop": "hearing loop",
    "BSL interpretation": "BSL",
    "Live captions": "live captions",
}


def of_event(sessions: Iterable[Session], past: bool = False) -> list[Fact]:
    """Return four facts about a whole event, made from its sessions and the rooms that they use."""
    counted = [session for session in sessions if session.kind != Kind.BREAK and not session.is_cancelled]
    rooms = list({session.room.pk: session.room for session in counted if session.room}.values())
    facts = [
        _of_rooms("Step-free access", "is step-free", "are step-free", rooms, "step_free"),
        _of_rooms("Hearing loops", "has a hearing loop", "have a hearing loop", rooms, "hearing_loop"),
        _of_sessions("British Sign Language", counted, "bsl"),
        _of_sessions("Live captions", counted, "live_captions"),
    ]
    return _recorded(facts, "Not recorded.") if past else facts


def _of_rooms(name: str, one: str, many: str, rooms: Sequence[Room], field: str) -> Fact:
    answers = {state: [room for room in rooms if getattr(room, field) == state] for state in Access}
    yes, no, unknown = (answers[state] for state in (Access.YES, Access.NO, Access.UNKNOWN))
    if not rooms or len(unknown) == len(rooms):
        return Fact(name, "Not yet confirmed.", Access.UNKNOWN)
    if len(yes) == len(rooms):
        return Fact(name, f"Every room {one}.", Access.YES)
    said = [f"{len(yes)} of {len(rooms)} rooms {one if len(yes) == 1 else many}." if yes else f"No room {one}."]
    if yes and no:
        said.append(f"Not: {joined(room.name for room in no)}.")
    if unknown:
        said.append(f"Not yet confirmed: {joined(room.name for room in unknown)}.")
    return Fact(name, " ".join(said), Access.YES if yes else Access.NO)


def _of_sessions(name: str, sessions: Sequence[Session], field: str) -> Fact:
    number = sum(getattr(session, field) == Access.YES for session in sessions)
    if number:
        where = "one session" if number == 1 else f"{number} sessions"
        everywhere = number == len(sessions)
        return Fact(name, "In every session." if everywhere else f"In {where}, marked on the agenda.", Access.YES)
    if all(getattr(session, field) == Access.NO for session in sessions) and sessions:
        return Fact(name, "Not planned. Ask us if you need it.", Access.NO)
    return Fact(name, "Not yet confirmed.", Access.UNKNOWN)
