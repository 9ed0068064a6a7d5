"""The number that changes with every change to the programme."""

from django.db import models
from django.db.models import Q


class ProgrammeVersion(models.Model):
    """One row, which triggers write: see `events.versions`."""

    number = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="programme_has_one_version")]

    def __str__(self) -> str:
        return f"Version {self.number}"
