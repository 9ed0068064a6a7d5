"""Reminds those who have a place: seven days before their event, and once more on the day before it.

Asked every hour. What was missed while nothing ran is made up for, as long as it still helps; nobody is reminded twice,
because the message itself says that it was queued, and it is looked for under the lock of the event's places.
"""

import datetime

from django.db.models import Exists, OuterRef, QuerySet

from events.models import Event, Status
from registrations import places
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import Message, MessageKind, Registration
from registrations.waiting import offer_hours

DAY = datetime.timedelta(days=1)
WEEK_BEFORE, DAY_BEFORE = 7, 1
# With less than this left, the reminder of a week before would say what that of the day before says soon.
WEEK_BEFORE_HELPS_UNTIL = 2 * DAY
# Whoever registers less than a day before a reminder falls due, or after that, has just been told everything.
KNOWS_IT_STILL = DAY
AT_ONCE = 200  # people in one transaction: others wait for its lock


def send_due(now: datetime.datetime) -> int:
    """Queue the reminders that are due, and return how many. Asked again, it queues none of them again.

    None are queued before 9am and after 6pm where the event is. Raises Busy, with those queued before it kept.
    """
    soon = Event.objects.ours().filter(
        status=Status.PUBLISHED, starts__gt=now, starts__lte=now + (WEEK_BEFORE + 1) * DAY
    )
    due = [(event, days_before(event, now)) for event in soon.in_order()]
    return sum(_remind(event, days, now) for event, days in due if days is not None)


def days_before(event: Event, now: datetime.datetime) -> int | None:
    """Return which reminder of this event is due now: 7, 1, or None."""
    here = now.astimezone(event.zone)
    if not offer_hours.MORNING <= here.time() < offer_hours.EVENING or now >= event.starts:
        return None
    left = event.starts.astimezone(event.zone).date() - here.date()
    if left <= DAY_BEFORE * DAY:
        return DAY_BEFORE
    helps = event.starts - now >= WEEK_BEFORE_HELPS_UNTIL
    return WEEK_BEFORE if left <= WEEK_BEFORE * DAY and helps else None


def _remind(event: Event, days: int, now: datetime.datetime) -> int:
    """Remind everybody of this event who is to be reminded, in several transactions if they are many."""
    number, whole = AT_ONCE, 0
    while number == AT_ONCE:
        number = _remind_some(event, days, now)
        whole += number
    return whole


def _remind_some(event: Event, days: int, now: datetime.datetime) -> int:
    with places.opened(event.pk) as ledger:
        if days_before(ledger.event, now) != days:  # staff moved it meanwhile
            return 0
        # Read under the lock: nobody is reminded of what was cancelled, nor by two workers.
        people = list(_not_reminded(ledger.event, days)[:AT_ONCE])
        outbox.queue([Letter(MessageKind.REMINDER, each, {"days": days}) for each in people], now)
    return len(people)


def _not_reminded(event: Event, days: int) -> QuerySet[Registration]:
    reminded = Message.objects.filter(registration=OuterRef("pk"), kind=MessageKind.REMINDER, facts__days=days)
    still = Registration.objects.confirmed().filter(~Exists(reminded), event=event, event__status=Status.PUBLISHED)
    return still.filter(created_at__lte=_falls_due(event, days) - KNOWS_IT_STILL).exclude(email="").order_by("pk")


def _falls_due(event: Event, days: int) -> datetime.datetime:
    """Return 9am on that day, where the event is."""
    date = event.starts.astimezone(event.zone).date() - days * DAY
    return datetime.datetime.combine(date, offer_hours.MORNING, event.zone)
