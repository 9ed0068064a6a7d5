"""The project as a Django application, for its checks and its `prepare` command."""

from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    """Registers the deployment checks."""

    name = "conference"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        from conference import checks  # noqa: F401  the settings must be loaded first
