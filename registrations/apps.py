"""Who is coming. Empty for now; it will subscribe to events.changes when it is ready."""

from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    """The application of registrations, which has no models yet."""

    name = "registrations"
    default_auto_field = "django.db.models.BigAutoField"
