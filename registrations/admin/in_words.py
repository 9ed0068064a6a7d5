"""Where somebody stands, in words: status, workshops, positions in waiting lists. The same in list, page and CSV."""

from collections.abc import Sequence

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from registrations import waiting_lines
from registrations.models import ChoiceState, Message, MessageState, Registration, WorkshopChoice


def with_all(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Read along with registrations what is said of them: so many queries for one as for thousands."""
    choices = (
        WorkshopChoice.objects.live()
        .select_related("session__series", "session__room")
        .order_by("starts", "state", "pk")
    )
    last = Message.objects.filter(registration=OuterRef("pk")).order_by("-created_at", "-pk").values("state")
    return (
        registrations.select_related("event", "ticket_type", "invoice")
        .prefetch_related(Prefetch("choices", choices, to_attr="live_choices"))
        .annotate(last_message=Subquery(last[:1]))
    )


def place(registrations: Sequence[Registration]) -> Sequence[Registration]:
    """Tell each of these, read by `with_all`, where they stand in which line; return them."""
    positions = waiting_lines.positions(registrations) if registrations else waiting_lines.Positions()
    for each in registrations:
        each.positions = positions
    return registrations


def status_words(registration: Registration) -> str:
    """Return “Confirmed”, “Cancelled”, or “On the waiting list, 3rd”."""
    words = registration.get_status_display()
    number = registration.positions.in_event.get(registration.pk)
    return f"{words}, {ordinal(number)}" if number else words


def workshop_words(registration: Registration) -> str:
    """Return “1A, 2B; waits for 3C (2nd)”."""
    held = [_code(each) for each in registration.live_choices if each.state == ChoiceState.CONFIRMED]
    waits = [
        f"{_code(each)} ({ordinal(registration.positions.in_workshop.get(each.pk, 0))})"
        for each in registration.live_choices
        if each.state == ChoiceState.WAITING
    ]
    parts = [", ".join(held), f"waits for {', '.join(waits)}" if waits else ""]
    return "; ".join(part for part in parts if part)


def message_words(registration: Registration) -> str:
    """Return how far the last message has come."""
    if registration.last_message:
        return MessageState(registration.last_message).label
    return "" if registration.email else "No address"


def ordinal(number: int) -> str:
    """Return “1st”, “2nd”, “11th”."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _code(choice: WorkshopChoice) -> str:
    return choice.session.full_code or choice.session.heading
