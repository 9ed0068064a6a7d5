"""`manage.py load_tickets`: the tickets of the sample conference."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from registrations.tickets import sample_tickets


class Command(BaseCommand):
    """Load the tickets of the sample conference. What was loaded before is left as staff have it now."""

    help = "Load the tickets of the sample conference. What was loaded before is left as staff have it now."

    def handle(self, *args: object, **options: object) -> None:
        """Load, and say what was done."""
        for line in sample_tickets.load(timezone.now()):
            self.stdout.write(line)
