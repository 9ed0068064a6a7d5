"""The project as a Django application, for its checks and its `prepare` command."""

import logging

from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    """Registers the deployment checks, watches for slow statements, and has warnings logged."""

    name = "conference"

    def ready(self) -> None:
        """Import the checks, which register themselves; connections are made later."""
        from conference import checks  # noqa: F401  the settings must be loaded first
        from conference.logs import slow_queries  # likewise

        slow_queries.watch_all()
        logging.captureWarnings(True)  # else Python writes them beside the log, with the words that they quote
