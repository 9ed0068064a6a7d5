"""Drafts: what somebody answered so far."""

import uuid

from registrations.models import Draft, DraftAccess, Registration


def finish(key: uuid.UUID, registration: Registration) -> None:
    """Empty the draft of a submission that has become a registration; it only remembers which one."""
    DraftAccess.objects.filter(draft__key=key).delete()
    Draft.objects.filter(key=key).update(answers={}, registration=registration)
