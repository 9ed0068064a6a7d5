"""Whether one can book, in a sentence and one button.

An open event's button leads to its outside link; without one, to registering on this site, if the app that
registers people offers it for this event; else to a letter to the people who book by hand. Before booking opens here,
it says when that is, and leads to where it will: one reads there what to have ready.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from events.models import Event, Status
from events.showing import Showing
from events.wording import british_time


@dataclass(frozen=True, slots=True)
class BookingState:
    """What a visitor is told.

    `kind` is one of past, cancelled, listing, not_open, open and closed. `button` is empty where there
    is nothing to press; `short` is the same for a narrow header; `href` is where it leads. `everywhere` says that
    each page of the event has it, not its own alone; `here` that it is this site on which one registers now.
    """

    kind: str
    sentence: str
    button: str = ""
    short: str = ""
    href: str = ""
    everywhere: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True)
class Registering:
    """That one can register for an event on this site, now or once booking opens: at which address.

    `is_full` says that it is only for its waiting list.
    """

    address: str
    is_full: bool


Provider = Callable[[Showing], Registering | None]
_providers: list[Provider] = []


def offer_registering(provider: Provider) -> None:
    """Have this asked of each event whose booking is open or will be. The app that registers people calls it once."""
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
        return _not_open(showing) or BookingState("not_open", f"{_opens(event)}.", *agenda)
    return _open(showing, email, phone)


def _opens(event: Event) -> str:
    return f"Booking opens on {british_time.moment_words(event.booking_opens, event.zone)}"


def _not_open(showing: Showing) -> BookingState | None:
    """Return the state of an event whose booking opens here later; None if it does elsewhere, or by letter."""
    event, registering = showing.event, None if showing.event.outside_url else _registering(showing)
    if registering is None:
        return None
    local = event.booking_opens.astimezone(event.zone)
    sentence = "See what to have ready, and put that moment into your calendar."
    words = (_opens(event), f"Booking opens {local.day} {local:%b}")
    return BookingState("not_open", sentence, *words, registering.address, everywhere=True)


def _registering(showing: Showing) -> Registering | None:
    return next((found for provider in _providers if (found := provider(showing))), None)


def _open(showing: Showing, email: str, phone: str) -> BookingState:
    event, until = showing.event, ""
    if event.booking_closes:
        until = f"Booking closes on {british_time.moment_words(event.booking_closes, event.zone)}."
    if event.outside_url:
        link = ("Book your place", "Book", event.outside_url)
        return BookingState("open", until or "Booking is open.", *link, everywhere=True)
    if registering := _registering(showing):
        return _here(registering, until)
    letter = f"mailto:{email}?subject={quote(f'A place at {event.title}')}"
    how = f"To book, write to {email} or ring {phone}."
    return BookingState("open", f"{how} {until}".strip(), "Book by e-mail", "Book", letter, everywhere=True)


def _here(registering: Registering, until: str) -> BookingState:
    if registering.is_full:
        sentence = f"The event is full: you can join its waiting list. {until}".strip()
        words = ("Join the waiting list", "Waiting list")
    else:
        sentence, words = until or "Booking is open.", ("Register for the conference", "Register")
    return BookingState("open", sentence, *words, registering.address, everywhere=True, here=True)
