"""Whether one can book, in a sentence and one button. Pure.

Registration on this site does not exist yet: an open event's button leads to its outside link, or
else to a letter to the people who book by hand.
"""

import datetime
from dataclasses import dataclass
from urllib.parse import quote

from events import british_time
from events.addresses import Addresses
from events.models import Event, Status


@dataclass(frozen=True, slots=True)
class BookingState:
    """What a visitor is told.

    `kind` is one of past, cancelled, listing, not_open, open and closed. `button` is empty where there
    is nothing to press; `short` is the same for a narrow header; `href` is where it leads.
    """

    kind: str
    sentence: str
    button: str = ""
    short: str = ""
    href: str = ""


def booking_state(event: Event, now: datetime.datetime, addresses: Addresses, email: str, phone: str) -> BookingState:
    """Return the state of booking for this event now; `email` and `phone` are those of the help line."""
    if event.is_listing:
        link = ("Read about it", "Read more", event.outside_url) if event.outside_url else ("", "", "")
        return BookingState("listing", f"{event.organiser} runs this event: booking is with them.", *link)
    if event.status == Status.CANCELLED:
        return BookingState("cancelled", "This event has been cancelled: it will not take place.")
    agenda = ("See the agenda", "Agenda", addresses.agenda)
    if event.is_past(now):
        return BookingState("past", "This event has taken place.", *agenda)
    if event.booking_closes and event.booking_closes <= now:
        closed = british_time.moment_words(event.booking_closes, event.zone)
        return BookingState("closed", f"Booking closed on {closed}.", *agenda)
    if event.booking_opens and event.booking_opens > now:
        opens = british_time.moment_words(event.booking_opens, event.zone)
        return BookingState("not_open", f"Booking opens on {opens}.", *agenda)
    return _open(event, email, phone)


def _open(event: Event, email: str, phone: str) -> BookingState:
    until = ""
    if event.booking_closes:
        until = f"Booking closes on {british_time.moment_words(event.booking_closes, event.zone)}."
    if event.outside_url:
        return BookingState("open", until or "Booking is open.", "Book your place", "Book", event.outside_url)
    letter = f"mailto:{email}?subject={quote(f'A place at {event.title}')}"
    how = f"To book, write to {email} or ring {phone}."
    return BookingState("open", f"{how} {until}".strip(), "Book by e-mail", "Book", letter)
