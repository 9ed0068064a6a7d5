"""The fixed words of the programme, as they are stored and as they are said."""

from django.db import models


class Access(models.TextChoices):
    """A fact about access: never a bare tick, because "we do not know yet" is an answer too."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not yet confirmed"


class Status(models.TextChoices):
    """Whether visitors see an event or a session."""

    DRAFT = "draft", "Draft: only staff see it"
    PUBLISHED = "published", "Published"
    CANCELLED = "cancelled", "Cancelled: shown as cancelled"


class Kind(models.TextChoices):
    """What a session is."""

    PANEL = "panel", "Panel"
    WORKSHOP = "workshop", "Workshop"
    PLENARY = "plenary", "Plenary"
    PERFORMANCE = "performance", "Performance"
    BREAK = "break", "Break"


class Role(models.TextChoices):
    """What somebody does in a session."""

    CHAIR = "chair", "Chair"
    PANELLIST = "panellist", "Panellist"
    FACILITATOR = "facilitator", "Facilitator"
    PERFORMER = "performer", "Performer"
    HOST = "host", "Host"


class OrganisationKind(models.TextChoices):
    """How an organisation stands to Clinks."""

    MEMBER = "member", "Member"
    PARTNER = "partner", "Sector partner"
    OTHER = "other", "Neither, or not recorded"


# What a visitor may see at all: a cancelled session stays in the programme, marked as cancelled.
PUBLIC = (Status.PUBLISHED, Status.CANCELLED)
