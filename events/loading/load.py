"""Loading: each supplied event once. Only the sample comes again, when its day has passed."""

import datetime
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from events import changes
from events.loading import memory
from events.loading.build import Plan, build, event_key
from events.loading.files import ProgrammeFile, read
from events.loading.keys import FileProblem
from events.models import Event, Organisation, Person, Session
from events.problems import Refused
from events.wording import british_time

PROGRAMMES = Path(__file__).resolve().parent.parent / "programmes"


def load_all(now: datetime.datetime, *, sample: bool = False, folder: Path = PROGRAMMES) -> list[str]:
    """Load every programme of the folder that has not been loaded before; the invented ones only if `sample`.

    Returns lines that say what was done. Raises FileProblem, with nothing loaded at all, if one of the files is wrong.
    """
    programmes = [read(path) for path in sorted(folder.glob("*.toml"))]
    with transaction.atomic():
        memory.take_turns()
        done = [list(_load(each, now)) for each in programmes if sample or not each.is_sample]
    return [line for lines in done for line in lines] + memory.left_alone(done.count([]), "event")


def _load(programme: ProgrammeFile, now: datetime.datetime) -> Iterator[str]:
    """Load one event unless it was loaded before, and say so; a sample whose day has passed makes room for the next."""
    title, slug = programme.event["title"].replace(" {year}", ""), programme.event["slug"]
    known = memory.find(Event, event_key(programme))
    if known is None and memory.is_known(event_key(programme)):
        return  # staff deleted it
    if known is not None:
        if not (programme.is_sample and known.is_sample and known.is_past(now)):
            return
        yield from _step_aside(known, slug)
    if Event.objects.filter(slug=slug).exists():
        yield f"“{title}” is not loaded: another event has the address {slug}."
        return
    yield _save(programme, build(programme, now), now)


def _step_aside(past: Event, slug: str) -> Iterator[str]:
    """Give a past sample an address with its date, so that the next one can have the address."""
    if past.slug == slug:
        past.slug = f"{slug}-{past.starts.astimezone(past.zone):%Y-%m-%d}"
        changes.apply(saves=[past])
        yield f"“{past.title}” is over: it is now at {past.slug}."


def _save(programme: ProgrammeFile, plan: Plan, now: datetime.datetime) -> str:
    try:
        changes.apply(saves=plan.saves)
    except Refused as refused:
        raise FileProblem(f"{programme.name}: {refused}") from refused
    for key, row in plan.remembered:
        memory.remember(key, row, now)
    return _done(next(row for row in plan.saves if isinstance(row, Event)), plan)


def _done(event: Event, plan: Plan) -> str:
    """The sentence that says what was loaded, and how much of it."""
    if event.is_listing:
        return f"Loaded the listing “{event.title}”."
    counted = [
        (plan.count(Session), "session", "sessions"),
        (plan.count(Person), "person", "people"),
        (plan.count(Organisation), "organisation", "organisations"),
    ]
    words = ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in counted if number)
    return f"Loaded “{event.title}”, {british_time.date_words(event.starts, event.zone)}: {words}."
