"""What somebody has answered so far, before it is a registration. Deleted after 24 hours."""

import uuid

from django.db import models

from events.models import Event
from registrations.models.registration import Registration


class Draft(models.Model):
    """The answers of one submission under way; its key becomes the registration's."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Draft {self.pk}"


class DraftAccess(models.Model):
    """The access answers of a draft, in a table of their own so that no list of drafts shows them."""

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="access")
    answers = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "access answers of drafts"

    def __str__(self) -> str:
        return f"Access answers of draft {self.draft_id}"
