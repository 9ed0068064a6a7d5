"""Many people registered at once, put into the database in bulk, for measuring what happens among them."""

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction

from events.models import Session
from registrations import places, references
from registrations.models import (
    ChoiceState,
    Message,
    MessageKind,
    Places,
    Registration,
    RegistrationStatus,
    TicketType,
    WorkshopChoice,
)
from registrations.programme_changes import capacities


def register(
    ticket_type: TicketType,
    pairs: Sequence[tuple[Session, Session | None]],
    now: datetime.datetime,
) -> list[Registration]:
    """Register one person for each pair: the workshop that they hold, and the one that they wait for.

    Return them in order. The capacity of every workshop concerned becomes exactly what is taken. The rows are those
    that `booking` writes, less their history.
    """
    event = ticket_type.event
    people = [_person(ticket_type, now) for _ in pairs]
    with transaction.atomic():
        places.lock([event.pk])
        Registration.objects.bulk_create(people)
        choices = []
        for number, (person, (held, waited)) in enumerate(zip(people, pairs, strict=True)):
            choices.append(_choice(person, held, ChoiceState.CONFIRMED, now))
            if waited:
                at = now + datetime.timedelta(milliseconds=number)
                choices.append(_choice(person, waited, ChoiceState.WAITING, at))
        WorkshopChoice.objects.bulk_create(choices)
        Message.objects.bulk_create(_message(person, now) for person in people)
        _count(event.pk, {each.pk for pair in pairs for each in pair if each})
    return people


def _person(ticket_type: TicketType, now: datetime.datetime) -> Registration:
    key = uuid.uuid4()
    name, email = f"Person {key.hex[:12]}", f"{key.hex[:12]}@example.org"
    return Registration(
        event=ticket_type.event, reference=references.new(), name=name, email=email, ticket_type=ticket_type,
        price_agreed=0, status=RegistrationStatus.CONFIRMED, idempotency_key=key, name_key=name.lower(),
        email_key=email, created_at=now,
    )  # fmt: skip


def _choice(person: Registration, session: Session, state: ChoiceState, at: datetime.datetime) -> WorkshopChoice:
    return WorkshopChoice(
        registration=person, session=session, event_id=session.event_id, series_id=session.series_id,
        starts=session.starts, ends=session.ends, state=state, made_at=at,
        waiting_since=at if state == ChoiceState.WAITING else None,
    )  # fmt: skip


def _message(person: Registration, now: datetime.datetime) -> Message:
    return Message(
        kind=MessageKind.CONFIRMED, recipient=person.email, message_id=f"<{uuid.uuid4()}@bench.example>",
        registration=person, created_at=now, due_at=now, state="sent", sent_at=now,
    )  # fmt: skip


def _count(event_key: int, sessions: set[int]) -> None:
    """Count what is taken, and make that the capacity of the workshops concerned."""
    for row in Places.objects.filter(event=event_key):
        if row.session_id:
            row.taken = WorkshopChoice.objects.confirmed().filter(session=row.session_id).count()
            if row.session_id in sessions:
                Session.objects.filter(pk=row.session_id).update(capacity=row.taken)
        else:
            of = {"ticket_type": row.ticket_type_id} if row.ticket_type_id else {"event": event_key}
            row.taken = Registration.objects.confirmed().filter(**of).count()
        row.save(update_fields=["taken"])
    capacities.bring_up_to_date([event_key])
