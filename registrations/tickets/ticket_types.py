"""The one way to save a ticket type: its capacity is checked and counted under the lock of the event's places."""

import datetime

from registrations import folding, places, waiting_list
from registrations.models import Places, TicketType
from registrations.problems import Problem, Refused, Why
from registrations.programme_changes import capacities


def save(ticket_type: TicketType, now: datetime.datetime) -> None:
    """Save a ticket type with its row of Places, and let those in line have what it adds.

    Raises Refused if more people have the ticket than its new capacity or its code tells it from no other, and Busy if
    the lock did not come.
    """
    event_key = ticket_type.event_id
    with places.writing(programme=True):
        places.open_ledger(event_key)
        _refuse_useless_code(ticket_type)
        row = Places.objects.filter(ticket_type=ticket_type).first() if ticket_type.pk else None
        if row and ticket_type.capacity is not None and ticket_type.capacity < row.taken:
            sentence = f"{row.taken} of these tickets are taken, so there cannot be {ticket_type.capacity}."
            raise Refused([Problem(Why.CAPACITY_TOO_SMALL, sentence, "capacity")])
        ticket_type.save()
        capacities.bring_up_to_date([event_key])
        ledger = places.open_ledger(event_key)  # anew, with the new capacity
        waiting_list.promote(ledger, now)
        ledger.write()


def _refuse_useless_code(ticket_type: TicketType) -> None:
    """Raise Refused if the invitation code says nothing, or sounds like that of another ticket of the event."""
    if not ticket_type.invitation_code:
        return
    key = folding.code_key(ticket_type.invitation_code)
    if not key:
        sentence = "A code needs a letter or a digit: this one would let everybody in."
        raise Refused([Problem(Why.CODE_WRONG, sentence, "invitation_code")])
    for other in TicketType.objects.filter(event=ticket_type.event_id).exclude(pk=ticket_type.pk):
        if folding.code_key(other.invitation_code) == key:
            sentence = f"“{other}” has the same code, as it sounds on the telephone. Choose another."
            raise Refused([Problem(Why.CODE_WRONG, sentence, "invitation_code")])


def delete(ticket_type: TicketType) -> None:
    """Delete a ticket type that nobody has or had. Raises Refused, and Busy."""
    with places.opened(ticket_type.event_id, programme=True):
        if number := ticket_type.registrations.count():
            whose = "1 registration" if number == 1 else f"{number} registrations"
            sentence = f"“{ticket_type}” is the ticket of {whose}. Let it end instead of deleting it."
            raise Refused([Problem(Why.TICKET_IN_USE, sentence)])
        ticket_type.delete()
