"""`manage.py backup`, which script/backup runs: one encrypted file of the database and the uploads."""

import datetime
import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from conference.backing_up import archives, backups

KEEP_DAYS = 30  # at most, and unless told otherwise: the privacy page promises it


class Command(BaseCommand):
    """Makes a backup, and then deletes those that are too old."""

    help = "Writes the database and the uploads into one encrypted file. Docs: docs/maintaining.md, “Backups”."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what the environment says unless it is given here."""
        given = os.environ.get
        parser.add_argument(
            "--recipients", default=given("BACKUP_RECIPIENTS"),
            help="public keys of age (age1…) with commas between, or a file of them (BACKUP_RECIPIENTS)",
        )  # fmt: skip
        parser.add_argument("--folder", default=given("BACKUP_FOLDER"), help="where backups are kept (BACKUP_FOLDER)")
        parser.add_argument(
            "--keep-days", type=int, default=given("BACKUP_KEEP_DAYS") or KEEP_DAYS,
            help=f"older ones are deleted once the new one is there (BACKUP_KEEP_DAYS, {KEEP_DAYS})",
        )  # fmt: skip

    def handle(self, *args: Any, **given: Any) -> None:
        """Make it, and say what it is."""
        if not given["recipients"] or not given["folder"]:
            raise CommandError(
                "Set BACKUP_RECIPIENTS to the public key of whoever may read backups (age-keygen makes one), and "
                "BACKUP_FOLDER to where they are kept, or give --recipients and --folder."
            )
        if not 1 <= given["keep_days"] <= KEEP_DAYS:
            raise CommandError(
                f"BACKUP_KEEP_DAYS is {given['keep_days']}. It must be from 1 to {KEEP_DAYS}, as the privacy page says."
            )
        began, now, folder = time.monotonic(), timezone.now(), Path(given["folder"])
        try:
            made = backups.make(folder, archives.recipients_for_age(given["recipients"]), now)
        except (archives.NotDone, OSError, DatabaseError) as problem:
            raise CommandError(f"No backup was made. {problem}") from problem
        people = made.manifest.rows["registrations_registration"]
        self.stdout.write(
            f"{made.file}: {made.file.stat().st_size:,} bytes, {people:,} registrations, "
            f"{len(made.manifest.media):,} uploads, in {time.monotonic() - began:.1f} s."
        )
        self._forget(folder, given["keep_days"], now)

    def _forget(self, folder: Path, days: int, now: datetime.datetime) -> None:
        try:
            deleted = backups.forget(folder, days, now)
        except OSError as problem:
            raise CommandError(f"The backup is there, but older ones cannot be deleted: {problem}") from problem
        if deleted:
            self.stdout.write(f"Deleted, for their age: {', '.join(file.name for file in deleted)}.")
