"""What every test stands on: the environment of the tests, the private PostgreSQL and the browser."""

import os

# Before anything imports the settings. A test never takes these from the shell of whoever runs it.
for name in ("DEBUG", "HOST", "EXTRA_HOSTS", "SECRET_KEY_FALLBACKS", "STATEMENT_TIMEOUT", "HELP_EMAIL", "HELP_PHONE"):
    os.environ.pop(name, None)
os.environ["SITE_URL"] = "http://localhost:8000"
os.environ["SECRET_KEY"] = "tests-only-key-that-everybody-can-read-in-the-repository-as-well"
os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"

import pytest  # noqa: E402  the environment comes first

from conference import local_postgres  # noqa: E402  the environment comes first

local_postgres.ensure()


def drop_left_over_databases(name: str) -> None:
    """Drop the test databases of runs that were killed; the number at their end is the run's pid."""
    with local_postgres.LocalPostgres(local_postgres.BASE_DIR).connect("postgres") as connection:
        listed = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"test_{name}_"])
        for (database,) in listed.fetchall():
            pid = database.rpartition("_")[2]
            if pid.isdigit() and not is_alive(int(pid)):
                connection.execute(f'DROP DATABASE IF EXISTS "{database}"')


def is_alive(pid: int) -> bool:
    """Return whether a process of that pid is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def pytest_configure() -> None:
    """Set Django up; pytest-django does it only for settings that pyproject.toml names, which come too early."""
    import django  # after the environment is set
    from django.conf import settings

    database = settings.DATABASES["default"]
    # Two people, or two windows, may run the tests of one checkout at the same time.
    database["TEST"] = {"NAME": f"test_{database['NAME']}_{os.getpid()}"}
    if local_postgres.is_wanted():
        drop_left_over_databases(database["NAME"])
    django.setup()


@pytest.fixture(scope="session", autouse=True)
def throwaway_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep uploads and static files out of var/, and static addresses plain: nothing was collected for the tests."""
    from django.conf import settings

    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
