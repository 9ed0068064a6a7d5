"""Each request has an id: it stands in every line of the log that the request causes, and on the page of a fault.

A proxy that gives its requests ids says them in X-Request-ID. It is believed only if it is one of TRUSTED_PROXIES,
since anybody else could write into the log with it; and it must set the header itself, not pass on a visitor's.
"""

import os
import re
from contextvars import ContextVar

from django.http import HttpRequest

from registrations.client_address import comes_from_a_trusted_proxy

HEADER = "X-Request-ID"
_LOOKS_LIKE_ONE = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="")


def begin(request: HttpRequest) -> str:
    """Return the id of a request that begins, and make it the current one.

    It stays so until the thread's next request: Django and gunicorn say things about a request when all of its
    middleware is over.
    """
    given = request.META.get("HTTP_X_REQUEST_ID")
    believed = given and _LOOKS_LIKE_ONE.fullmatch(given) and comes_from_a_trusted_proxy(request)
    # Twelve digits can be said on the telephone; that two requests of a year share one does no harm.
    number = given if believed else os.urandom(6).hex()
    _current.set(number)
    return number


def current() -> str:
    """Return the id of the request under way; empty where there is none, as in the worker."""
    return _current.get()


def forget() -> None:
    """Be in no request."""
    _current.set("")
