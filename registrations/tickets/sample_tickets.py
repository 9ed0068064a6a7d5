"""The sample conference's tickets: invented, like the rest of it, and loaded once for each edition."""

import datetime
from collections.abc import Iterator

from django.db import transaction

from events.loading import days, memory
from events.models import Event
from registrations.models import TicketType
from registrations.tickets import ticket_types

EARLY_BIRD_ENDS = datetime.timedelta(days=70)  # before the day
INVITATION = "SPEAK-UP-27"


def load(now: datetime.datetime) -> list[str]:
    """Give every coming sample without tickets its own, and return lines that say so.

    What was loaded before is left as staff have it now, also when they deleted it.
    """
    with transaction.atomic():
        memory.take_turns()
        coming = Event.objects.ours().filter(is_sample=True, ends__gt=now)
        return [line for event in coming for line in _load(event, now)]


def _load(event: Event, now: datetime.datetime) -> Iterator[str]:
    key = f"tickets/{event.pk}"
    if memory.is_known(key) or event.ticket_types.exists():
        return
    made = _tickets(event)
    for number, ticket_type in enumerate(made):
        ticket_type.order = number
        ticket_types.save(ticket_type, now)
    memory.remember(key, made[0], now)
    yield f"Loaded {len(made)} tickets of “{event.title}”."


def _tickets(event: Event) -> list[TicketType]:
    turn = days.at((event.starts - EARLY_BIRD_ENDS).date(), datetime.time(17), event.zone)
    return [
        TicketType(
            event=event, name="Member, early bird", price=5000, available_until=turn,
            audience="Staff, trustees and volunteers of organisations that are members of Clinks.",
        ),
        TicketType(
            event=event, name="Member", price=7500, available_from=turn,
            audience="Staff, trustees and volunteers of organisations that are members of Clinks.",
        ),
        TicketType(event=event, name="Non-member", price=12000, audience="Everybody else."),
        TicketType(
            event=event, name="Free place for people with lived experience", price=0, capacity=15,
            invitation_code=INVITATION,
            audience="For people with lived experience of the criminal justice system whom no organisation pays for. "
            f"Ring us for the code; in this sample it is {INVITATION}.",
        ),
    ]  # fmt: skip
