"""The project as a Django application, for its checks and its `prepare` command."""

from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    """Registers the deployment checks, and watches for slow statements."""

    name = "conference"

    def ready(self) -> None:
        """Import the checks, which register themselves; connections are made later."""
        from conference import checks, slow_queries  # noqa: F401  the settings must be loaded first

        slow_queries.watch_all()
