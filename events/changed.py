"""What a page needs of the changes: all of them in words, and the marks of what has changed of late."""

import datetime
from collections.abc import Iterable
from itertools import islice

from events import calendar_entries, programme, revisions
from events.models import Session
from events.revisions import Change
from events.showing import Showing
from events.wording.change_words import Mark, Told, Words


def told(showing: Showing, most: int) -> list[Told]:
    """Return so many of the changes that visitors may still see, the latest first. Few queries, however many."""
    changes = revisions.told(revisions.of(showing))
    if not changes:
        return []
    words = Words(showing.event)
    sessions = {each.pk: each for each in programme.sessions(showing).defer("abstract", "content_note")}
    said = (words.told(each, sessions) for each in reversed(changes))
    return list(islice((each for each in said if each is not None), most))


def last(showing: Showing) -> datetime.datetime:
    """Return when the programme last changed for visitors, also in what they do not see any more."""
    changes = revisions.of(showing)
    return changes[-1].at if changes else calendar_entries.event_with_changes(showing.event.pk).last_change


def latest(showing: Showing) -> datetime.datetime | None:
    """Return when the last change was that is told; None where nothing has changed."""
    told = revisions.told(revisions.of(showing))
    return told[-1].at if told else None


def mark(showing: Showing, sessions: Iterable[Session]) -> Mark | None:
    """Give each of these sessions its `mark`, or None; return the mark of the event itself."""
    changes: dict[tuple[bool, int], list[Change]] = {}
    for each in revisions.marked(showing):
        changes.setdefault((each.now.of_event, each.now.key), []).append(each)
    words = Words(showing.event) if changes else None

    def mark_of(of_event: bool, key: int) -> Mark | None:
        found = changes.get((of_event, key))
        return words.mark(found) if words and found else None

    for session in sessions:
        session.mark = mark_of(False, session.pk)
    return mark_of(True, showing.event.pk)
