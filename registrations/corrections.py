"""Corrects what somebody said of themselves: a name, an address, a telephone number."""

import datetime
from collections.abc import Mapping
from typing import Any

from registrations import folding, places, recording
from registrations.models import Registration
from registrations.problems import Problem, Refused, Why

FACTS = frozenset(
    {
        "name", "badge_name", "email", "phone", "organisation", "job_title", "pronouns", "is_member", "photo_consent",
        "mailing_consent",
    }
)  # fmt: skip
ERASED = Problem(Why.CANCELLED, "What was held about this attendee is erased, so nothing can be changed.")


def correct(registration: Registration, facts: Mapping[str, Any], now: datetime.datetime) -> Registration:
    """Change these facts of a registration, and return it. Never its status, ticket or price.

    Another address gets links of its own: those sent to the old one end. Raises Refused if somebody of that name
    and address is registered already, and Busy.
    """
    with places.opened(registration.event_id):
        stored = Registration.objects.get(pk=registration.pk)
        if stored.anonymised_at:
            raise Refused([ERASED])
        had = stored.email_key
        for name in FACTS & facts.keys():
            value = facts[name]
            setattr(stored, name, folding.clean(value) if isinstance(value, str) else value)
        stored.name_key, stored.email_key = folding.name_key(stored.name), folding.email_key(stored.email)
        stored.link_number += had != stored.email_key
        _refuse_double(stored)
        recording.update([stored], [*sorted(FACTS), "name_key", "email_key", "link_number"], now)
    return stored


def _refuse_double(stored: Registration) -> None:
    if stored.is_cancelled or not stored.email_key:
        return
    same = Registration.objects.live().filter(
        event=stored.event_id, name_key=stored.name_key, email_key=stored.email_key
    )
    if other := same.exclude(pk=stored.pk).first():
        sentence = f"Somebody of this name and address is registered already: {other}."
        raise Refused([Problem(Why.SAME_PERSON, sentence, "email")])
