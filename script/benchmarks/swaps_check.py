"""Who takes part in script/bench swaps, and what must be true after it."""

from collections import Counter
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from events.models import Kind, Session
from registrations import invariants, places
from registrations.models import ChoiceState, Registration, WorkshopChoice
from registrations.programme_changes import capacities
from registrations.way_in import links
from script.benchmarks import bookable, crowd
from script.benchmarks.browser import Noted

if TYPE_CHECKING:
    from script.benchmarks.swaps import Person

FREE = 10


def crowd_of(number: int) -> tuple[list[tuple[int, str, str]], str, dict[str, str]]:
    """Register so many people: two fifths each in A and in B, the rest in C, where some places stay free.

    Return each one's key, link and workshop; the name of the question; and the keys of A, B and C.
    """
    event = bookable.sample()
    found = Session.objects.filter(event=event, kind=Kind.WORKSHOP, status="published").exclude(title="")
    a, b, c = found.filter(series__number=1).order_by("code")[:3]
    pairs = [((a, None), (b, None))[each % 2] if each % 5 < 4 else (c, None) for each in range(number)]
    people = crowd.register(event.ticket_types.first(), pairs, timezone.now())
    Session.objects.filter(pk=c.pk).update(capacity=sum(held == c for held, _ in pairs) + FREE)
    places_of_event(event.pk)
    listed = [(each.pk, _path(each), str(held.pk)) for each, (held, _) in zip(people, pairs, strict=True)]
    return listed, f"series-{a.series_id}", {name: str(each.pk) for name, each in zip("ABC", (a, b, c), strict=True)}


def places_of_event(key: int) -> None:
    """Count the capacities of an event anew."""
    # A transaction of its own, as whoever changes the programme has one.
    with places.writing():
        places.lock([key])
        capacities.bring_up_to_date([key])


def _path(registration: Registration) -> str:
    return "/my-day/" + links.my_day(registration).partition("/my-day/")[2]


def say(people: list["Person"], noted: Noted) -> bool:
    """Print what happened, and return whether all is as it must be."""
    deadlocks = _deadlocks()
    keys = [person.key for person in people]
    held = Counter(_choices(keys, ChoiceState.CONFIRMED).values_list("registration", flat=True))
    wrong = [person for person in people if person.told != _true_of(person.key)]
    broken = invariants.broken(timezone.now())
    waiting = _choices(keys, ChoiceState.WAITING).count()
    first = Counter(person.answers[0].status for person in people)
    print(f"\n{len(people)} people changed at once; the first answers by status: {dict(first)}.")
    print(f"{sum(held.values())} hold a workshop, each one: {set(held.values()) == {1}}; {waiting} wait.")
    busy = noted.statuses[503]
    errors = noted.errors - busy
    print(f"Told otherwise than the database says: {len(wrong)}. Deadlocks: {deadlocks}. Errors: {errors}.")
    print(f"Asked to send once more, because the lock did not come within 3 seconds: {busy}.")
    print("\n".join(broken) or "Every invariant holds.")
    whole = len(held) == len(people) and set(held.values()) == {1}
    return whole and not wrong and not broken and not deadlocks and not errors


def _choices(keys: list[int], state: ChoiceState) -> object:
    return WorkshopChoice.objects.filter(registration__in=keys, state=state)


def _true_of(key: int) -> set[str]:
    words = {ChoiceState.CONFIRMED: "chosen", ChoiceState.WAITING: "awaited"}
    choices = WorkshopChoice.objects.live().filter(registration=key).select_related("session__series")
    return {f"{each.session.full_code} {words[ChoiceState(each.state)]}" for each in choices}


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot(), deadlocks FROM pg_stat_database WHERE datname = %s", [
            connection.settings_dict["NAME"]
        ])  # fmt: skip
        return cursor.fetchone()[1]
