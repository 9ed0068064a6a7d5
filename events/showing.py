"""An event as it is shown now: to visitors, or to staff in preview."""

import datetime
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from events.addresses import Addresses
from events.models import Event
from events.storing import versions

Read = TypeVar("Read")


@dataclass(frozen=True)
class Showing:
    """Which event, at what moment (aware), and whether drafts are included.

    `version` is the programme's, read before the event was; None, as in preview, remembers nothing between requests.
    In `noted` an app above this one may note what it found out for the page, so as to ask once.
    """

    event: Event
    now: datetime.datetime
    preview: bool = False
    version: versions.Version | None = None
    noted: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def addresses(self) -> Addresses:
        """Where its pages are."""
        return Addresses(self.event, preview=self.preview)

    def remembered(self, what: Hashable, read: Callable[[], Read]) -> Read:
        """Return what `read` returns of this event's programme, remembered as long as that stays the same.

        It must not depend on the moment, unless `what` says on which, and nobody may change it.
        """
        return versions.remembered(self.version, (self.event.pk, what), read)

    @property
    def today(self) -> datetime.date:
        """The date where the event is."""
        return self.now.astimezone(self.event.zone).date()

    @property
    def past(self) -> bool:
        """Whether the event is over."""
        return self.event.is_past(self.now)
