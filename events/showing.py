"""An event as it is shown now: to visitors, or to staff in preview."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from events.addresses import Addresses
from events.models import Event


@dataclass(frozen=True)
class Showing:
    """Which event, at what moment (aware), and whether drafts are included."""

    event: Event
    now: datetime.datetime
    preview: bool = False

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
