"""The programme app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events, sessions, people and organisations."""

    name = "events"
    verbose_name = "Programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Subscribe this app's own listener to changes."""
        from events import changes, old_photographs  # the models must be loaded first

        changes.subscribe(old_photographs.OldPhotographs())
