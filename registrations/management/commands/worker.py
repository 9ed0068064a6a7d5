"""`manage.py worker`: sends the messages. Run it beside gunicorn, once or on several machines."""

import asyncio
import os
from typing import Any

from django.core.management.base import BaseCommand

from registrations.messages.worker import run_until_stopped


class Command(BaseCommand):
    """Runs the worker until SIGTERM or Ctrl-C."""

    help = "Sends what is in the outbox, until it is stopped."
    requires_system_checks = ()  # `prepare` ran them

    def handle(self, *args: Any, **options: Any) -> None:
        """Work, behind those who are waiting for a page."""
        os.nice(10)
        asyncio.run(run_until_stopped())
