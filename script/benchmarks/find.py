"""script/bench find: how long “Send me my link” takes for an address that is known and for one that is not.

The two are asked in turn, many times; who is registered is looked up by the worker, later, which is not measured.
Prints both medians, their difference, and how likely chance alone would make so large a one (a permutation test of
the medians' difference). Exits 1 if that is less than 1 in 100.
"""

import argparse
import os
import random
import secrets
import statistics
import tempfile
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
os.environ.setdefault("SITE_URL", "http://localhost:8765")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))

from conference import local_postgres
from script.benchmarks import journeys, load
from script.benchmarks.browser import Noted

SHUFFLES = 2_000
UNLIKELY = 0.01


def main() -> None:
    """Run it, print what was measured, and exit 1 if the two can be told apart."""
    parser = argparse.ArgumentParser(prog="script/bench find", description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=400, help="how often each kind is asked (400)")
    given = parser.parse_args()
    local_postgres.ensure()
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from script.benchmarks import bookable, crowd, scratch

    call_command("collectstatic", interactive=False, verbosity=0)
    with scratch.database() as address:
        event = bookable.sample()
        held = bookable.workshop(event, bookable.ROOM_ENOUGH)
        people = crowd.register(event.ticket_types.first(), [(held, None)] * given.times, timezone.now())
        site = {"DATABASE_URL": address, "TRUSTED_PROXIES": "127.0.0.1"}
        with tempfile.TemporaryFile("w+") as log, load.served("conference.wsgi", log=log, **site):
            took = _ask([person.email for person in people])
    raise SystemExit(0 if _say(*took) else 1)


def _ask(known: list[str]) -> tuple[list[float], list[float]]:
    """Ask for each known address and for as many unknown ones, in turn, and return the seconds of both kinds."""
    took: tuple[list[float], list[float]] = ([], [])
    for number, email in enumerate(known):
        pair = [(0, email), (1, f"nobody{secrets.token_hex(6)}@example.org")]
        for kind, address in pair if number % 2 else reversed(pair):
            browser = journeys.newcomer(Noted())
            form = browser.get("/my-day/find/").form()
            began = time.perf_counter()
            page = browser.send(form, {"email": address})
            took[kind].append(time.perf_counter() - began)
            browser.close()
            if page.status != 200 or address not in page.text:
                raise SystemExit(f"{page.status}: “{page.heading}”")
    return took


def _say(known: list[float], unknown: list[float]) -> bool:
    first, second = (statistics.median(each) * 1000 for each in (known, unknown))
    chance = _chance(known, unknown)
    print(f"{len(known)} known addresses: median {first:.2f} ms. {len(unknown)} unknown: median {second:.2f} ms.")
    print(f"Difference {first - second:+.2f} ms; chance alone makes one so large {chance:.0%} of the time.")
    return chance >= UNLIKELY


def _chance(known: list[float], unknown: list[float]) -> float:
    """Return how often the two medians differ as much when it is drawn by lot which time is of which kind."""
    dice, times = random.Random(1), [*known, *unknown]
    seen = abs(statistics.median(known) - statistics.median(unknown))
    larger = 0
    for _ in range(SHUFFLES):
        dice.shuffle(times)
        one, two = times[: len(known)], times[len(known) :]
        larger += abs(statistics.median(one) - statistics.median(two)) >= seen
    return larger / SHUFFLES


if __name__ == "__main__":
    main()
