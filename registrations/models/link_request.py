"""Somebody who has lost the link to their registration and asks for one to be sent."""

from django.db import models

from registrations.folding import EMAIL_KEY_LENGTH


class LinkRequest(models.Model):
    """An address that was typed, known or not. It opens that address's registrations once, within the hour.

    The link itself is stored nowhere: it is made from the row's key when the message is sent. Deleted after a day.
    """

    email_key = models.CharField(max_length=EMAIL_KEY_LENGTH)
    made_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Link request {self.pk}"
