"""`manage.py load_programme`: the programme that comes with the site."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from events.loading import FileProblem, load_all
from events.problems import Refused


class Command(BaseCommand):
    """Load the programme that comes with the site. What was loaded before is left as staff have it now."""

    help = "Load the programme that comes with the site. What was loaded before is left as staff have it now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --sample."""
        parser.add_argument(
            "--sample",
            action="store_true",
            help="also load the invented conference, which is always in the future, for trying things out",
        )

    def handle(self, *args: object, sample: bool, **options: object) -> None:
        """Load, and say what was done. Raises CommandError that says what is wrong, in which file."""
        try:
            lines = load_all(timezone.now(), sample=sample)
        except (FileProblem, Refused) as problem:
            raise CommandError(f"Nothing was loaded. {problem}") from problem
        for line in lines:
            self.stdout.write(line)
