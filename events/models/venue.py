"""Where it happens: a building and its rooms, with their access facts."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from events.models.choices import Access
from events.slugs import SLUG_LENGTH, validate_slug


class Venue(models.Model):
    """A building. Its access facts are its rooms' facts."""

    name = models.CharField(max_length=200)
    slug = models.CharField(
        "address on this site", max_length=SLUG_LENGTH, unique=True, validators=[validate_slug], blank=True
    )
    address = models.TextField(help_text="As on an envelope, one line for each part; no postcode.")
    postcode = models.CharField(max_length=12, blank=True)
    latitude = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Place on the map, such as 51.558100. Leave empty if you are not sure.",
    )  # fmt: skip
    longitude = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    travel = models.TextField(
        "getting there", blank=True,
        help_text="Trains, buses, parking, and the way from the street to the door. Markdown.",
    )  # fmt: skip

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="venue_on_the_map_needs_both",
                violation_error_message="Give both latitude and longitude, or neither.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Its name and where that roughly is: the town, or for a name that says the town, the postcode."""
        town = self.address.strip().splitlines()[-1].strip() if self.address.strip() else ""
        rest = self.postcode if not town or town in self.name or any(sign.isdigit() for sign in town) else town
        return f"{self.name}, {rest}" if rest else self.name

    @property
    def address_lines(self) -> list[str]:
        """The address with its postcode, one string a line."""
        return [line.strip() for line in [*self.address.splitlines(), self.postcode] if line.strip()]


class Room(models.Model):
    """A room of a venue, and what somebody has to know to use it."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=120)
    capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many people it holds. Empty: not known, no limit."
    )
    floor = models.CharField(max_length=80, blank=True, help_text="Such as “First floor”.")
    directions = models.CharField(max_length=200, blank=True, help_text="Such as “next to the quiet room”.")
    step_free = models.CharField("step-free access", max_length=8, choices=Access, default=Access.UNKNOWN)
    hearing_loop = models.CharField(max_length=8, choices=Access, default=Access.UNKNOWN)
    accessible_toilet = models.CharField(
        "nearest accessible toilet", max_length=200, blank=True,
        help_text="Where it is. Empty is shown as “not yet confirmed”.",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(default=0, help_text="Low numbers come first in lists.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["venue__name", "order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "name"], name="room_once_in_a_venue",
                violation_error_message="This venue already has a room of that name.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The room with its floor, as an attendee looks for it: “Heddle Room, first floor”."""
        floor = self.floor[:1].lower() + self.floor[1:]
        return f"{self.name}, {floor}" if floor else self.name
