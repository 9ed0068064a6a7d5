"""What public pages tell of tickets and of workshops' places: where it depends on a count, one of three words.

A trigger on places ends stored pages with each such word (migration 0009), whatever it is about; the moments at which
tickets come and go are among those of `events.storing.page_moments` (`registrations.apps`).
"""

import datetime

from events import tickets_shown
from events.models import Event, Session
from events.showing import Showing
from events.tickets_shown import PlacesWord, Seller, TicketShown
from registrations import availability
from registrations.availability import Availability
from registrations.tickets import on_sale
from registrations.tickets.on_sale import TicketOnSale


def subscribe() -> None:
    """Have the pages of every event ask here."""
    tickets_shown.ask(Seller(tickets, of_workshop))


def of_workshop(showing: Showing, session: Session) -> PlacesWord | None:
    """Return the word about a workshop's places; None if nobody can book it here and now, or it is no workshop."""
    places = places_told(showing, session)
    return places and places.word


def places_told(showing: Showing, session: Session) -> Availability | None:
    """Return the places that a page tells of, in words. All sessions of a page cost one query together."""
    if not availability.is_told(showing.event, session, showing.now):
        return None
    return availability.shown(showing).workshops.get(session.pk)


def tickets(showing: Showing) -> list[TicketShown]:
    """Return the tickets on sale or coming. Those for who was invited are not told of to everybody."""
    return [_shown(each, showing) for each in on_sale.listed(showing) if not each.ticket_type.invitation_code]


def _shown(offer: TicketOnSale, showing: Showing) -> TicketShown:
    ticket, opens = offer.ticket_type, _opens(offer, showing)
    word, words = (None, "") if opens else _words(offer, showing)
    return TicketShown(
        ticket.name, ticket.audience, ticket.price, offer.price, word, words, opens, _until(offer, showing.event)
    )


def _opens(offer: TicketOnSale, showing: Showing) -> datetime.datetime | None:
    """Return from when it is on sale; None if it is now."""
    moments = (offer.ticket_type.available_from, showing.event.booking_opens)
    return max((each for each in moments if each and each > showing.now), default=None)


def _until(offer: TicketOnSale, event: Event) -> datetime.datetime | None:
    """Return until when it can be had, if it ends by itself: then at the latest when booking closes."""
    ends = offer.ticket_type.available_until
    return ends and min(ends, event.booking_closes or ends)


def _words(offer: TicketOnSale, showing: Showing) -> tuple[PlacesWord, str]:
    """Return the word and what is said. Full is also a ticket of which some are left while the event is."""
    if offer.is_sold_out:
        return PlacesWord.FULL, "Sold out"
    ticket, whole = Availability(offer.ticket_type.capacity, offer.taken), availability.shown(showing).event
    scarcer = whole if whole.is_full or whole.are_few else ticket
    return scarcer.word, scarcer.words
