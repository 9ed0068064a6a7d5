"""What the site remembers about its own addresses and about what it has loaded."""

from django.db import models

from events.models.event import Event


class FormerSlug(models.Model):
    """An address that something published once had; it leads to the present one for good."""

    kind = models.CharField(max_length=20)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, related_name="former_slugs")
    slug = models.CharField(max_length=80)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "event", "slug"], name="former_slug_leads_to_one_place", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class Loaded(models.Model):
    """That a piece of the supplied programme was loaded once, so that no later load touches it again."""

    key = models.CharField(max_length=120, unique=True)
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "loaded"

    def __str__(self) -> str:
        return self.key
