"""What a colleague has opened by the link that passes a place to them: a signed cookie, so that no address keeps it.

It holds the key of the transfer and the moment at which it was made, not the link; no name, no address. Whether it can
still be accepted is asked of the transfer itself.
"""

import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from registrations.models import Transfer

_SALT = "registrations.accepting"
HOURS = 12


def name() -> str:
    """Return its name; with the prefix no other site, nor a subdomain, can set it."""
    return "my-day-accept" if settings.IS_LOCAL else "__Host-my-day-accept"


def read(request: HttpRequest, now: datetime.datetime) -> Transfer | None:
    """Return the transfer that the browser has opened, ended ones too; None without one, or where it is too old."""
    try:
        values = signing.loads(request.COOKIES.get(name(), ""), salt=_SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    if now.timestamp() - values["since"] > HOURS * 3600:
        return None
    # By its moment too: should a restore from a backup lose this row, its key goes to another one.
    made_at = datetime.datetime.fromisoformat(values["made"])
    found = Transfer.objects.select_related("registration__event__venue")
    return found.filter(pk=values["transfer"], made_at=made_at).first()


def write(response: HttpResponse, transfer: Transfer, now: datetime.datetime) -> None:
    """Let the browser see this transfer, until it is closed or twelve hours have passed."""
    values = {"transfer": transfer.pk, "made": transfer.made_at.isoformat(), "since": int(now.timestamp())}
    text = signing.dumps(values, salt=_SALT)
    response.set_cookie(name(), text, path="/", httponly=True, samesite="Lax", secure=not settings.IS_LOCAL)


def close(response: HttpResponse) -> None:
    """Forget what the browser has opened."""
    response.delete_cookie(name(), path="/", samesite="Lax")
