"""Who sends something means the registration as they had it: what has passed to somebody else meanwhile is refused."""

from registrations.models import Registration
from registrations.problems import Problem, Refused, Why


class PassedOn(Refused):
    """The registration has another holder, or another address, than when this one opened it. Nothing was written."""

    def __init__(self) -> None:
        sentence = "This registration has just passed to somebody else, or got another address. Nothing was changed."
        super().__init__([Problem(Why.CHANGED_MEANWHILE, sentence)])


def as_held(registration: Registration) -> Registration:
    """Return the registration as it is stored now; call it under the lock of its event's places.

    Raises PassedOn if its link number, which says whose it is, has risen since this one was read.
    """
    stored = Registration.objects.get(pk=registration.pk)
    refuse_another(stored, registration)
    return stored


def refuse_another(stored: Registration, registration: Registration) -> None:
    """Raise PassedOn if what is stored now is somebody else's than what was read before."""
    if stored.link_number != registration.link_number:
        raise PassedOn
