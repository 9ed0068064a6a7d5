"""Whether one can book, in a sentence and one button.

An open event's button leads to its outside link; without one, to registering on this site, if the app that
registers people offers it for this event; else to a letter to the people who book by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from events.models import Status
from events.showing import Showing
from events.wording import british_time


@dataclass(frozen=True, slots=True)
class BookingState:
    """What a visitor is told.

    `kind` is one of past, cancelled, listing, not_open, open and closed. `button` is empty where there
    is nothing to press; `short` is the same for a narrow header; `href` is where it leads. `here` says that it
    is this site on which one registers.
    """

    kind: str
    sentence: str
    button: str = ""
    short: str = ""
    href: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Registering:
    """That one can register for an event on this site: at which address, and whether only for its waiting list."""

    address: str
    is_full: bool


Provider = Callable[[Showing], Registering | None]
_providers: list[Provider] = []


def offer_registering(provider: Provider) -> None:
    """Have this asked about each open event. The app that registers people calls it once, at the start."""
    _providers[:] = [provider]


def booking_state(showing: Showing, email: str, phone: str) -> BookingState:
    """Return the state of booking for the event now; `email` and `phone` are those of the help line."""
    event, now = showing.event, showing.now
    if event.is_listing:
        link = ("Read about it", "Read more", event.outside_url) if event.outside_url else ("", "", "")
        return BookingState("listing", f"{event.organiser} runs this event: booking is with them.", *link)
    if event.status == Status.CANCELLED:
        return BookingState("cancelled", "This event has been cancelled: it will not take place.")
    agenda = ("See the agenda", "Agenda", showing.addresses.agenda)
    if event.is_past(now):
        return BookingState("past", "This event has taken place.", *agenda)
    if event.booking_closes and event.booking_closes <= now:
        closed = british_time.moment_words(event.booking_closes, event.zone)
        return BookingState("closed", f"Booking closed on {closed}.", *agenda)
    if event.booking_opens and event.booking_opens > now:
        opens = british_time.moment_words(event.booking_opens, event.zone)
        return BookingState("not_open", f"Booking opens on {opens}.", *agenda)
    return _open(showing, email, phone)


def _open(showing: Showing, email: str, phone: str) -> BookingState:
    event, until = showing.event, ""
    if event.booking_closes:
        until = f"Booking closes on {british_time.moment_words(event.booking_closes, event.zone)}."
    if event.outside_url:
        return BookingState("open", until or "Booking is open.", "Book your place", "Book", event.outside_url)
    for provider in _providers:
        if registering := provider(showing):
            return _here(registering, until)
    letter = f"mailto:{email}?subject={quote(f'A place at {event.title}')}"
    how = f"To book, write to {email} or ring {phone}."
    return BookingState("open", f"{how} {until}".strip(), "Book by e-mail", "Book", letter)


def _here(registering: Registering, until: str) -> BookingState:
    if registering.is_full:
        full = f"The event is full: you can join its waiting list. {until}".strip()
        return BookingState("open", full, "Join the waiting list", "Waiting list", registering.address, here=True)
    return BookingState(
        "open", until or "Booking is open.", "Register for the conference", "Register", registering.address, here=True
    )
