"""Who was put into a session and taken out of it, which the session's own history does not hold."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.db.models import Model

from events.models import Appearance, Organisation, Person, Role

DONE = {"+": "Added", "~": "Changed", "-": "Removed"}
MOST = 200
GONE = "somebody deleted since"


@dataclass(frozen=True, slots=True)
class AppearanceChange:
    """One change of who is in a session."""

    when: datetime.datetime
    user: AbstractUser | None
    what: str


def changes_of(session_id: int) -> list[AppearanceChange]:
    """Return the changes of who is in this session, the latest first; people may be deleted since."""
    kept = Appearance.history.filter(session_id=session_id).select_related("history_user")[:MOST]
    people, organisations = _named(Person, kept, "person_id"), _named(Organisation, kept, "organisation_id")
    return [
        AppearanceChange(each.history_date, each.history_user, _words(each, people, organisations)) for each in kept
    ]


def _named(model: type[Model], kept: Sequence, key: str) -> dict[int, Model]:
    return model.objects.in_bulk({getattr(each, key) for each in kept} - {None})


def _words(kept: Model, people: dict[int, Model], organisations: dict[int, Model]) -> str:
    who = people.get(kept.person_id) or organisations.get(kept.organisation_id) or GONE
    return f"{DONE[kept.history_type]}: {kept.wording or who}, {Role(kept.role).label}"
