"""Telling those who have not chosen in a series that its workshops are announced: when staff say so, once each time.

A workshop that gets its title tells nobody by itself. Whoever was told of exactly these workshops is not told again,
and whoever has said that they take no part in the series is not told at all.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from events.models import Kind, Series, Session, Status
from registrations import availability, places
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import Message, MessageKind, MessageState, NoPart, Registration, WorkshopChoice


@dataclass(frozen=True, slots=True)
class Notice:
    """What would be told of a series now: its announced workshops that can be chosen, and to whom."""

    series: Series
    workshops: Sequence[Session]
    to: Sequence[Registration]

    @property
    def without_address(self) -> int:
        """How many of them are rung instead."""
        return sum(not each.email for each in self.to)


def of(series: Series, now: datetime.datetime) -> Notice:
    """Return what would be told now: of nothing, where the event is not on or has begun. Three short queries."""
    workshops = _announced(series, now)
    return Notice(series, workshops, _to(series, workshops) if workshops else [])


def announce(series: Series, now: datetime.datetime) -> Notice:
    """Tell everybody who has not chosen in this series and does not know yet; return what was told. Raises Busy."""
    with places.opened(series.event_id):
        notice = of(series, now)
        facts = {"series": series.name, "announced": _keys(notice.workshops)}
        outbox.queue([Letter(MessageKind.ANNOUNCED, each, facts) for each in notice.to], now)
    return notice


def _announced(series: Series, now: datetime.datetime) -> list[Session]:
    event = series.event
    if event.status != Status.PUBLISHED or event.starts <= now:
        return []
    found = Session.objects.filter(series=series, kind=Kind.WORKSHOP).select_related("series").in_order()
    return [each for each in found if availability.can_be_had(each, now)]


def _to(series: Series, workshops: Sequence[Session]) -> list[Registration]:
    no_part = NoPart.objects.filter(series=series).values("registration")
    chose = WorkshopChoice.objects.live().filter(series=series).values("registration")
    told = Message.objects.filter(kind=MessageKind.ANNOUNCED, facts__announced=_keys(workshops))
    told = told.exclude(state=MessageState.FAILED).values("registration")
    whom = Registration.objects.live().filter(event=series.event_id)
    return list(whom.exclude(pk__in=chose).exclude(pk__in=no_part).exclude(pk__in=told))


def _keys(workshops: Sequence[Session]) -> list[int]:
    return sorted(each.pk for each in workshops)
