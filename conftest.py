"""What every test stands on: the environment of the tests, the private PostgreSQL and the browser."""

import gc
import os
import shutil
from collections.abc import Iterator

# Before anything imports the settings. A test never takes these from the shell of whoever runs it.
for name in (
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "HOST",
    "EXTRA_HOSTS",
    "SECRET_KEY_FALLBACKS",
    "TRUSTED_PROXIES",
    "LOG_FORMAT",
    "METRICS_TOKEN",
    "SLOW_QUERY_MS",
    "PROMETHEUS_MULTIPROC_DIR",
    "ANSWERS_VISITORS",
    "STATEMENT_TIMEOUT",
    "BACKUP_KEEP_DAYS",
    "BACKUP_RECIPIENTS",
    "BACKUP_FOLDER",
    "VAR_DIR",
    "HELP_EMAIL",
    "HELP_PHONE",
):
    os.environ.pop(name, None)
os.environ["SITE_URL"] = "http://localhost:8000"
os.environ["SECRET_KEY"] = "tests-only-key-that-everybody-can-read-in-the-repository-as-well"
os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
# Playwright runs an event loop in the thread of the tests, where Django would refuse to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import hypothesis  # noqa: E402  the environment comes first
import pytest  # noqa: E402

from conference import local_postgres  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
THOROUGH = os.environ.get("THOROUGH") == "1"  # script/test --thorough
REQUIRE_BROWSER = os.environ.get("REQUIRE_BROWSER") == "1"  # .ci/run
REQUIRE_AGE = os.environ.get("REQUIRE_AGE") == "1"  # .ci/run
NO_DATABASE = "there_is_none_for_a_test_without_its_own"
STARTED_POSTGRES = local_postgres.ensure()
browser_tests_skipped: list[str] = []
backup_tests_skipped: list[str] = []

hypothesis.settings.register_profile("usual", max_examples=25, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=1000, deadline=None)
hypothesis.settings.load_profile("thorough" if THOROUGH else "usual")


def drop_left_over_databases(name: str) -> None:
    """Drop the test databases of runs that were killed; the number after their name is the run's pid."""
    with local_postgres.LocalPostgres(local_postgres.BASE_DIR).connect("postgres") as connection:
        listed = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"test_{name}_"])
        for (database,) in listed.fetchall():
            pid = database.removeprefix(f"test_{name}_").split("_")[0]  # parallel runs end in _gw0, _gw1
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
    database.setdefault("TEST", {})["NAME"] = f"test_{database['NAME']}_{os.getpid()}"
    if local_postgres.is_wanted():
        drop_left_over_databases(database["NAME"])
    # From here on nothing knows the database that people use: what asks before that of the tests is made is refused
    # by PostgreSQL, and cannot empty what staff wrote.
    database["NAME"] = NO_DATABASE
    django.setup()


@pytest.fixture(scope="session", autouse=True)
def throwaway_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep uploads and static files out of var/, and static addresses plain: nothing was collected for the tests."""
    from django.conf import settings
    from django.test.utils import override_settings

    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    # Overridden, not set, so that a storage which was in use while the tests were collected is made anew.
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        STORAGES=settings.STORAGES | plain,
        CACHES=settings.CACHES | {"pages": settings.CACHES["pages"] | {"LOCATION": tmp_path_factory.mktemp("pages")}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        os.environ["ERASURES_FOLDER"] = str(tmp_path_factory.mktemp("erasures"))
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_templates(django_test_environment: None) -> None:
    """Render templates as the site does: Django’s tests note each with a copy of its context, which hardly any wants.

    A page of the admin renders some hundreds of templates: one for each control and label.
    """
    from django.template import Template
    from django.test.utils import _TestState

    Template._render = _TestState.saved_data.template_render


def pytest_collection_finish() -> None:
    """Spare the garbage collector the thousands of tests that are kept until the end."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Stop PostgreSQL if these tests started it, unless somebody uses it by now."""
    if STARTED_POSTGRES:
        local_postgres.LocalPostgres(local_postgres.BASE_DIR).stop_unless_used()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is slow, unless asked for, and what needs a browser that is not there."""
    want_slow = THOROUGH or "slow" in config.option.markexpr
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("slow") and not want_slow:
            item.add_marker(pytest.mark.skip(reason="slow: script/test --thorough runs it"))
        if item.get_closest_marker("browser") and not os.path.exists(CHROMIUM):
            item.add_marker(pytest.mark.skip(reason=f"needs Chromium, and there is no {CHROMIUM}"))
        if item.get_closest_marker("age") and not shutil.which("age"):
            item.add_marker(pytest.mark.skip(reason="needs age, which is not installed"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember the tests of the browser and of backups that were skipped, other than the slow ones."""
    if report.skipped and "slow:" not in str(report.longrepr):
        if "browser" in report.keywords:
            browser_tests_skipped.append(report.nodeid)
        if "age" in report.keywords:
            backup_tests_skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that had to have its browser tests, or those of backups."""
    if (REQUIRE_BROWSER and browser_tests_skipped) or (REQUIRE_AGE and backup_tests_skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say that tests of the browser or of backups were skipped, which a count of skipped tests would hide."""
    if browser_tests_skipped:
        verdict = "REQUIRE_BROWSER=1 makes that a failure." if REQUIRE_BROWSER else "Install Chromium, or set CHROMIUM."
        count = len(browser_tests_skipped)
        terminalreporter.write_line(f"Browser tests skipped: {count}, for want of {CHROMIUM}. {verdict}", yellow=True)
    if backup_tests_skipped:
        verdict = "REQUIRE_AGE=1 makes that a failure." if REQUIRE_AGE else "Debian: apt-get install age."
        terminalreporter.write_line(
            f"Backup tests skipped: {len(backup_tests_skipped)}, for want of age. {verdict}", yellow=True
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Start the system's Chromium, which then asks nothing of the network by itself."""
    quiet = ["gpu", "quic", "background-networking", "component-update", "sync"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    args = [*sandbox, "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": args}
