"""What a drill says at its end: a line for each thing that has to be true, and whether all of them are."""

from script.drills.visitors import Bookers


class Verdict:
    """The lines so far."""

    def __init__(self) -> None:
        """Begin without any."""
        self._good: list[bool] = []

    def say(self, good: bool, words: str) -> None:
        """Print one line."""
        self._good.append(good)
        print(f"{'yes' if good else 'NO ':<5}{words}", flush=True)

    def of_bookings(self, bookers: Bookers) -> None:
        """Say whether everybody who was told of a place has it, once, with a message, and the invariants hold."""
        from django.db import connection
        from django.db.models import Count
        from django.utils import timezone

        from registrations import invariants
        from registrations.models import Registration

        connection.close()  # of before whatever broke
        held = set(Registration.objects.values_list("reference", flat=True))
        lost = {reference for reference in bookers.told.values() if reference not in held}
        twice = Registration.objects.values("email").annotate(number=Count("pk")).filter(number__gt=1).count()
        nothing = sum(not reference for reference in bookers.told.values())
        came = bool(bookers.told) and not bookers.failed
        self.say(came, f"{len(bookers.told)} people registered; {_failed(bookers)}")
        self.say(not lost and not nothing, f"{len(lost)} of the references that they were told are not in the database")
        self.say(not twice, f"{twice} people have more than one registration")
        self.say(all(each.kept for each in bookers.browsers), "what was typed was kept wherever it could not be taken")
        broken = invariants.broken(timezone.now())
        self.say(not broken, "; ".join(broken) or "the invariants hold: places, choices, waiting lists, messages")

    def end(self) -> None:
        """Print the verdict, and exit with 0 only if every line was good."""
        good = all(self._good) and bool(self._good)
        print("Survived." if good else "NOT survived.")
        raise SystemExit(0 if good else 1)


def _failed(bookers: Bookers) -> str:
    some = "; ".join(bookers.failed[:2])
    return f"{len(bookers.failed)} could not{': ' + some if some else ''}"
