"""Attendees as the site makes them: each booked through `booking`, with history, invoice, needs and a message sent."""

import datetime
import uuid
from collections.abc import Iterator

from django.test.utils import override_settings

from events.models import Event, Kind, Status
from registrations import booking
from registrations.answering.answers import Answers, Needs, Payer, Quote, Wish
from registrations.messages import sending
from registrations.models import Registration
from registrations.tickets import prices

_NOWHERE = "django.core.mail.backends.dummy.EmailBackend"


def register(event: Event, number: int, now: datetime.datetime, word: str = "Person") -> list[Registration]:
    """Register so many people for an event with room enough, write to each, and return them.

    `word` is in all that they type of themselves.
    """
    ticket = event.ticket_types.order_by("-price", "pk").first()
    quote = prices.quote(ticket, now)
    people = [
        booking.register(event, _answers(f"{word} {each}", each % 4 == 0, quote, wishes), uuid.uuid4(), now)
        for each, wishes in zip(range(number), _wishes(event), strict=False)
    ]
    with override_settings(EMAIL_BACKEND=_NOWHERE):
        sending.send_due(lambda: now)
    return people


def _answers(name: str, has_needs: bool, quote: Quote, wishes: dict[int, Wish]) -> Answers:
    """Return what one person answers."""
    letters = f"{name.replace(' ', '').lower()}@example.org"
    needs = Needs(step_free=True, dietary=f"Vegan, says {name}", other=f"A seat near the door for {name}, please.")
    return Answers(
        name=name, email=letters, phone="020 7946 0018", organisation=f"The {name} Trust", badge_name=name,
        job_title="Volunteer co-ordinator", is_member=True, quote=quote, needs=needs if has_needs else None,
        payer=Payer(f"The {name} Trust", "1 Example Street\nLondon", letters) if quote.price else None, wishes=wishes,
    )  # fmt: skip


def _wishes(event: Event) -> Iterator[dict[int, Wish]]:
    """Yield the wishes of one person after the other: one workshop of each series, in turn."""
    workshops = event.sessions.filter(kind=Kind.WORKSHOP, status=Status.PUBLISHED).exclude(title="")
    series: dict[int, list[int]] = {}
    for key, session in workshops.order_by("pk").values_list("series", "pk"):
        series.setdefault(key, []).append(session)
    number = 0
    while True:
        yield {key: Wish(sessions[number % len(sessions)]) for key, sessions in series.items()}
        number += 1
