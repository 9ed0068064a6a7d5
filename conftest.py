"""What every test stands on: the environment of the tests, the private PostgreSQL and the browser."""

import os

# Before anything imports the settings. A test never takes these from the shell of whoever runs it.
for name in ("DEBUG", "HOST", "EXTRA_HOSTS", "SECRET_KEY_FALLBACKS", "STATEMENT_TIMEOUT", "HELP_EMAIL", "HELP_PHONE"):
    os.environ.pop(name, None)
os.environ["SITE_URL"] = "http://localhost:8000"
os.environ["SECRET_KEY"] = "tests-only-key-that-everybody-can-read-in-the-repository-as-well"
os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"

from conference import local_postgres  # noqa: E402  the environment comes first

local_postgres.ensure()


def pytest_configure() -> None:
    """Set Django up; pytest-django does it only for settings that pyproject.toml names, which come too early."""
    import django  # after the environment is set

    django.setup()
