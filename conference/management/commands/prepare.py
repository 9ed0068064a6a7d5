"""`manage.py prepare`: everything between an empty database and the first visitor, in one process."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from conference import local_postgres, local_server


def fingerprint_of_static_files() -> str:
    """Return a value that changes when a static file is added, removed or changed."""
    files = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(["CVS", ".*", "*~"]):
            status = Path(storage.path(name)).stat()
            files.update(f"{storage.location}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return files.hexdigest()


class Command(BaseCommand):
    """Migrates, loads the programme, collects static files; on the private PostgreSQL also samples and staff."""

    help = "Makes the database and the static files ready. script/server runs it at every start."
    requires_system_checks = ()  # migrate runs them, and a second start should be quick

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is needed and say so; what is done already costs next to nothing."""
        try:
            self.migrate()
        except OperationalError as problem:
            raise CommandError(f"The database does not answer: {problem}") from problem
        call_command("make_roles", stdout=self.stdout)
        self.load_programme()
        if local_postgres.is_wanted():
            self.make_staff()
        if not settings.DEBUG:
            self.collect_static_files()

    def migrate(self) -> None:
        """Apply the migrations that the database lacks."""
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(f"Preparing the database: {len(plan)} migrations.")
            call_command("migrate", interactive=False, verbosity=0)

    def load_programme(self) -> None:
        """Load pages and programmes once; the sample only into a database that is nobody's but this checkout's."""
        self.stdout.write("Loading the programme.")
        call_command("load_pages", stdout=self.stdout)
        call_command("load_programme", *(["--sample"] if local_postgres.is_wanted() else []), stdout=self.stdout)
        if local_postgres.is_wanted():
            call_command("load_tickets", stdout=self.stdout)

    def make_staff(self) -> None:
        """Make the account "staff" with the password in var/staff-password; one that exists keeps its own.

        Only when the file was lost does an account that exists get the new password.
        """
        known = local_server.STAFF_PASSWORD.exists()
        password = local_server.made_once(local_server.STAFF_PASSWORD, 12)
        users = get_user_model().objects
        staff = users.filter(username="staff").first()
        if staff is None:
            users.create_superuser("staff", email="", password=password)
        elif not known:
            staff.set_password(password)
            staff.save()

    def collect_static_files(self) -> None:
        """Collect and compress the static files, if one of them changed."""
        stamp = settings.STATIC_ROOT.with_name("static.stamp")
        fingerprint = fingerprint_of_static_files()
        if stamp.exists() and stamp.read_text() == fingerprint and settings.STATIC_ROOT.exists():
            return
        self.stdout.write("Collecting and compressing the static files.")
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(fingerprint)
