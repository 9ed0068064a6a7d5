"""The series in which somebody takes no part, as they said: kept and ended by `booking`, under the lock.

What was said is respected until they say otherwise: by choosing a workshop of the series or waiting for one, which ends
it in PostgreSQL as well, or by “I will choose later”.
"""

import datetime
from collections.abc import Iterable, Mapping

from events.storing.asking import Question
from registrations.answering.answers import Wish
from registrations.models import NoPart, Registration
from registrations.places import Ledger


def of(registration: Registration) -> set[int]:
    """Return the keys of the series in which this attendee takes no part. One short query."""
    return set(NoPart.objects.filter(registration=registration).order_by().values_list("series", flat=True))


def question(registration: str, value: object) -> Question[set[int]]:
    """Return the same as a question, of a registration whose key this piece of SQL with this one value gives."""
    statement = f"SELECT series_id FROM registrations_nopart WHERE registration_id = {registration}"
    return Question(statement, [value], lambda found: {series for (series,) in found})


def of_many(registrations: Iterable[Registration]) -> dict[int, list[int]]:
    """Return the same of several attendees, by their keys; who takes part in everything is left out. One query."""
    found: dict[int, list[int]] = {}
    rows = NoPart.objects.filter(registration__in=[each.pk for each in registrations]).order_by("series")
    for registration, series in rows.values_list("registration", "series"):
        found.setdefault(registration, []).append(series)
    return found


def wished(ledger: Ledger, wishes: Mapping[int, Wish]) -> list[int]:
    """Return the series of these wishes in which somebody wants no part; one that has gone meanwhile is none."""
    still = {session.series_id for session in ledger.workshops.values()}
    return sorted(series for series, wish in wishes.items() if wish.no_part and series in still)


def begin(registration: Registration, series: Iterable[int], now: datetime.datetime) -> None:
    """Keep that somebody takes no part in these series. What was said before stays as it was said then."""
    rows = [
        NoPart(registration=registration, series_id=key, event_id=registration.event_id, made_at=now) for key in series
    ]
    if rows:
        NoPart.objects.bulk_create(rows, ignore_conflicts=True)


def change(ledger: Ledger, registration: Registration, wishes: Mapping[int, Wish], now: datetime.datetime) -> None:
    """Keep what these wishes say of taking no part, in place of what was kept of their series."""
    before, wanted = of(registration) & wishes.keys(), set(wished(ledger, wishes))
    begin(registration, wanted - before, now)
    if ended := before - wanted:
        NoPart.objects.filter(registration=registration, series__in=ended).delete()


def forget(registration: Registration) -> None:
    """Forget all of it: the registration becomes somebody else's, whose wish it was not."""
    NoPart.objects.filter(registration=registration).delete()
