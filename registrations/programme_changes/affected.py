"""Whom a change of the programme affects, in numbers, and what they will be told: said to staff before it is saved."""

import datetime

from events import affected
from events.changes import Rows
from events.models import Event, Kind, Session, Status
from events.wording.credits import joined
from registrations.models import ChoiceState, Registration, RegistrationStatus, WorkshopChoice
from registrations.programme_changes import cancelling_events, notices
from registrations.programme_changes.change import Change, key_of
from registrations.programme_changes.refusals import has, people

MOST = 3  # named; more are counted
ONE_MESSAGE = "in one message with whatever else you change until then. What is back as it was by then is not told."


def subscribe() -> None:
    """Say it wherever staff change the programme, from now on."""
    affected.ask(Booked())


class Booked:
    """Asked by `events.affected`, outside of any lock: the numbers are those of this moment."""

    def affects(self, before: Rows, after: Rows, now: datetime.datetime) -> list[str]:
        """Return a sentence for each event and workshop cancelled, and for all that gets another time or room."""
        change = Change(before, after)
        cancelled = cancelling_events.newly_cancelled(change)
        found = [
            *(_event_cancelled(row, now) for _, row in change.events if row and row.pk in cancelled),
            *(_workshop_cancelled(was) for was, row in change.sessions if was and row and _ends(was, row)),
            *(_moved(change, event, now) for event in _events(change)),
        ]
        return [sentence for sentence in found if sentence]

    def booked(self, row: Event | Session) -> str:
        """Return “2 have a place, 1 waits”; of a session for everybody, how many have a place at the event."""
        if isinstance(row, Session) and row.kind == Kind.WORKSHOP:
            claims = WorkshopChoice.objects.filter(session=row)
            return _numbers(claims.confirmed().count(), claims.filter(state=ChoiceState.WAITING).count())
        of_event = Registration.objects.filter(event=key_of(row, "event") if isinstance(row, Session) else row.pk)
        waiting = 0 if isinstance(row, Session) else of_event.filter(status=RegistrationStatus.WAITING).count()
        return _numbers(of_event.confirmed().count(), waiting)


def _event_cancelled(event: Event, now: datetime.datetime) -> str:
    number = 0 if event.is_past(now) else Registration.objects.live().filter(event=event.pk).count()
    return f"{_who(number)} registered: they are told at once that “{event}” will not take place." if number else ""


def _ends(was: Session, row: Session) -> bool:
    return row.kind == Kind.WORKSHOP and row.status == Status.CANCELLED != was.status


def _workshop_cancelled(workshop: Session) -> str:
    number = WorkshopChoice.objects.live().filter(session=workshop).count()
    if not number:
        return ""
    return f"{_who(number)} a place in “{workshop}”, or wait for one: that ends, and they are told at once."


def _events(change: Change) -> list[Event]:
    """Return the events of which somebody may have to be told, as they will be."""
    keys = notices.events_with_news(change)
    changed = {row.pk: row for _, row in change.events if row and row.pk in keys}
    stored = Event.objects.filter(pk__in=keys - changed.keys()).select_related("venue") if keys else ()
    return [each for each in [*changed.values(), *stored] if not each.is_listing]


def _moved(change: Change, event: Event, now: datetime.datetime) -> str:
    concerned = notices.concerned(change, event, now)
    if not concerned:
        return ""
    named = [f"“{was}”" for was in notices.moved(change, event)]
    more = [f"{len(named) - MOST} more"] if len(named) > MOST else []
    when = "in ten minutes" if notices.wait(change, event, now) == notices.SHORT_WAIT else "in an hour"
    where = joined(named[:MOST] + more)
    return f"{_who(len(concerned))} a place in {where}, or wait for one: they are told {when}, {ONE_MESSAGE}"


def _who(number: int) -> str:
    return f"{people(number)} {has(number)}"


def _numbers(held: int, waiting: int) -> str:
    parts = [f"{people(held)} {has(held)} a place"] if held else []
    parts += [f"{waiting if held else people(waiting)} {'waits' if waiting == 1 else 'wait'}"] if waiting else []
    return ", ".join(parts)
