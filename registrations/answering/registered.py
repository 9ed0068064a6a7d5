"""A registration with all that its page says of it, asked for in one round trip by the key of its submission."""

import uuid
from dataclasses import dataclass

from events.showing import Showing
from events.storing.asking import Question
from registrations import no_part, rows
from registrations.models import Invoice, Registration, WorkshopChoice

_MINE = "(SELECT {column} FROM registrations_registration WHERE idempotency_key = %s)"


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration, its live choices, its colleagues of the last day, and whether it has access needs.

    `no_part` are the series in which its attendee takes no part; `on_invoice` is how many others pay for their places
    by the same invoice.
    """

    registration: Registration
    choices: list[WorkshopChoice]
    colleagues: list[Registration]
    gave_needs: bool
    on_invoice: int
    no_part: set[int]


def asked(key: uuid.UUID) -> dict[str, Question]:
    """Return the questions, by the names under which `of` finds their answers."""
    mine, invoice = _MINE.format(column="id"), _MINE.format(column="invoice_id")
    colleagues = "id IN (SELECT registration_id FROM registrations_draft WHERE answers ->> 'with' = %s)"
    return {
        "registration": rows.matching(Registration, "idempotency_key = %s", [key]),
        "choices": rows.matching(
            WorkshopChoice, f"registration_id = {mine} AND state <> 'released'", [key], "ORDER BY state, id"
        ),
        "invoice": rows.matching(Invoice, f"id = {invoice}", [key]),
        "colleagues": rows.matching(Registration, colleagues, [str(key)], "ORDER BY id"),
        "on_invoice": Question(
            f"SELECT count(*) FROM registrations_registration WHERE invoice_id = {invoice} AND id <> {mine}"
            " AND status = 'confirmed' AND price_agreed > 0",
            [key, key],
            lambda found: found[0][0],
        ),
        "gave_needs": Question(f"SELECT FROM registrations_accessneeds WHERE registration_id = {mine}", [key], bool),
        "no_part": no_part.question(mine, key),
    }


def of(showing: Showing) -> Registered | None:
    """Return the registration that was asked for, if there is one of this event."""
    noted = showing.noted
    for registration in noted.get("registration", ()):
        if registration.event_id == showing.event.pk:
            registration.event = showing.event
            registration.invoice = next(iter(noted["invoice"]), None)
            said = (noted[name] for name in ("choices", "colleagues", "gave_needs", "on_invoice", "no_part"))
            return Registered(registration, *said)
    return None
