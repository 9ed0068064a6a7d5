"""The programme's tables; each module holds one part."""

from events.models.addresses import FormerSlug, Loaded
from events.models.choices import PUBLIC, Access, Kind, OrganisationKind, Role, Status
from events.models.event import Event, Series
from events.models.people import NAMES_ITS_PERSON, Appearance, Organisation, Person
from events.models.session import Session
from events.models.venue import Room, Venue
from events.models.version import EventWords, ProgrammeVersion

__all__ = [
    "NAMES_ITS_PERSON", "PUBLIC", "Access", "Appearance", "Event", "EventWords", "FormerSlug", "Kind", "Loaded",
    "Organisation", "OrganisationKind", "Person", "ProgrammeVersion", "Role", "Room", "Series", "Session", "Status",
    "Venue",
]  # fmt: skip
