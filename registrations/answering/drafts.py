"""Drafts: what somebody has answered so far. The access answers are in a table of their own, deleted with the draft."""

import datetime
import json
import uuid
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from events.models import Event
from events.storing.asking import Question
from registrations import rows
from registrations.models import Draft, Registration

KEPT = datetime.timedelta(hours=24)


# Written out, because every answer of the journey does it.
# `||` puts the keys of one object into the other: two tabs that save at once lose nothing.
_KEEP = """
UPDATE registrations_draft SET answers = answers || %s, touched_at = %s WHERE id = %s AND registration_id IS NULL
"""
# These two write the draft before its access answers: else they could wait for each other.
_KEEP_ACCESS = f"""
WITH kept AS ({_KEEP} RETURNING id)
INSERT INTO registrations_draftaccess (draft_id, answers) SELECT id, %s FROM kept
ON CONFLICT (draft_id) DO UPDATE SET answers = EXCLUDED.answers
"""
# Nobody has answered anything: the draft is in the same state as before, for whoever sends what was shown of it.
_KEEP_BESIDE = "UPDATE registrations_draft SET answers = answers || %s WHERE id = %s AND registration_id IS NULL"
_FINISH = """
WITH emptied AS (UPDATE registrations_draft SET answers = '{}', registration_id = %s WHERE key = %s RETURNING id)
DELETE FROM registrations_draftaccess USING emptied WHERE draft_id = emptied.id
"""


def begin(event: Event, answers: dict[str, Any], now: datetime.datetime) -> Draft:
    """Make a draft with a key of its own, and these answers to begin with."""
    return Draft.objects.create(event=event, answers=answers, created_at=now, touched_at=now)


def question(key: uuid.UUID) -> Question[Draft | None]:
    """Return the question for the draft of that key, of whatever event and age: see `of_event`."""
    wanted = rows.matching(Draft, "key = %s", [key])
    return Question(wanted.statement, wanted.values, lambda found: _read(wanted.read(found)))


def _read(found: list[Draft]) -> Draft | None:
    for draft in found:
        draft.answers = json.loads(draft.answers)
        return draft
    return None


def of_event(draft: Draft | None, event: Event, now: datetime.datetime) -> Draft | None:
    """Return this draft if it is one of that event, and not too old."""
    if draft is None or draft.event_id != event.pk or draft.touched_at <= now - KEPT:
        return None
    draft.event = event
    return draft


def access_question(key: uuid.UUID) -> Question[dict[str, Any]]:
    """Return the question for a draft's answers about access and food; empty before that step."""
    return Question(
        "SELECT answers FROM registrations_draftaccess "
        "WHERE draft_id = (SELECT id FROM registrations_draft WHERE key = %s)",
        [key],
        lambda found: json.loads(found[0][0]) if found else {},
    )


def keep(
    draft: Draft, step: str, answers: dict[str, Any], now: datetime.datetime, beside: dict[str, Any] | None = None
) -> bool:
    """Save the answers of a step, and return False if the draft has become a registration meanwhile.

    `beside` is saved with them, under names that no step has.
    """
    kept = {step: answers, **(beside or {})}
    draft.answers = {**draft.answers, **kept}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [Jsonb(kept), now, draft.pk])
        return cursor.rowcount > 0


def keep_beside(draft: Draft, values: dict[str, Any]) -> None:
    """Save something that is no answer, under names that no step has."""
    draft.answers = {**draft.answers, **values}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_BESIDE, [Jsonb(values), draft.pk])


def keep_access(
    draft: Draft, step: str, answers: dict[str, Any], needs: dict[str, Any], now: datetime.datetime
) -> bool:
    """Save the access step: what is about access and food goes into the table of its own."""
    draft.answers = {**draft.answers, step: answers}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_ACCESS, [Jsonb({step: answers}), now, draft.pk, Jsonb(needs)])
        return cursor.rowcount > 0


def finish(key: uuid.UUID, registration: Registration) -> None:
    """Empty the draft of a submission that has become a registration; it only remembers which one."""
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [registration.pk, key])


def close(registration: Registration) -> None:
    """Give a registration another key, which is not saved yet: no browser that made it has it open any more.

    What is remembered of it and of its colleagues follows.
    """
    old, registration.idempotency_key = registration.idempotency_key, uuid.uuid4()
    Draft.objects.filter(key=old).update(key=registration.idempotency_key)
    Draft.objects.filter(answers__with=str(old)).update(answers={"with": str(registration.idempotency_key)})


def forget(now: datetime.datetime) -> int:
    """Delete the drafts that nobody has touched for a day, with their access answers, and return how many."""
    old = Draft.objects.filter(touched_at__lte=now - KEPT)
    return old.delete()[1].get("registrations.Draft", 0)
