"""script/bench promotions: one place comes free, and 200 and then 2,000 waiting people move one after another.

Half of them hold A and wait for B, half hold B and wait for A; both are full. One person more, who has A, cancels: the
first in A's line moves from B to A, B frees, the first in B's line moves from A to B, and so on until everybody has
what they waited for, in one transaction. Exits 1 if 2,000 take 3 seconds or more, or much more than ten times as long
as 200, or if an invariant is broken.
"""

import argparse
import os
import secrets
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
os.environ.setdefault("SITE_URL", "http://localhost:8765")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))

from conference import local_postgres

SIZES = (200, 2_000)
AT_MOST = 3.0  # seconds, because others wait behind that lock
NOISE = 1.3  # what a linear cascade may take more than ten times as long, by chance


def main() -> None:
    """Run it, print what it took, and exit 1 unless all is as it must be."""
    parser = argparse.ArgumentParser(prog="script/bench promotions", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="how often each size is measured; the median counts (3)")
    given = parser.parse_args()
    local_postgres.ensure()
    django.setup()
    from script.benchmarks import scratch

    with scratch.database():
        took = {size: sorted(_cascade(size) for _ in range(given.runs))[given.runs // 2] for size in SIZES}
        small, large = (took[size] for size in SIZES)
        for size, seconds in took.items():
            print(f"{size:>6,} people moved in {seconds:.2f} s, {seconds / size * 1000:.2f} ms each")
        linear = large <= small * SIZES[1] / SIZES[0] * NOISE
        print(f"{large / small:.1f} times as long for {SIZES[1] // SIZES[0]} times as many: linear at most: {linear}")
        good = large < AT_MOST and linear and _holds()
    raise SystemExit(0 if good else 1)


def _cascade(size: int) -> float:
    """Return in how many seconds so many people move."""
    # Django's models can be imported only once it is set up.
    from django.utils import timezone

    from registrations import booking
    from registrations.models import WorkshopChoice
    from script.benchmarks import bookable, crowd

    event = bookable.sample()
    one, two = _workshops(event)
    now = timezone.now()
    pairs = [(two, one) if number % 2 else (one, two) for number in range(size)]
    *people, last = crowd.register(event.ticket_types.first(), [*pairs, (one, None)], now)
    began = time.perf_counter()
    booking.cancel(last, now)
    took = time.perf_counter() - began
    moved = WorkshopChoice.objects.confirmed().filter(registration__in=people, session=two).count()
    waiting = WorkshopChoice.objects.waiting().filter(registration__in=people).count()
    if (moved, waiting) != (size // 2, 0):
        raise SystemExit(f"Of {size} people {waiting} still wait.")
    return took


def _workshops(event: object) -> list:
    found = event.sessions.filter(kind="workshop", status="published").exclude(title="").order_by("series", "code")
    first = found.first()
    return list(found.filter(series=first.series_id)[:2])


def _holds() -> bool:
    from django.utils import timezone  # Django's models can be imported only once it is set up

    from registrations import invariants

    broken = invariants.broken(timezone.now())
    print("\n".join(broken) or "Every invariant holds.")
    return not broken


if __name__ == "__main__":
    main()
