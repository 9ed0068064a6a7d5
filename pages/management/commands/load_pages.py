"""`manage.py load_pages`: the information pages that come with the site."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from events.loading import FileProblem
from pages.loading import load_pages


class Command(BaseCommand):
    """Load the information pages that come with the site. What was loaded before is left as staff have it now."""

    help = "Load the information pages that come with the site. What was loaded before is left as staff have it now."

    def handle(self, *args: object, **options: object) -> None:
        """Load, and say what was done. Raises CommandError naming the file and the key if a file is wrong."""
        try:
            lines = load_pages(timezone.now())
        except FileProblem as problem:
            raise CommandError(f"Nothing was loaded. {problem}") from problem
        for line in lines:
            self.stdout.write(line)
