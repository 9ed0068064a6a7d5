"""What registrations count for Prometheus: what was booked, and why something was not.

What was booked counts once it is committed, and what cannot be counted harms no booking.
"""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import transaction
from prometheus_client import Counter

from registrations.problems import Refused, Why


class Deed(enum.StrEnum):
    """What people do with their places."""

    CONFIRMED = enum.auto()  # registered, with a place
    WAITING = enum.auto()  # registered, on the waiting list
    CHANGED = enum.auto()
    CANCELLED = enum.auto()
    OFFER_ACCEPTED = enum.auto()
    OFFER_DECLINED = enum.auto()


_bookings = Counter("conference_bookings", "What people did with their places.", ["deed"])
_refusals = Counter("conference_refusals", "What was not written, by the first reason.", ["why"])
# So that each is there as 0 before it happens: Prometheus cannot see a number rise that was not there.
_of_deed = {deed: _bookings.labels(deed.value) for deed in Deed}
_of_why = {why: _refusals.labels(why.value) for why in Why}


def booked(deed: Deed) -> None:
    """Count what is being written, as soon as it is committed."""
    transaction.on_commit(partial(_of_deed[deed].inc), robust=True)


@contextmanager
def refusals() -> Iterator[None]:
    """Count what is refused within, by the first reason."""
    try:
        yield
    except Refused as refusal:
        for problem in refusal.problems[:1]:
            _of_why[problem.why].inc()
        raise
