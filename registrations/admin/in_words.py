"""Where somebody stands, in words: status, workshops, positions in waiting lists, what they are asked.

The same in list, page and CSV.
"""

from collections.abc import Sequence

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.html import format_html

from events.wording import british_time
from registrations.messages import outbox
from registrations.models import ChoiceState, Message, MessageState, Offer, Registration, WorkshopChoice
from registrations.waiting import waiting_lines


def with_all(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Read along with registrations what is said of them: so many queries for one as for thousands."""
    choices = (
        WorkshopChoice.objects.live()
        .select_related("session__series", "session__room")
        .order_by("starts", "state", "pk")
    )
    to_them = Message.objects.filter(registration=OuterRef("pk")).exclude(kind__in=outbox.TO_THE_TEAM)
    last = to_them.order_by("-created_at", "-pk").values("state")
    return (
        registrations.select_related("event", "ticket_type", "invoice")
        .prefetch_related(Prefetch("choices", choices, to_attr="live_choices"))
        .prefetch_related(Prefetch("offers", Offer.objects.open(), to_attr="open_offers"))
        .annotate(last_message=Subquery(last[:1]))
    )


def place(registrations: Sequence[Registration]) -> Sequence[Registration]:
    """Tell each of these, read by `with_all`, where they stand in which line; return them."""
    positions = waiting_lines.positions(registrations) if registrations else waiting_lines.Positions()
    for each in registrations:
        each.positions = positions
    return registrations


def status_words(registration: Registration) -> str:
    """Return “Confirmed”, “Cancelled”, or “On the waiting list, 3rd”; with until when they are asked, if they are."""
    words = registration.get_status_display()
    number = registration.positions.in_event.get(registration.pk)
    asked = asked_words(registration, None)
    return "; ".join(part for part in (f"{words}, {ordinal(number)}" if number else words, asked) if part)


def asked_words(registration: Registration, session_key: int | None) -> str:
    """Return “asked; answer until …” if somebody is asked about a workshop, or without one about the event."""
    offer = next((each for each in registration.open_offers if each.session_id == session_key), None)
    return f"asked; answer until {british_time.moment_words(offer.until, registration.event.zone)}" if offer else ""


def offered(offer: Offer) -> str:
    """Return what an offer is about: the workshop, or the place at the event."""
    return str(offer.session) if offer.session else "A place at the event"


def reach(registration: Registration) -> str:
    """Return how somebody is told something: the address, else the number to ring."""
    return registration.email or f"Ring {registration.phone or 'them: there is no number'}"


def to_whom(message: Message) -> str:
    """Return where a message goes, or whom to ring about it on which number; no letter of the name turns that round."""
    if message.recipient:
        return message.recipient
    if message.state not in (MessageState.TO_RING, MessageState.TOLD):
        return "an address erased since"
    who = message.registration
    return format_html("<bdi>{}</bdi>, <bdi>{}</bdi>", who.name, who.phone or "no telephone number")


def workshop_words(registration: Registration) -> str:
    """Return “1A, 2B; waits for 3C (2nd)”; who is asked about a workshop: “3C (1st; asked; answer until …)”."""
    held = [_code(each) for each in registration.live_choices if each.state == ChoiceState.CONFIRMED]
    waits = [_wait(registration, each) for each in registration.live_choices if each.state == ChoiceState.WAITING]
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


def _wait(registration: Registration, choice: WorkshopChoice) -> str:
    number = ordinal(registration.positions.in_workshop.get(choice.pk, 0))
    inside = [number, asked_words(registration, choice.session_id)]
    return f"{_code(choice)} ({'; '.join(part for part in inside if part)})"


def _code(choice: WorkshopChoice) -> str:
    return choice.session.full_code or choice.session.heading
