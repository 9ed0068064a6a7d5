"""What an attendee needs to take part: apart from the registration, for few eyes, without a history."""

from django.conf import settings
from django.db import models

from registrations.models.registration import Registration


class AccessNeeds(models.Model):
    """The access and dietary needs of one attendee. Deleted 30 days after the event."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="access_needs")
    bsl = models.BooleanField("BSL interpretation", default=False)
    hearing_loop = models.BooleanField("hearing loop", default=False)
    captions = models.BooleanField("live captions", default=False)
    step_free = models.BooleanField("step-free access", default=False)
    quiet_room = models.BooleanField("quiet room", default=False)
    prayer_room = models.BooleanField("prayer room", default=False)
    personal_assistant = models.BooleanField("a free place for a personal assistant", default=False)
    materials_in_advance = models.BooleanField("materials in advance", default=False)
    dietary = models.CharField("food", max_length=300, blank=True)
    other = models.TextField("anything else", max_length=2000, blank=True)
    please_call = models.BooleanField("please call me", default=False)
    # Whether anybody else had the address to which links to this registration go, at any time since these were given:
    # whoever reads that mail may read it still, so these are never shown to who comes by a link.
    address_was_shared = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name_plural = "access needs"
        # Whoever may see registrations may not see these: these permissions are given by name.
        default_permissions = ()
        permissions = [
            ("view_access_needs", "Can see access and dietary needs; each view is logged"),
            ("change_access_needs", "Can change access and dietary needs; each change is logged"),
        ]

    def __str__(self) -> str:
        return f"Access needs of {self.registration}"


class AccessNeedsLog(models.Model):
    """That somebody gave, saw, changed or deleted access needs: who and when, never what."""

    class Action(models.TextChoices):
        """What was done."""

        GIVEN = "given", "Given"
        SEEN = "seen", "Seen"
        CHANGED = "changed", "Changed"
        DELETED = "deleted", "Deleted"

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="access_needs_log")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+",
        help_text="Empty: the attendee.",
    )  # fmt: skip
    when = models.DateTimeField()
    action = models.CharField(max_length=8, choices=Action)

    class Meta:
        ordering = ["when", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=["given", "seen", "changed", "deleted"]),
                name="access_needs_log_action_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.registration}"
