"""The QR code of a page, for posters and slides."""

from django.http import HttpRequest, HttpResponse

from events import programme, qr_codes
from events.page import absolute
from events.showing import Showing
from events.views.access import moved_within
from events.views.session import present_address


def event_qr(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Return the code of the event's page."""
    return _code(showing.addresses.event, showing.event.title)


def session_qr(request: HttpRequest, showing: Showing, session: str) -> HttpResponse:
    """Return the code of a session's page; the address of a former one leads to the present one's."""
    shown = programme.sessions(showing).filter(slug=session).first()
    if shown is None:
        now_at = present_address(showing, session)
        return moved_within(request, now_at and f"{now_at}qr.svg")
    heading = shown.heading_after if showing.past else shown.heading
    return _code(showing.addresses.session(shown), f"{heading} – {showing.event.title}")


def _code(address: str, named: str) -> HttpResponse:
    return HttpResponse(qr_codes.svg(absolute(address), f"QR code: {named}"), content_type="image/svg+xml")
