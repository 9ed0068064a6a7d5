"""A complaint about how personal data is handled: taken down, acknowledged at once, answered by staff.

The Data Protection Act 2018, section 164A, asks for a form, for an acknowledgement within thirty days, and for an
answer without undue delay; we promise one within a month.
"""

import datetime

from django.db.models import Q, QuerySet

from registrations import folding, holding, limits, places
from registrations.limits import Limit, Reached
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import Complaint, MessageKind, Registration

KEPT = datetime.timedelta(days=365)
ANSWERED_WITHIN = datetime.timedelta(days=28)  # a month, whichever it is
OF_ONE_ATTENDEE = Limit("complaints of an attendee", 10, "complaints were sent from this registration")


def limit_reached(registration: Registration, now: datetime.datetime) -> Reached | None:
    """Count one complaint of this attendee, and return the limit if it is reached; None if all is well.

    Call it outside of any transaction.
    """
    return limits.reached(OF_ONE_ATTENDEE, str(registration.pk), now)


def complain(registration: Registration, text: str, now: datetime.datetime) -> Complaint:
    """Take down a complaint and acknowledge it by a message, which does not quote it; return it.

    The same words once more, while they wait for an answer, are the same complaint. Raises Refused if the
    registration has passed to somebody else meanwhile, and Busy.
    """
    text = folding.clean(text)
    with places.writing():
        stored = Registration.objects.select_for_update().get(pk=registration.pk)
        holding.refuse_another(stored, registration)
        complaint, is_new = Complaint.objects.get_or_create(
            registration=stored, text=text, answered_at=None, defaults={"made_at": now}
        )
        if is_new:
            outbox.queue([Letter(MessageKind.COMPLAINT, stored)], now)
    return complaint


def stay_with(registration: Registration) -> None:
    """Keep the complaints of who passes on a place theirs: the answer goes to their address, and nobody else sees them.

    Call it before the registration is another attendee's.
    """
    registration.complaints.all().update(registration=None, answer_to=registration.email)


def forget_author(complaints: QuerySet[Complaint]) -> int:
    """Erase the addresses of those among these who have passed on the place; return how many there were."""
    return complaints.exclude(answer_to="").update(answer_to="")


def answered(complaint: Complaint, when: datetime.datetime | None) -> None:
    """Note when staff have answered it; None: not yet."""
    complaint.answered_at = when
    complaint.save(update_fields=["answered_at"])


def forget(now: datetime.datetime) -> None:
    """Delete what was answered a year ago, and what somebody who has no registration any more made a year ago."""
    over = now - KEPT
    nobodys = Q(registration=None, answered_at=None, made_at__lte=over)
    Complaint.objects.filter(Q(answered_at__lte=over) | nobodys).delete()
