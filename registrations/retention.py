"""What is deleted when its time is over: asked again and again, at next to no cost when there is nothing."""

import datetime

from registrations import drafts, limits, needs
from registrations.models import AccessNeeds

# What the page of access and food promises.
ACCESS_NEEDS_ARE_KEPT = datetime.timedelta(days=30)


def forget(now: datetime.datetime) -> None:
    """Delete unfinished drafts and counted attempts after a day, and access needs thirty days after their event."""
    drafts.forget(now)
    limits.forget(now)
    over = AccessNeeds.objects.filter(registration__event__ends__lte=now - ACCESS_NEEDS_ARE_KEPT)
    needs.forget(over, now)
