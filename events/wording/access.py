"""Facts about access in words: of one session, and of a whole event. Pure.

Every fact is yes, no or not yet confirmed, and says so; nothing is left to a missing tick. Once the event is over, what
was not confirmed is not recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from events.models import Access, Kind, Room, Session
from events.wording.credits import joined

WORDS = {Access.YES: "yes", Access.NO: "no"}


def _unknown(past: bool) -> str:
    return "not recorded" if past else "not yet confirmed"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is about, the answer in words, and the answer as stored."""

    name: str
    words: str
    state: str


def of_session(session: Session, *, past: bool = False) -> list[Fact]:
    """Return the five facts of a session; its room, if it has one, is already loaded.

    None where the event is over (`past`) and nothing is known: that is said once, and not five times.
    """
    facts = list(_of_session(session, past))
    return _known(facts) if past else facts


def _of_session(session: Session, past: bool) -> Iterator[Fact]:
    room = session.room
    toilet = room.accessible_toilet if room else ""
    yield _fact("Step-free access", room.step_free if room else Access.UNKNOWN, past)
    yield _fact("Hearing loop", room.hearing_loop if room else Access.UNKNOWN, past)
    yield _fact("BSL interpretation", session.bsl, past)
    yield _fact("Live captions", session.live_captions, past)
    yield Fact("Accessible toilet", toilet or _unknown(past), Access.YES if toilet else Access.UNKNOWN)


def _fact(name: str, state: str, past: bool) -> Fact:
    return Fact(name, WORDS.get(Access(state)) or _unknown(past), state)


def _known(facts: list[Fact]) -> list[Fact]:
    """Return the facts if anything of them is known, else none."""
    return facts if any(fact.state != Access.UNKNOWN for fact in facts) else []


def in_short(session: Session, *, past: bool = False) -> str:
    """Return what is there, for a narrow place: “Step-free, hearing loop and BSL”, or that nothing is confirmed."""
    facts = [fact for fact in _of_session(session, past) if fact.name != "Accessible toilet"]
    there = [_SHORT[fact.name] for fact in facts if fact.state == Access.YES]
    if not there:
        unknown = any(fact.state == Access.UNKNOWN for fact in facts)
        return _unknown(past).capitalize() if unknown else "No step-free access, loop, BSL or captions"
    words = joined(there)
    return words[0].upper() + words[1:]


_SHORT = {
    "Step-free access": "step-free",
    "Hearing loop": "hearing loop",
    "BSL interpretation": "BSL",
    "Live captions": "live captions",
}


def of_event(sessions: Iterable[Session], *, past: bool = False) -> list[Fact]:
    """Return four facts about a whole event, made from its sessions and the rooms that they use; or none, as above."""
    counted = [session for session in sessions if session.kind != Kind.BREAK and not session.is_cancelled]
    rooms = list({session.room.pk: session.room for session in counted if session.room}.values())
    unknown = _unknown(past).capitalize()
    facts = [
        _of_rooms("Step-free access", ("is step-free", "are step-free"), rooms, "step_free", unknown),
        _of_rooms("Hearing loops", ("has a hearing loop", "have a hearing loop"), rooms, "hearing_loop", unknown),
        _of_sessions("British Sign Language", counted, "bsl", unknown),
        _of_sessions("Live captions", counted, "live_captions", unknown),
    ]
    return _known(facts) if past else facts


def _of_rooms(name: str, what: tuple[str, str], rooms: Sequence[Room], field: str, unsaid: str) -> Fact:
    one, many = what
    answers = {state: [room for room in rooms if getattr(room, field) == state] for state in Access}
    yes, no, unknown = (answers[state] for state in (Access.YES, Access.NO, Access.UNKNOWN))
    if not rooms or len(unknown) == len(rooms):
        return Fact(name, f"{unsaid}.", Access.UNKNOWN)
    if len(yes) == len(rooms):
        return Fact(name, f"Every room {one}.", Access.YES)
    said = [f"{len(yes)} of {len(rooms)} rooms {one if len(yes) == 1 else many}." if yes else f"No room {one}."]
    if yes and no:
        said.append(f"Not: {joined(room.name for room in no)}.")
    if unknown:
        said.append(f"{unsaid}: {joined(room.name for room in unknown)}.")
    return Fact(name, " ".join(said), Access.YES if yes else Access.NO)


def _of_sessions(name: str, sessions: Sequence[Session], field: str, unsaid: str) -> Fact:
    number = sum(getattr(session, field) == Access.YES for session in sessions)
    if number:
        where = "one session" if number == 1 else f"{number} sessions"
        everywhere = number == len(sessions)
        return Fact(name, "In every session." if everywhere else f"In {where}, marked on the agenda.", Access.YES)
    if all(getattr(session, field) == Access.NO for session in sessions) and sessions:
        return Fact(name, "Not planned. Ask us if you need it.", Access.NO)
    return Fact(name, f"{unsaid}.", Access.UNKNOWN)
