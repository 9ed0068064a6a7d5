"""Who is asked before a place that came free becomes theirs, and until when they can answer."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from events.models import Event
from registrations.models import AccessNeeds, Registration, WaitingRules, WorkshopChoice
from registrations.places import Ledger
from registrations.waiting import offer_hours

# For these something is arranged with other people for certain hours: an interpreter, a captioner, an assistant.
ARRANGED = ("bsl", "captions", "personal_assistant")


@dataclass(frozen=True, slots=True)
class AskingFirst:
    """How places of one event are given at one moment. `arranged` are registrations for which staff arrange people."""

    everybody: bool
    until: datetime.datetime
    arranged: frozenset[int]

    def about_the_event(self, registration: Registration) -> bool:
        """Whether somebody on the event's waiting list is asked."""
        return self.everybody or registration.ask_first or registration.pk in self.arranged

    def about_a_workshop(self, choice: WorkshopChoice) -> bool:
        """Whether somebody on a workshop's waiting list is asked."""
        return self.everybody or choice.ask_first or choice.registration_id in self.arranged


def everybody(event: Event, now: datetime.datetime) -> bool:
    """Whether everybody is asked by now. One short query."""
    return _rules(event).begins_to_ask <= now


def always(registration: Registration, now: datetime.datetime) -> bool:
    """Whether this attendee is asked whatever they wish: everybody is, or people are arranged for them."""
    needs = AccessNeeds.objects.filter(_any_of(ARRANGED), registration=registration)
    return everybody(registration.event, now) or needs.exists()


def of(ledger: Ledger, now: datetime.datetime) -> AskingFirst:
    """Return how the places of an event that has not begun are given now. Two short queries."""
    event = ledger.event
    rules = _rules(event)
    needs = AccessNeeds.objects.filter(registration__event=event).filter(_any_of(ARRANGED))
    return AskingFirst(
        rules.begins_to_ask <= now,
        offer_hours.until(now, rules.offer_hours, event.zone, event.starts),
        frozenset(needs.values_list("registration", flat=True)),
    )


def _rules(event: Event) -> WaitingRules:
    rules = WaitingRules.objects.filter(event=event).first() or WaitingRules(event=event)
    rules.event = event
    return rules


def _any_of(names: tuple[str, ...]) -> Q:
    return Q(*((name, True) for name in names), _connector=Q.OR)
