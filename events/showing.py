"""An event as it is shown now: to visitors, or to staff in preview."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from events.addresses import Addresses
from events.models import Event


@dataclass(frozen=True)
class Showing:
    """Which event, at what moment (aware), and whether drafts are included.

    In `noted` an app above this one may note what it found out for the page, so as to ask once.
    """

    event: Event
    now: datetime.datetime
    preview: bool = False
    noted: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def addresses(self) -> Addresses:
        """Where its pages are."""
        return Addresses(self.event, preview=self.preview)

    @property
    def today(self) -> datetime.date:
        """The date where the event is."""
        return self.now.astimezone(self.event.zone).date()

    @property
    def past(self) -> bool:
        """Whether the event is over."""
        return self.event.is_past(self.now)
