"""A complaint about how personal data is handled."""

from django.db import models

from registrations.models.registration import Registration


class Complaint(models.Model):
    """What an attendee complains of; acknowledged at once, and answered by staff.

    It is kept for a year after it was answered, whatever becomes of the registration: of who was erased without its
    author, of who has passed on the place with the address to which the answer goes.
    """

    registration = models.ForeignKey(Registration, on_delete=models.SET_NULL, null=True, related_name="complaints")
    text = models.TextField("what it is about", max_length=4000)
    made_at = models.DateTimeField()
    answer_to = models.EmailField("answer to", blank=True, db_default="")
    answered_at = models.DateTimeField("answered", null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"Complaint {self.pk}"
