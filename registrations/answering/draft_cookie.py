"""The cookie that says which draft, and then which registration, is a visitor's own: its key, signed."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from registrations.answering.drafts import KEPT

_SALT = "registrations.draft"


def name() -> str:
    """Return its name; with the prefix no other site, nor a subdomain, can set it."""
    return "registration" if settings.IS_LOCAL else "__Host-registration"


def read(request: HttpRequest) -> uuid.UUID | None:
    """Return the key; None without the cookie, and for one that is forged or older than a day."""
    text = request.get_signed_cookie(name(), default=None, salt=_SALT, max_age=KEPT)
    return uuid.UUID(text) if text else None


def close(response: HttpResponse) -> None:
    """Forget whose this browser is."""
    response.delete_cookie(name(), path="/", samesite="Lax")


def write(response: HttpResponse, key: uuid.UUID) -> None:
    """Make this the key of the browser for a day from now."""
    response.set_signed_cookie(
        name(), str(key), salt=_SALT, max_age=int(KEPT.total_seconds()), path="/", httponly=True, samesite="Lax",
        secure=not settings.IS_LOCAL,
    )  # fmt: skip
