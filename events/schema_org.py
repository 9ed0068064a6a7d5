"""What a page tells search engines of its event or session: the values that the page shows, written by `feeds.json_ld`.

Sample events, listings and previews tell nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps

from django.utils.safestring import SafeString

from events import tickets_shown
from events.feeds import json_ld
from events.models import Person, Session
from events.page import absolute, booking_of
from events.showing import Showing
from events.tickets_shown import TicketShown

Teller = Callable[..., json_ld.Data]


def _told(teller: Teller) -> Callable[..., SafeString | None]:
    @wraps(teller)
    def script(showing: Showing, *shown: object) -> SafeString | None:
        if showing.event.is_sample or showing.event.is_listing or showing.preview:
            return None
        return json_ld.as_script(teller(showing, *shown))

    return script


@_told
def of_event(showing: Showing, people: Iterable[Person], tickets: Sequence[TicketShown]) -> json_ld.Data:
    """Return the data of the event's page, which names these people and shows these tickets, for its script element.

    None where there is none to give.
    """
    event, booking, at = showing.event, booking_of(showing), absolute(showing.addresses.event)
    where = absolute(booking.href) if booking.here else at
    offers = [json_ld.offer(each, where, event.zone) for each in tickets]
    return json_ld.event(event, at, performers=json_ld.performers_among(people), offers=offers)


@_told
def of_agenda(showing: Showing, sessions: Iterable[Session]) -> json_ld.Data:
    """Return the same of the agenda, which shows these sessions with their credits."""
    parts = [
        json_ld.part(
            each, absolute(showing.addresses.session(each)), showing.event, past=showing.past,
            performers=json_ld.performers_of(each.credits),
        )
        for each in sessions
    ]  # fmt: skip
    return json_ld.event(showing.event, absolute(showing.addresses.event), parts=parts)


@_told
def of_session(showing: Showing, session: Session) -> json_ld.Data:
    """Return the same of the page of a session with its credits."""
    booking, addresses = booking_of(showing), showing.addresses
    word = tickets_shown.places(showing, booking, session)
    return json_ld.session(
        session, absolute(addresses.session(session)), showing.event, absolute(addresses.event), past=showing.past,
        performers=json_ld.performers_of(session.credits),
        offers=[json_ld.places(word, absolute(booking.href))] if word else [],
    )  # fmt: skip
