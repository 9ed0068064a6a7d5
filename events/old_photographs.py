"""Photographs that nobody has any more are deleted, as soon as the change that let them go is certain."""

from collections.abc import Sequence
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model

from events.models import Person
from events.problems import Problem


class OldPhotographs:
    """A listener to changes: a person's former photograph goes once the change is committed."""

    def check(self, before: Sequence[Model | None], after: Sequence[Model | None]) -> list[Problem]:
        """Object to nothing."""
        return []

    def after(self, before: Sequence[Model | None], after: Sequence[Model | None]) -> None:
        """Have those files deleted that these people had and no longer have."""
        for was, now in zip(before, after, strict=True):
            if isinstance(was, Person) and (name := was.photograph.name) and name != _photograph_of(now):
                transaction.on_commit(partial(default_storage.delete, name), robust=True)


def _photograph_of(person: Model | None) -> str | None:
    return person.photograph.name if isinstance(person, Person) else None
