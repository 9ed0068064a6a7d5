"""Sends somebody once more what is true of their registration now."""

import datetime

from registrations import places
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import Message, MessageKind, MessageState, Registration, RegistrationStatus
from registrations.problems import Problem, Refused, Why

KINDS = {
    RegistrationStatus.CONFIRMED: MessageKind.CONFIRMED,
    RegistrationStatus.WAITING: MessageKind.WAITING,
    RegistrationStatus.CANCELLED: MessageKind.CANCELLED,
}


def resend(registration: Registration, now: datetime.datetime) -> Registration:
    """Queue the message that fits the registration's status, to its present address, and return the registration.

    Raises Refused if there is no address or the same message is about to be sent anyway, and Busy.
    """
    with places.opened(registration.event_id):
        registration = Registration.objects.get(pk=registration.pk)
        if not registration.email:
            sentence = f"{registration} has no e-mail address. Print the letter instead."
            raise Refused([Problem(Why.NO_ADDRESS, sentence)])
        kind = KINDS[RegistrationStatus(registration.status)]
        queued = Message.objects.filter(
            registration=registration, kind=kind, recipient=registration.email, state=MessageState.QUEUED
        )
        if queued.exists():
            raise Refused([Problem(Why.ON_ITS_WAY, f"The message to {registration} is about to be sent already.")])
        outbox.queue([Letter(kind, registration)], now)
    return registration
