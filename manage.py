#!/usr/bin/env python3
"""Runs Django's commands: `.venv/bin/python manage.py help`."""

import os
import sys

from conference import local_postgres

# Commands that look at the code only, so no PostgreSQL is started for them.
WITHOUT_DATABASE = {"help", "version", "check", "collectstatic", "findstatic", "diffsettings", "startapp"}


def main() -> None:
    """Start the private PostgreSQL if the command needs it, and run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
    # With nothing set this is somebody's own computer and the private PostgreSQL: nothing of production is near.
    if not os.environ.keys() & {"SITE_URL", "DATABASE_URL", "SECRET_KEY", "DEBUG"}:
        os.environ["DEBUG"] = "true"
    from django.conf import settings  # after the environment is set
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from environs import EnvError

    try:
        settings.SITE_URL  # noqa: B018  reads the settings, which may refuse
    except (ImproperlyConfigured, EnvError) as problem:
        raise SystemExit(f"The settings are not right: {problem}") from None
    if sys.argv[1:] and sys.argv[1] not in WITHOUT_DATABASE and not sys.argv[1].startswith("-"):
        local_postgres.ensure()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
