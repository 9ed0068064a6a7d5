"""What a programme may not contain, checked on a change as it will be, whole.

PostgreSQL refuses the same things by constraint (see `events/models/session.py` and the migrations);
these functions say it first, and in words. They see everything that a change saves and deletes at
once, so that two sessions may swap rooms and a day may move in one save.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from django.db.models import Model, Q

from events.models import Appearance, Event, Session, Status
from events.problems import Problem
from events.wording import british_time


class Prospect:
    """The programme as it would be after a change: its rows, and those rows of the database that matter to them."""

    def __init__(self, saves: Sequence[Model], deletes: Sequence[Model]) -> None:
        self.events = {each.pk: each for each in saves if isinstance(each, Event) and each.pk}
        self._own_events = set(self.events)
        self.changed = [each for each in saves if isinstance(each, Session)]
        self._changed_appearances = [each for each in saves if isinstance(each, Appearance)]
        self._gone = {(type(each), each.pk) for each in [*saves, *deletes] if each.pk}
        self._deleted = {(type(each), each.pk) for each in deletes}
        self.kept = [each for each in self._stored_sessions() if not self._is_deleted(each)]
        self.sessions = self.changed + self.kept
        self._by_pk = {session.pk: session for session in self.sessions if session.pk}
        self.appearances = self._changed_appearances + [
            each for each in self._stored_appearances() if each.session_id in self._by_pk
        ]

    def _stored_sessions(self) -> Iterator[Session]:
        """Unchanged sessions of the changed events, and those in which a changed appearance is."""
        pks = {each.session_id for each in self._changed_appearances if each.session_id}
        pks |= {each.session.pk for each in self._changed_appearances if each.session.pk}
        if not self._own_events and not pks:
            return iter(())
        wanted = Q(event__in=self._own_events) | Q(pk__in=pks)
        return self._untouched(Session.objects.filter(wanted).select_related("event", "series", "room"))

    def _stored_appearances(self) -> Iterator[Appearance]:
        if not self._by_pk:
            return iter(())
        found = Appearance.objects.filter(session__in=self._by_pk, person__isnull=False)
        return self._untouched(found.select_related("person"))

    def _untouched(self, rows: Iterable[Model]) -> Iterator[Model]:
        return (row for row in rows if (type(row), row.pk) not in self._gone)

    def _is_deleted(self, session: Session) -> bool:
        """Whether the change deletes this stored session, or its whole event."""
        return (Session, session.pk) in self._deleted or (Event, session.event_id) in self._deleted

    def outside(self, sessions: Iterable[Session]) -> list[Session]:
        """Those of these stored sessions that the change neither touches nor already takes into account."""
        return [each for each in sessions if each.pk not in self._by_pk and not self._is_deleted(each)]

    def event_of(self, session: Session) -> Event:
        """The session's event, as it will be: from the change itself, else as stored (and locked) now."""
        key = session.event.pk
        if key is not None and key not in self.events:
            self.events[key] = Event.objects.get(pk=key)
        return self.events.get(key, session.event)

    def session_of(self, appearance: Appearance) -> Session:
        """The appearance's session, as it will be."""
        return self._by_pk.get(appearance.session_id or appearance.session.pk, appearance.session)

    def is_live(self, session: Session) -> bool:
        """Whether it takes up its room and its people."""
        return session.status == Status.PUBLISHED and self.event_of(session).status != Status.CANCELLED

    def others_in_rooms(self, rooms: set[int]) -> list[Session]:
        """Stored sessions that hold these rooms at the time of this change, outside of it."""
        if not rooms:
            return []
        found = _live_elsewhere(Session.objects, self.sessions, "").filter(room__in=rooms, clash_reason="")
        return self.outside(found.select_related("event", "series", "room"))

    def others_of_people(self, people: set[int]) -> list[Appearance]:
        """Stored appearances of these people at the time of this change, outside of it."""
        if not people:
            return []
        found = _live_elsewhere(Appearance.objects, self.sessions, "session__").filter(
            person__in=people, clash_reason=""
        )
        related = found.select_related("person", "session__event", "session__series")
        outside = {each.pk for each in self.outside(each.session for each in related)}
        return [each for each in self._untouched(related) if each.session_id in outside]


def _live_elsewhere(manager, sessions: Sequence[Session], at: str):
    """Live rows within the hours of these sessions; `at` leads from the row to its session."""
    if not sessions:
        return manager.none()
    first, last = min(each.starts for each in sessions), max(each.ends for each in sessions)
    hours = {f"{at}starts__lt": last, f"{at}ends__gt": first, f"{at}status": Status.PUBLISHED}
    return manager.filter(**hours).exclude(**{f"{at}event__status": Status.CANCELLED})


def problems(saves: Sequence[Model], deletes: Sequence[Model] = ()) -> list[Problem]:
    """Return why saving and deleting these rows together would break the programme; empty if it would not.

    Takes unsaved or changed instances, not yet written, and reads the rest from the database.
    """
    prospect = Prospect(saves, deletes)
    return [
        *_outside_the_event(prospect),
        *_series_of_another_event(prospect),
        *_twice(prospect, "slug", "Another session of this event has the address “{}”: choose another."),
        *_twice(prospect, "code", "{} is taken by another workshop of this series."),
        *_room_clashes(prospect),
        *_person_clashes(prospect),
    ]


def _outside_the_event(prospect: Prospect) -> Iterator[Problem]:
    for session in prospect.sessions:
        event = prospect.event_of(session)
        if event.starts is None:
            yield Problem("A listing of another organisation’s event has no programme.", session, None)
        elif session.starts < event.starts or session.ends > event.ends:
            hours = british_time.period_words(event.starts, event.ends, event.zone)
            yield Problem(f"{_named(session)} is not within the event, which is on {hours}.", session, "starts")


def _series_of_another_event(prospect: Prospect) -> Iterator[Problem]:
    for session in prospect.sessions:
        if session.series and not _same(session.series.event, prospect.event_of(session)):
            yield Problem(f"{session.series} belongs to another event.", session, "series")


def _twice(prospect: Prospect, field: str, sentence: str) -> Iterator[Problem]:
    """Find a slug used twice in an event, or a code used twice in a series; stored rows count too."""
    owner = "event" if field == "slug" else "series"
    # What changes comes last, so that the sentence stands beside what somebody has just typed.
    named = [each for each in [*prospect.kept, *prospect.changed] if getattr(each, field) and getattr(each, owner)]
    owners = {getattr(each, owner).pk for each in named} - {None}
    same = {f"{owner}__in": owners, f"{field}__in": {getattr(each, field) for each in named}}
    stored = Session.objects.filter(**same).only("event_id", "series_id", field) if owners else ()
    seen = {(getattr(each, f"{owner}_id"), getattr(each, field)) for each in prospect.outside(stored)}
    for session in named:
        holder = getattr(session, owner)
        key = (holder.pk or id(holder), getattr(session, field))
        if key in seen:
            yield Problem(sentence.format(session.full_code if field == "code" else session.slug), session, field)
        seen.add(key)


def _room_clashes(prospect: Prospect) -> Iterator[Problem]:
    held = [each for each in prospect.sessions if each.room and not each.clash_reason and prospect.is_live(each)]
    others = prospect.others_in_rooms({each.room.pk for each in held} - {None})
    for session, other in [*combinations(held, 2), *((a, b) for a in held for b in others)]:
        if _same(session.room, other.room) and _overlap(session, other):
            yield Problem(f"{session.room} already has {_when(other, prospect)}.", session, "room")


def _person_clashes(prospect: Prospect) -> Iterator[Problem]:
    mine = [
        each
        for each in prospect.appearances
        if each.person and not each.clash_reason and prospect.is_live(prospect.session_of(each))
    ]
    others = prospect.others_of_people({each.person.pk for each in mine} - {None})
    for one, two in [*combinations(mine, 2), *((a, b) for a in mine for b in others)]:
        first, second = prospect.session_of(one), prospect.session_of(two)
        if _same(one.person, two.person) and first is not second and _overlap(first, second):
            yield Problem(f"{one.person} is already in {_when(second, prospect)}.", one, "person")


def _same(one: Model, two: Model) -> bool:
    """Whether they are one row, saved or not."""
    return one is two or (one.pk is not None and one.pk == two.pk)


def _overlap(one: Session, two: Session) -> bool:
    return one.starts < two.ends and two.starts < one.ends


def _named(session: Session) -> str:
    return f"“{session}”"


def _when(session: Session, prospect: Prospect) -> str:
    zone = prospect.event_of(session).zone
    return (
        f"{_named(session)} from {british_time.time_words(session.starts, zone)}"
        f" to {british_time.time_words(session.ends, zone)}"
    )
