"""Personal links: an HMAC of what they open and what for, with the number by which all of a registration's end.

A link is stored nowhere: whoever sends a message makes it. 160 bits, in letters that no mail program cuts off.
"""

import base64
import datetime
from collections.abc import Iterator

from django.conf import settings
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from events.models import Event, Venue
from events.models.event import last_saved
from events.page import absolute
from registrations.models import LinkRequest, Registration, Transfer

# How long after the event its registrations can still be opened.
OPENS_UNTIL = datetime.timedelta(days=30)
MY_DAY, FIND, TRANSFER, CALENDAR = "my-day", "find", "transfer", "calendar"
_BYTES = 20
_BIGGEST_KEY = 2**63 - 1


def my_day(registration: Registration) -> str:
    """Return the link to a registration, absolute."""
    return _link("my_day:open", MY_DAY, registration.pk, _of_registration(registration))


def found(request: LinkRequest) -> str:
    """Return the link to all registrations of an address, for who asked for it."""
    return _link("my_day:found", FIND, request.pk, _of_request(request))


def transfer(passing: Transfer) -> str:
    """Return the link with which a colleague accepts a place."""
    return _link("my_day:accept", TRANSFER, passing.pk, _of_transfer(passing))


def calendar(registration: Registration) -> str:
    """Return the address at which a registration's calendar is subscribed to; it opens nothing else."""
    return _link("my_day:feed", CALENDAR, registration.pk, _of_calendar(registration))


def registration_of(token: str, now: datetime.datetime) -> Registration | None:
    """Return the registration that a link opens; None if it is not ours, ended by another number, or too old."""
    registration = Registration.objects.filter(pk=_key(token)).select_related("event").first()
    fits = registration is not None and _fits(token, MY_DAY, _of_registration(registration))
    return registration if fits and can_be_opened(registration, now) else None


def calendar_of(token: str, now: datetime.datetime) -> Registration | None:
    """Return the registration whose calendar a token opens, with its event as calendars need it. One query.

    None if it is not ours, was ended, or is too old.
    """
    changed = Greatest(last_saved(Event, "event"), last_saved(Venue, "event__venue"))
    found = Registration.objects.select_related("event__venue").annotate(event_last_change=changed)
    registration = found.filter(pk=_key(token)).first()
    fits = registration is not None and _fits(token, CALENDAR, _of_calendar(registration))
    if not fits or not can_be_opened(registration, now):
        return None
    registration.event.last_change = registration.event_last_change or registration.event.sorts_at
    return registration


def request_of(token: str) -> LinkRequest | None:
    """Return what somebody asked for, by the link they were sent; None if it is not ours."""
    request = LinkRequest.objects.filter(pk=_key(token)).first()
    return request if request is not None and _fits(token, FIND, _of_request(request)) else None


def transfer_of(token: str) -> Transfer | None:
    """Return the transfer that a link accepts, ended ones too; None if it is not ours."""
    passing = Transfer.objects.filter(pk=_key(token)).select_related("registration__event__venue").first()
    return passing if passing is not None and _fits(token, TRANSFER, _of_transfer(passing)) else None


def can_be_opened(registration: Registration, now: datetime.datetime) -> bool:
    """Whether it is not erased, and its event is not over for longer than thirty days."""
    return registration.anonymised_at is None and now < registration.event.ends + OPENS_UNTIL


def _of_registration(registration: Registration) -> str:
    # The key of the submission too: should a restore from a backup lose this row, its number goes to somebody else.
    return f"{registration.idempotency_key}:{registration.link_number}"


def _of_calendar(registration: Registration) -> str:
    # Whatever ends the links ends it, above all that the place is somebody else's; and it can be ended by itself.
    return f"{_of_registration(registration)}:{registration.calendar_number}"


def _of_request(request: LinkRequest) -> str:
    return f"{request.email_key}:{request.made_at.isoformat()}"


def _of_transfer(passing: Transfer) -> str:
    # Not by the registration's number: that rises when it is accepted, and who presses twice is to be told so. Whatever
    # ends the registration's links ends the transfer itself.
    return f"{passing.registration_id}:{passing.made_at.isoformat()}"


def _link(view: str, purpose: str, key: int, facts: str) -> str:
    return absolute(reverse(view, kwargs={"token": f"{key}-{_code(settings.SECRET_KEY, purpose, key, facts)}"}))


def _fits(token: str, purpose: str, facts: str) -> bool:
    code = token.partition("-")[2]
    return any(constant_time_compare(code, _code(secret, purpose, _key(token), facts)) for secret in _secrets())


def _secrets() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _code(secret: str, purpose: str, key: int, facts: str) -> str:
    mac = salted_hmac(f"registrations.links.{purpose}", f"{key}:{facts}", secret=secret, algorithm="sha256").digest()
    return base64.b32encode(mac[:_BYTES]).decode().lower()


def _key(token: str) -> int:
    """Return the key in a token; 0, which no row has, where there is none."""
    key = token.partition("-")[0]
    fits = key.isascii() and key.isdecimal() and len(key) < 20 and int(key) <= _BIGGEST_KEY
    return int(key) if fits else 0
