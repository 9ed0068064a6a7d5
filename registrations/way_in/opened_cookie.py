"""The session of “My day”: a signed cookie that says which registrations a browser has opened by a link.

It holds their keys and the numbers of their links, so that raising a number closes it everywhere; no name, no
address. The link itself is not kept.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from registrations.models import Registration

_SALT = "registrations.opened"
HOURS = 12
# One address may have registered a whole office; what a cookie can hold is bounded.
MOST = 150


@dataclass(frozen=True, slots=True)
class Opened:
    """The opened registrations, as pairs of key and link number, and the key of the one that is shown.

    `since` is when a link opened them, in seconds since 1970.
    """

    pairs: tuple[tuple[int, int], ...] = ()
    shown: int = 0
    since: int = 0


def name() -> str:
    """Return its name; with the prefix no other site, nor a subdomain, can set it."""
    return "my-day" if settings.IS_LOCAL else "__Host-my-day"


def read(request: HttpRequest, now: datetime.datetime) -> Opened:
    """Return what the browser has opened: nothing without the cookie, and with one that is forged or too old."""
    try:
        values = signing.loads(request.COOKIES.get(name(), ""), salt=_SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return Opened()
    if now.timestamp() - values.get("since", 0) > HOURS * 3600:
        return Opened()
    return Opened(tuple((key, number) for key, number in values["opened"]), values["shown"], values["since"])


def has(request: HttpRequest, registration: Registration, now: datetime.datetime) -> bool:
    """Whether the browser has this registration open, as after the first of two presses of one button."""
    return (registration.pk, registration.link_number) in read(request, now).pairs


def write(response: HttpResponse, registrations: list[Registration], shown: Registration, since: int) -> None:
    """Let the browser open these registrations, and show this one, until it is closed or twelve hours have passed.

    They count from `since`, in seconds since 1970; who had them open already hands over the moment of before.
    """
    pairs = [[each.pk, each.link_number] for each in registrations[:MOST]]
    values = {"opened": pairs, "shown": shown.pk, "since": since}
    text = signing.dumps(values, salt=_SALT, compress=True)
    response.set_cookie(name(), text, path="/", httponly=True, samesite="Lax", secure=not settings.IS_LOCAL)


def close(response: HttpResponse) -> None:
    """Forget what the browser has opened."""
    response.delete_cookie(name(), path="/", samesite="Lax")
