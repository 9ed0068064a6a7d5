"""`manage.py make_roles`: the groups Programme editors, Registration team and Managers."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandParser

from conference import roles


class Command(BaseCommand):
    """Makes the groups that are not there. `prepare` runs it after the migrations."""

    help = "Makes the groups for staff. Groups that are there stay as they are, unless --again is given."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is to be done with groups that are there."""
        parser.add_argument("--again", action="store_true", help="give them back the permissions that they began with")
        parser.add_argument("--remove", action="store_true", help="delete the groups; the accounts in them stay")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say so."""
        if options["remove"]:
            Group.objects.filter(name__in=roles.ROLES).delete()
            self.stdout.write(f"Removed: {', '.join(roles.ROLES)}.")
        elif made := roles.make(again=options["again"]):
            self.stdout.write(f"Made the groups {', '.join(made)}.")
