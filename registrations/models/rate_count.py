"""How often something was done within an hour, counted for a limit."""

from django.db import models


class RateCount(models.Model):
    """One limit, one hour, one caller, known by a keyed hash only. Deleted after a day."""

    limit = models.CharField(max_length=40)
    key_hash = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["limit", "key_hash", "hour"], name="rate_count_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.limit}, {self.hour:%Y-%m-%d %H:00}"
