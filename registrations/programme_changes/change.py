"""The rows of one change of the programme, by what they are: what refusals and notices are made from."""

from collections.abc import Sequence

from django.db.models import Model

from events.models import Event, Room, Session


class Change:
    """The rows of one change as stored and as they will be, by what they are."""

    def __init__(self, before: Sequence[Model | None], after: Sequence[Model | None]) -> None:
        """Take them as `events.changes` gives them to its listeners."""
        pairs = list(zip(before, after, strict=True))
        self.events = [(was, row) for was, row in pairs if isinstance(was or row, Event)]
        self.sessions = [(was, row) for was, row in pairs if isinstance(was or row, Session)]
        self.rooms = {row.pk: row for _, row in pairs if isinstance(row, Room) and row.pk}

    def rooms_concerned(self) -> set[int]:
        """The keys of the rooms that change, or in which a changed session will be."""
        used = {key_of(row, "room") for _, row in self.sessions if row}
        return (self.rooms.keys() | used) - {None}

    def events_concerned(self) -> set[int]:
        """The keys of the events whose places this change may touch. Lock its rooms before."""
        keys = {row.pk for pair in self.events for row in pair if row}
        keys |= {key_of(row, "event") for pair in self.sessions for row in pair if row}
        if self.rooms:
            keys |= set(Session.objects.filter(room__in=self.rooms).values_list("event", flat=True))
        return keys - {None}


def key_of(session: Session, name: str) -> int | None:
    """Return the key of what a session refers to, without asking for it; None also where that is not saved yet."""
    key = getattr(session, f"{name}_id")
    if key is None and session._meta.get_field(name).is_cached(session) and getattr(session, name) is not None:
        key = getattr(session, name).pk
    return key
