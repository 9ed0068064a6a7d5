"""Why a change to the programme cannot be, for those who have booked: in words, with the number affected."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count

from events.models import Kind, Room, Session, Status
from events.problems import Problem
from registrations.models import Offer, Places, Registration, WorkshopChoice
from registrations.programme_changes.change import Change, key_of


@dataclass(frozen=True, slots=True)
class Hours:
    """When a workshop is, and in which series, as it will be."""

    starts: datetime.datetime
    ends: datetime.datetime
    series: int | None


def problems(change: Change) -> list[Problem]:
    """Return why this change cannot be. Call it with the places of its events locked."""
    return [
        *_events_gone(change),
        *_events_hidden(change),
        *_workshops_gone(change),
        *_workshops_no_more(change),
        *_too_small_for_the_event(change),
        *_too_small_for_a_workshop(change),
        *_two_at_once(change),
    ]


def people(number: int) -> str:
    """Return “1 person”, “2 people”."""
    return "1 person" if number == 1 else f"{number} people"


def has(number: int) -> str:
    """Return the verb that goes with so many."""
    return "has" if number == 1 else "have"


def _events_gone(change: Change) -> Iterator[Problem]:
    for was, row in change.events:
        if row is None and (number := Registration.objects.filter(event=was).count()):
            sentence = f"{people(number)} {has(number)} registered for “{was}”, so it cannot be deleted. Cancel it."
            yield Problem(sentence, was)


def _events_hidden(change: Change) -> Iterator[Problem]:
    """Find events that become drafts while somebody comes: they would find no page, and be told of nothing any more."""
    for was, row in change.events:
        if not (was and row and row.status == Status.DRAFT != was.status):
            continue
        if number := Registration.objects.live().filter(event=was, anonymised_at=None).count():
            sentence = f"{people(number)} {has(number)} registered for it, so it cannot become a draft."
            yield Problem(f"{sentence} Cancel it instead, or leave it as it is.", row, "status")


def _claims(sessions: list[Session]) -> dict[int, Counter]:
    """How many claims of each state there are on each of these sessions."""
    found: dict[int, Counter] = {}
    if not sessions:
        return found
    counted = WorkshopChoice.objects.filter(session__in=sessions).order_by().values_list("session", "state")
    for key, state, number in counted.annotate(number=Count("pk")):
        found.setdefault(key, Counter())[state] = number
    return found


def _workshops_gone(change: Change) -> Iterator[Problem]:
    gone = {was.pk: was for was, row in change.sessions if row is None}
    for key, claims in _claims(list(gone.values())).items():
        number = claims.total()
        sentence = f"{people(number)} {has(number)} chosen “{gone[key]}”, so it cannot be deleted. Cancel it."
        yield Problem(sentence, gone[key])


def _workshops_no_more(change: Change) -> Iterator[Problem]:
    """Find workshops that turn into something that cannot be chosen, while people have chosen them."""
    turned = {
        was.pk: (was, row) for was, row in change.sessions if was and row and (_turns(was, row) or _is_hidden(was, row))
    }
    for key, claims in _claims([was for was, _ in turned.values()]).items():
        was, row = turned[key]
        number = claims["confirmed"] + claims["waiting"]
        lasting = _turns(was, row)
        number = claims.total() if lasting else number
        if number:
            sentence = f"{people(number)} {has(number)} chosen “{was}”: it has to stay a workshop that they can see."
            yield Problem(sentence, row, "status" if not lasting else "kind")


def _turns(was: Session, row: Session) -> bool:
    """Whether it is no workshop any more, or one of another event; even a claim that has ended refers to it."""
    return row.kind != Kind.WORKSHOP or key_of(row, "event") != was.event_id


def _is_hidden(was: Session, row: Session) -> bool:
    """Whether it goes back to a draft, or loses its title."""
    to_draft = row.status == Status.DRAFT and was.status != Status.DRAFT
    return to_draft or (was.is_announced and not row.is_announced)


def _too_small_for_the_event(change: Change) -> Iterator[Problem]:
    wanted = {row.pk: row for _, row in change.events if row and row.pk and row.capacity is not None}
    for places in Places.objects.of_events().filter(event__in=wanted) if wanted else ():
        event = wanted[places.event_id]
        if event.capacity < places.taken:
            yield Problem(_too_small(places, event.capacity), event, "capacity")


def _too_small(places: Places, capacity: int) -> str:
    kept = Offer.objects.open().filter(event=places.event_id, session=places.session_id).count()
    held = f"{people(places.taken - kept)} {has(places.taken - kept)} a confirmed place"
    asked = f" and {people(kept)} {'is' if kept == 1 else 'are'} being asked about one" if kept else ""
    return f"{held}{asked}, so the capacity cannot be {capacity}."


def _too_small_for_a_workshop(change: Change) -> Iterator[Problem]:
    changed = {row.pk: row for _, row in change.sessions if row and row.pk}
    in_rooms = Session.objects.filter(room__in=change.rooms, capacity=None).exclude(pk__in=changed)
    sessions = changed | (in_rooms.in_bulk() if change.rooms else {})
    if not sessions:
        return
    # As they are now, under their locks; those of the change as they will be.
    rooms = Room.objects.in_bulk(change.rooms_concerned()) | change.rooms
    for places in Places.objects.filter(session__in=sessions).order_by("session"):
        session = sessions[places.session_id]
        key = key_of(session, "room")
        room = session.room if key is None else rooms.get(key)
        capacity = session.capacity if session.capacity is not None else room and room.capacity
        if capacity is not None and capacity < places.taken:
            about, field = (session, "capacity") if session.pk in changed else (room, "capacity")
            words = "" if session.pk in changed else f"In “{session}” "
            yield Problem(words + _too_small(places, capacity), about, field)


def _two_at_once(change: Change) -> Iterator[Problem]:
    """Find moves that would give anybody two workshops at the same time, or two of one series."""
    moved = {row.pk: row for was, row in change.sessions if was and row and _hours(was) != _hours(row)}
    if not moved:
        return
    holders = WorkshopChoice.objects.confirmed().filter(session__in=moved).values("registration")
    held: dict[int, list[WorkshopChoice]] = {}
    for choice in WorkshopChoice.objects.confirmed().filter(registration__in=holders):
        held.setdefault(choice.registration_id, []).append(choice)
    affected: Counter[int] = Counter()
    for choices in held.values():
        affected.update(_clashing(choices, moved))
    for key, number in sorted(affected.items()):
        sentence = f"{people(number)} would have to be in two workshops at once, or twice in a series."
        yield Problem(f"Moving “{moved[key]}” is not possible: {sentence}", moved[key], "starts")


def _clashing(choices: list[WorkshopChoice], moved: dict[int, Session]) -> set[int]:
    """Return the moved workshops that clash with another one of the same person."""
    held_at = {
        choice.session_id: _hours(moved[choice.session_id])
        if choice.session_id in moved
        else Hours(choice.starts, choice.ends, choice.series_id)
        for choice in choices
    }
    clashing = {
        key
        for (one, first), (two, second) in combinations(held_at.items(), 2)
        if first.series == second.series or (first.starts < second.ends and second.starts < first.ends)
        for key in (one, two)
    }
    return clashing & moved.keys()


def _hours(session: Session) -> Hours:
    return Hours(session.starts, session.ends, key_of(session, "series"))
