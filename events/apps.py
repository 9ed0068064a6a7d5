"""The programme app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events, sessions, people and organisations."""

    name = "events"
    verbose_name = "Programme"
    default_auto_field = "django.db.models.BigAutoField"
