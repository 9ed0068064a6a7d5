"""The number that changes with every change to the programme."""

from django.db import models
from django.db.models import Q


class ProgrammeVersion(models.Model):
    """One row, which triggers write: see `events.storing.versions`."""

    number = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="programme_has_one_version")]

    def __str__(self) -> str:
        return f"Version {self.number}"


class EventWords(models.Model):
    """A number for each event that is raised when words on its pages change that are no part of the programme.

    Places have such words (“Full”); the app that counts them raises it, by a trigger. Every event has its row from the
    start, so that raising is one plain UPDATE, which asks no lock of the event itself.
    """

    event = models.OneToOneField("events.Event", on_delete=models.CASCADE, primary_key=True, related_name="+")
    number = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Words {self.number}"
