"""Who has no e-mail address is told by telephone: staff ring, read the message out, and say that they have."""

import datetime

from django.db import transaction
from django.db.models import QuerySet

from registrations.models import Message, MessageKind, MessageState, Offer
from registrations.problems import Problem, Refused, Why

TOLD_ALREADY = Problem(Why.CHANGED_MEANWHILE, "Somebody has told them already, or there is nothing to ring about.")


def mark_told(message: Message) -> Message:
    """Note that an attendee was told on the telephone what this message says, and return it.

    Raises Refused unless it was still to be rung.
    """
    with transaction.atomic():
        found = _to_ring().select_for_update(of=("self",)).filter(pk=message.pk).first()
        if found is None:
            raise Refused([TOLD_ALREADY])
        found.state = MessageState.TOLD
        found.save(update_fields=["state"])
    return found


def told_of(offer: Offer) -> None:
    """Note that whoever answered this offer on the telephone need not be rung about it any more."""
    asked = _to_ring().filter(registration=offer.registration_id, kind=MessageKind.OFFERED)
    asked.filter(facts__offered__contains=[offer.session_id]).update(state=MessageState.TOLD)


def is_too_late(message: Message, now: datetime.datetime) -> bool:
    """Whether this message asks for an answer that can no longer be given."""
    until = message.facts.get("until")
    return bool(until) and datetime.datetime.fromisoformat(until) <= now


def _to_ring() -> QuerySet[Message]:
    return Message.objects.filter(state=MessageState.TO_RING)
