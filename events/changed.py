"""What a page needs of the changes: all of them in words, and the marks of what has changed of late."""

from collections.abc import Iterable

from events import programme, revisions
from events.change_words import Mark, Told, Words
from events.models import Room, Session, Venue
from events.revisions import Change
from events.showing import Showing


def told(showing: Showing, most: int) -> list[Told]:
    """Return so many of the changes that visitors may still see, the latest first. Few queries, however many."""
    changes = revisions.of(showing)
    if not changes:
        return []
    words = _words(showing, changes)
    sessions = {each.pk: each for each in programme.sessions(showing).defer("abstract", "content_note")}
    said = (words.told(each, sessions) for each in reversed(changes))
    return [each for each in said if each is not None][:most]


def mark(showing: Showing, sessions: Iterable[Session]) -> Mark | None:
    """Give each of these sessions its `mark`, or None; return the mark of the event itself."""
    changes: dict[tuple[bool, int], list[Change]] = {}
    for each in revisions.marked(showing):
        changes.setdefault((each.now.of_event, each.now.key), []).append(each)
    words = _words(showing, [each for listed in changes.values() for each in listed]) if changes else None

    def mark_of(of_event: bool, key: int) -> Mark | None:
        found = changes.get((of_event, key))
        return words.mark(found) if words and found else None

    for session in sessions:
        session.mark = mark_of(False, session.pk)
    return mark_of(True, showing.event.pk)


def _words(showing: Showing, changes: Iterable[Change]) -> Words:
    """Return what says these changes, with the names of the rooms and venues in them."""
    versions = [each for change in changes for each in (change.was, change.now) if each is not None]
    rooms = {each.place for each in versions if each.place and not each.of_event}
    venues = {each.place for each in versions if each.place and each.of_event}
    return Words(
        showing.event,
        dict(Room.objects.filter(pk__in=rooms).values_list("pk", "name")) if rooms else {},
        dict(Venue.objects.filter(pk__in=venues).values_list("pk", "name")) if venues else {},
    )
