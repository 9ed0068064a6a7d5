"""What an event's pages tell of tickets, and of a workshop's places: asked of the app that sells them.

The page and its schema.org data are made from the same values, so that neither can say what the other does not.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from events.models import Session
from events.showing import Showing
from events.wording.booking_words import BookingState


class PlacesWord(StrEnum):
    """All that anybody is told of places: a word and never a count."""

    AVAILABLE = "available"
    FEW = "few"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class TicketShown:
    """A ticket that everybody may have, as a page shows it.

    `pence` is its price, `price` the same in words. `places` and `words` say whether it can be had, and are None and
    empty for one that is not yet on sale: that is so from `opens` on, an aware moment. `until` is its last moment,
    None for as long as booking is open.
    """

    name: str
    audience: str
    pence: int
    price: str
    places: PlacesWord | None
    words: str
    opens: datetime.datetime | None
    until: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Seller:
    """The two questions that the app which sells tickets answers, of the event that is shown and as it is now.

    `tickets` are those that can be had now or later, in the order that staff gave; `places` is the word about a
    workshop's places, None if nobody can book it.
    """

    tickets: Callable[[Showing], list[TicketShown]]
    places: Callable[[Showing, Session], PlacesWord | None]


_sellers: list[Seller] = []


def ask(seller: Seller) -> None:
    """Have this one asked. The app that sells tickets calls it once, at the start."""
    _sellers[:] = [seller]


def tickets(showing: Showing, booking: BookingState) -> list[TicketShown]:
    """Return the tickets to show: none once booking is over, or where somebody else takes the bookings."""
    told = booking.kind in ("open", "not_open") and not showing.event.outside_url
    return [each for seller in _sellers for each in seller.tickets(showing)] if told else []


def places(showing: Showing, booking: BookingState, session: Session) -> PlacesWord | None:
    """Return the word about a session's places; None where its page says nothing of them."""
    answers = (seller.places(showing, session) for seller in _sellers if booking.here)
    return next((each for each in answers if each), None)
