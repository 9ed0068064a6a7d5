"""Erasing somebody who asks staff for it: said before, asked for, done by the one function that does it."""

import datetime

from registrations.admin.deeds import Deed
from registrations.data_rights import erasing
from registrations.models import Registration


def _what_it_does(registration: Registration) -> list[str]:
    if registration.anonymised_at:
        return [f"{registration}: is erased already. Nothing will happen."]
    sentences = [f"{registration}, {registration.name}: all that is held about them is erased. This cannot be undone."]
    if not registration.is_cancelled:
        sentences.append("What they have or wait for goes to the next in line at once, unless the event has begun.")
    if registration.invoice_id:
        sentences.append("Their invoice stays until it is settled; then what it says is kept apart, for six years.")
    if number := registration.complaints.filter(answered_at=None).count():
        sentences.append(_what_becomes_of_complaints(number))
    if registration.email:
        sentences.append(f"One last message says so to {registration.email}; then that address is deleted, too.")
    else:
        sentences.append("There is no e-mail address. Tell them first: afterwards nobody knows whom to tell.")
    return sentences


def _what_becomes_of_complaints(number: int) -> str:
    which = "There is a complaint of theirs" if number == 1 else f"There are {number} complaints of theirs"
    return f"{which} that nobody has answered: once they are erased, nobody can. Answer first, if they still want that."


def _erase(registration: Registration, now: datetime.datetime, seen: str) -> str:
    erasing.erase(registration, now)
    registration.refresh_from_db()  # what the log notes from here on is about nobody
    return "All that was held about that attendee is erased."


ERASE = Deed(
    name="erase",
    label="Erase attendee",
    question="Erase all that is held about this attendee?",
    permission="registrations.delete_registration",
    possible=lambda registration: registration.anonymised_at is None,
    says=_what_it_does,
    do=_erase,
)
