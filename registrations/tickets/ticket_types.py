"""The one way to save a ticket type: its capacity is checked and counted under the lock of the event's places."""

import datetime

from events import letters
from registrations import folding, places, waiting_list
from registrations.models import Places, TicketType
from registrations.problems import Problem, Refused, Why
from registrations.programme_changes import capacities


def save(ticket_type: TicketType, now: datetime.datetime) -> None:
    """Save a ticket type with its row of Places, and let those in line have what it adds.

    Raises Refused if more people have the ticket than its new capacity, or its code would not tell who is invited, and
    Busy if the lock did not come.
    """
    event_key = ticket_type.event_id
    letters.make_plain(ticket_type)
    with places.writing(programme=True):
        places.open_ledger(event_key)
        row = Places.objects.filter(ticket_type=ticket_type).first() if ticket_type.pk else None
        if row and ticket_type.capacity is not None and ticket_type.capacity < row.taken:
            sentence = f"{row.taken} of these tickets are taken, so there cannot be {ticket_type.capacity}."
            raise Refused([Problem(Why.CAPACITY_TOO_SMALL, sentence, "capacity")])
        if sentence := _why_not_code(ticket_type):
            raise Refused([Problem(Why.CODE_UNFIT, sentence, "invitation_code")])
        ticket_type.save()
        capacities.bring_up_to_date([event_key])
        ledger = places.open_ledger(event_key)  # anew, with the new capacity
        waiting_list.promote(ledger, now)
        ledger.write()


def _why_not_code(ticket_type: TicketType) -> str:
    """Return why its invitation code will not do, or "": one without any letter would let everybody in."""
    if not ticket_type.invitation_code:
        return ""
    key = folding.code_key(ticket_type.invitation_code)
    if not key:
        return "A code needs letters or digits: hyphens and spaces make no difference when somebody gives it."
    others = TicketType.objects.filter(event=ticket_type.event_id).exclude(pk=ticket_type.pk)
    for other in others.exclude(invitation_code=""):
        if folding.code_key(other.invitation_code) == key:
            return f"“{other}” has the code {other.invitation_code}, which reads the same. Choose another."
    return ""


def delete(ticket_type: TicketType) -> None:
    """Delete a ticket type that nobody has or had. Raises Refused, and Busy."""
    with places.opened(ticket_type.event_id, programme=True):
        if sentence := why_not_deleted(ticket_type):
            raise Refused([Problem(Why.TICKET_IN_USE, sentence)])
        ticket_type.delete()


def why_not_deleted(ticket_type: TicketType) -> str:
    """Return why it cannot be deleted, or "" if nobody has or had it. Sure only under the lock."""
    number = ticket_type.registrations.count()
    if not number:
        return ""
    whose = "1 registration" if number == 1 else f"{number} registrations"
    return f"“{ticket_type}” is the ticket of {whose}. Let it end instead of deleting it."
