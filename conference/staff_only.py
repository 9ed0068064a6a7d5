"""What only staff need: sessions, who is signed in, messages, and who changed something, below /admin/ alone.

Public addresses ignore who is signed in, so they do not ask; each of these costs every page something.
"""

from collections.abc import Callable

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from simple_history.middleware import HistoryRequestMiddleware

STAFF = "/admin/"


class _ForStaff:
    """Passes by whatever does not go below STAFF."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer, by way of Django's middleware only for staff."""
        return super().__call__(request) if is_for_staff(request) else self.get_response(request)


class Sessions(_ForStaff, SessionMiddleware):
    """Django's sessions."""


class Authentication(_ForStaff, AuthenticationMiddleware):
    """Django's `request.user`."""


class Messages(_ForStaff, MessageMiddleware):
    """Django's messages."""


def is_for_staff(request: HttpRequest) -> bool:
    """Whether the request goes below STAFF."""
    return request.path_info.startswith(STAFF)


def history(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that tells simple_history who changes something."""
    noting = HistoryRequestMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        return noting(request) if is_for_staff(request) else get_response(request)

    return middleware
