"""Drafts: what somebody has answered so far. The access answers are in a table of their own, deleted with the draft."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, Value

from events.models import Event
from registrations.models import Draft, DraftAccess, Registration

KEPT = datetime.timedelta(hours=24)


class Merged(Func):
    """One JSON object with the keys of another put into it: two tabs that save at once lose nothing."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = JSONField()


def begin(event: Event, answers: dict[str, Any], now: datetime.datetime) -> Draft:
    """Make a draft with a key of its own, and these answers to begin with."""
    return Draft.objects.create(event=event, answers=answers, created_at=now, touched_at=now)


def of_key(event: Event, key: uuid.UUID, now: datetime.datetime) -> Draft | None:
    """Return this event's draft of that key with its access answers; None if there is none, or it is too old."""
    found = Draft.objects.select_related("access").filter(event=event, key=key, touched_at__gt=now - KEPT).first()
    if found:
        found.event = event
    return found


def access_answers(draft: Draft) -> dict[str, Any]:
    """Return the draft's answers about access and food; empty before that step."""
    return draft.access.answers if hasattr(draft, "access") else {}


def keep(draft: Draft, step: str, answers: dict[str, Any], now: datetime.datetime) -> bool:
    """Save the answers of a step, and return False if the draft has become a registration meanwhile."""
    going_on = Draft.objects.filter(pk=draft.pk, registration=None)
    draft.answers = {**draft.answers, step: answers}
    merged = Merged(F("answers"), Value({step: answers}, JSONField()))
    return going_on.update(answers=merged, touched_at=now) > 0


def keep_access(
    draft: Draft, step: str, answers: dict[str, Any], needs: dict[str, Any], now: datetime.datetime
) -> bool:
    """Save the access step: what is about access and food goes into the table of its own."""
    with transaction.atomic():
        if not keep(draft, step, answers, now):
            return False
        DraftAccess.objects.update_or_create(draft=draft, defaults={"answers": needs})
    return True


def finish(key: uuid.UUID, registration: Registration) -> None:
    """Empty the draft of a submission that has become a registration; it only remembers which one."""
    # The draft before its access answers, as `keep_access` does: else the two could wait for each other.
    Draft.objects.filter(key=key).update(answers={}, registration=registration)
    DraftAccess.objects.filter(draft__key=key).delete()


def forget(now: datetime.datetime) -> int:
    """Delete the drafts that nobody has touched for a day, with their access answers, and return how many."""
    old = Draft.objects.filter(touched_at__lte=now - KEPT)
    return old.delete()[1].get("registrations.Draft", 0)
