"""What is deleted when its time is over: asked again and again, at next to no cost when there is nothing."""

import datetime

from django.db import transaction
from django.db.models import Q

from events.models import Event
from registrations import limits, needs, places
from registrations.answering import drafts
from registrations.data_rights import complaining, erasing, invoice_records
from registrations.models import AccessNeeds, Message, MessageState, Registration
from registrations.my_day import transfers
from registrations.way_in import link_requests  # fmt: skip

# What the pages promise: `personal_fields` says it in words.
ACCESS_NEEDS_ARE_KEPT = datetime.timedelta(days=30)
MESSAGES_ARE_KEPT = datetime.timedelta(days=30)
REGISTRATIONS_ARE_KEPT = datetime.timedelta(days=365)
_WORDS = ("subject", "text", "html", "calendar", "problem")


def forget(now: datetime.datetime) -> None:
    """Delete or empty everything whose time is over: whatever is asked first is quickest. Raises Busy."""
    drafts.forget(now)
    limits.forget(now)
    link_requests.forget(now)
    over = AccessNeeds.objects.filter(registration__event__ends__lte=now - ACCESS_NEEDS_ARE_KEPT)
    needs.forget(over, now)
    _forget_words(now)
    with transaction.atomic():
        transfers.forget(now)
    complaining.forget(now)
    invoice_records.forget(now)
    for key in _long_over(now):
        erasing.anonymise(key, now)
    for key in invoice_records.events_with_any(now):
        with places.opened(key):
            of_event = Registration.objects.filter(event=key).values("invoice")
            invoice_records.file(Q(pk__in=of_event), now)


def _forget_words(now: datetime.datetime) -> None:
    """Empty the messages that were sent, or given up, a while ago; that they were sent stays."""
    before = now - MESSAGES_ARE_KEPT
    sent = Q(state=MessageState.SENT, sent_at__lte=before)
    failed = Q(state=MessageState.FAILED, due_at__lte=before)  # it was last due when it was given up
    has_any = Q(*(~Q(**{name: ""}) for name in _WORDS), _connector=Q.OR)
    Message.objects.filter(has_any, sent | failed).update(**dict.fromkeys(_WORDS, ""))


def _long_over(now: datetime.datetime) -> list[int]:
    """Return the events whose attendees still have names, and should not."""
    over = Event.objects.filter(ends__lte=now - REGISTRATIONS_ARE_KEPT, registrations__anonymised_at=None)
    return list(over.filter(registrations__isnull=False).order_by("pk").values_list("pk", flat=True).distinct())
