"""Compares what the people of the rush were told with what the database holds, and prints it."""

from typing import TYPE_CHECKING

from django.utils import timezone

from events.models import Session
from registrations import invariants
from registrations.models import ChoiceState, Registration, WorkshopChoice
from registrations.my_day import standing
from registrations.waiting import waiting_lines
from script.benchmarks import journeys
from script.benchmarks.browser import Noted

if TYPE_CHECKING:
    from script.benchmarks.rush import Person


def say(people: "list[Person]", noted: Noted, workshop: Session, places: int) -> bool:
    """Print what happened, and return whether all of it is as it must be."""
    truth = _truth(workshop)
    right = [person for person in people if truth.get(person.reference) == person.told]
    held = [person for person in right if person.told == "Confirmed" and not person.was_refused]
    refused = [person for person in right if person.told != "Confirmed" and person.was_refused]
    confirmed = workshop.choices.confirmed().count()
    winners = min(places, len(people))
    broken = invariants.broken(timezone.now())
    waiting = sum(bool(person.told) for person in refused)
    verdicts = [
        (confirmed == len(held) == winners, f"{confirmed} confirmed, {len(held)} of them told so (must be {winners})"),
        (
            len(refused) == len(people) - winners,
            f"{len(refused)} told truthfully that it is full (must be {len(people) - winners}): then {waiting} on the "
            f"waiting list with the right position, {len(refused) - waiting} without a workshop",
        ),
        (len(truth) == len(people), f"{len(truth)} registrations (must be {len(people)})"),
        (noted.errors == 0, f"{noted.errors} answers of 500 or more (must be 0); statuses {dict(noted.statuses)}"),
        (not broken, "; ".join(broken) or "the invariants hold in the database"),
    ]
    for good, words in verdicts:
        print(f"{'yes' if good else 'NO ':<5}{words}")
    _odd([person for person in people if person not in held and person not in refused], truth)
    return all(good for good, _ in verdicts)


def _truth(workshop: Session) -> dict[str, str]:
    """What each registration should have been told of the workshop, by reference."""
    registrations = list(Registration.objects.confirmed().filter(event=workshop.event_id))
    truth = {each.reference: "" for each in registrations}
    line = waiting_lines.positions(registrations).in_workshop
    for choice in WorkshopChoice.objects.live().filter(session=workshop).select_related("registration"):
        words = "Confirmed" if choice.state == ChoiceState.CONFIRMED else ""
        truth[choice.registration.reference] = words or f"Waiting: you are {standing.ordinal(line[choice.pk])}"
    return truth


def times(people: "list[Person]", noted: Noted) -> None:
    """Print how long each kind of request took, and how long people waited."""
    journeys.table(noted)
    began = min(person.began for person in people)
    last = max(person.ended for person in people) - began
    print(f"\n{len(people)} people at once; the last had their last page after {last:.2f} s.")
    first, whole = ([getattr(person, at) - began for person in people] for at in ("answered", "ended"))
    for words, seconds in (("first answer", first), ("last page", whole)):
        p50, p99 = (journeys.percentile(seconds, each) / 1000 for each in (50, 99))
        print(f"From Confirm to the {words}: p50 {p50:.2f} s, p99 {p99:.2f} s.")


def readers(before: dict, during: dict) -> bool:
    """Print what those saw who read the agenda before the rush and during it; return whether it was well."""
    words = "{number} readings, p50 {p50:.0f} ms, p99 {p99:.0f} ms, answers {statuses}"
    print(f"\nThe agenda, 50 people, before: {words.format(**before)}; during: {words.format(**during)}.")
    times = during["p99"] / before["p99"]
    good = times <= 3 and before["statuses"] == during["statuses"] == ["200"]
    print(f"{'yes' if good else 'NO ':<5}during the rush its p99 was {times:.1f} times as long (to reach: 3 times)")
    return good


def _odd(people: "list[Person]", truth: dict[str, str]) -> None:
    """Print of the first few who were not told the truth what they saw."""
    for person in people[:5]:
        seen = ", ".join(f"{page.status} {page.step} “{page.heading}”" for page in person.answers)
        held = truth.get(person.reference, "no registration")
        print(f"     person {person.browser.number}: {seen}; told “{person.told}”, in the database “{held}”")
