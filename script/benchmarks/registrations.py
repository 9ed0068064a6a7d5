"""script/bench registrations: people who register, eight at once, each page and each post, against two workers.

Then the last post alone, prepared for many; beside it, what PostgreSQL does of the same transaction by itself. The
bare view is measured before and after, and the client runs on the same processors. No worker sends the messages.
"""

import argparse
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
os.environ.setdefault("SITE_URL", "http://localhost:8765")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))

from conference import local_postgres
from script.benchmarks import journeys, load
from script.benchmarks.browser import Noted, Unexpected

CLIENTS = 8


@dataclass(frozen=True)
class Part:
    """One part of the run: what was noted, and the processor time of the server's workers and of the client."""

    done: int
    seconds: float
    noted: Noted
    cpu: float
    client_cpu: float

    @property
    def rate(self) -> float:
        """How many were done in a second."""
        return self.done / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the workers for each request."""
        return self.cpu * 1000 / self.noted.requests


def main() -> None:
    """Measure and print. Exits 1 if a journey failed, or the database holds what must not be."""
    parser = argparse.ArgumentParser(prog="script/bench registrations", description=__doc__.splitlines()[0])
    parser.add_argument("--journeys", type=int, default=200, help="how many people walk the whole way (200)")
    parser.add_argument("--confirms", type=int, default=200, help="how many confirming posts are prepared (200)")
    parser.add_argument("--seconds", type=float, default=60, help="at most, of each part (60)")
    given = parser.parse_args()
    local_postgres.ensure()
    django.setup()
    from django.core.management import call_command

    from script.benchmarks import bookable, scratch

    call_command("collectstatic", interactive=False, verbosity=0)
    with scratch.database() as address:
        bookable.sample()
        try:
            bare, walked, confirmed = _measure(address, given)
        except Unexpected as problem:
            raise SystemExit(f"A journey failed. {problem}") from problem
        _say(bare, walked, confirmed)
        _beside()
        _check()


def _measure(address: str, given: argparse.Namespace) -> tuple[float, Part, Part]:
    """Return the bare view's CPU in milliseconds for each request, the whole journeys, and the confirming posts."""
    site = {"DATABASE_URL": address, "TRUSTED_PROXIES": "127.0.0.1", "WEB_CONCURRENCY": "2"}
    with load.served("conference.wsgi", **site):
        page = journeys.to_check(journeys.newcomer(Noted())).text.encode()
    before = _bare(page)
    with load.served("conference.wsgi", **site) as parent:
        journeys.together(journeys.whole, [journeys.newcomer(Noted()) for _ in range(2 * CLIENTS)], CLIENTS)
        noted = Noted()
        people = (journeys.newcomer(noted) for _ in range(given.journeys))
        walked = _part(parent, journeys.whole, people, noted, given.seconds)
        confirmed = _confirm(parent, given)
    return statistics.mean([before, _bare(page)]), walked, confirmed


def _confirm(parent: int, given: argparse.Namespace) -> Part:
    """Prepare many up to the page to check, then fire the last post of all."""
    noted = Noted()
    people = [journeys.newcomer(noted) for _ in range(given.confirms)]
    ready, _ = journeys.together(lambda each: (each, journeys.to_check(each).form()), people, CLIENTS, given.seconds)
    last = Noted()
    for browser, _ in ready:
        browser.close()
        browser.noted = last
    part = _part(parent, lambda each: each[0].post(each[1]), ready, last, given.seconds)
    if last.statuses != {302: part.done}:
        raise Unexpected(f"Confirming answered {dict(last.statuses)}.")
    return part


def _part(parent: int, work: Callable, items: Iterable, noted: Noted, seconds: float) -> Part:
    cpu, client_cpu = load.cpu(parent), time.process_time()
    done, took = journeys.together(work, items, CLIENTS, seconds)
    return Part(len(done), took, noted, load.cpu(parent) - cpu, time.process_time() - client_cpu)


def _bare(page: bytes) -> float:
    """Return the milliseconds of processor time that a view takes which only returns these bytes."""
    with tempfile.NamedTemporaryFile() as body:
        body.write(page)
        body.flush()
        with load.served("script.benchmarks.bare_view", BENCH_BODY=body.name, WEB_CONCURRENCY="2") as parent:
            load.press(parent, "/", 0.5)
            return load.press(parent, "/", 2).cpu_ms


def _say(bare: float, walked: Part, confirmed: Part) -> None:
    journeys.table(walked.noted)
    requests = walked.noted.requests
    print(f"\n{walked.done} whole journeys, {CLIENTS} at once, two workers, in {walked.seconds:.1f} s:")
    print(f"{walked.rate:.1f} journeys a second (to reach: 15; aimed for: 30),", end=" ")
    print(f"{requests / walked.done:.1f} requests each.")
    print(
        f"Workers’ CPU: {walked.cpu_ms:.2f} ms a request, {walked.cpu_ms / bare:.1f} × the bare view’s {bare:.2f} ms "
        f"(to reach: at most 8; aimed for: 5). The client’s: {walked.client_cpu * 1000 / requests:.2f} ms."
    )
    post = confirmed.noted.seconds["POST check"]
    print(
        f"{confirmed.rate:.1f} confirming posts a second (to reach: 50; aimed for: 120), of {confirmed.done};", end=" "
    )
    print(f"p50 {journeys.percentile(post, 50):.1f} ms, p99 {journeys.percentile(post, 99):.1f} ms,", end=" ")
    print(f"{confirmed.cpu_ms:.2f} ms of CPU each ({confirmed.cpu_ms / bare:.1f} × bare).")


def _beside() -> None:
    """Print what PostgreSQL does by itself, of the same transaction."""
    from script.benchmarks import transaction

    if transaction.program() is None:
        print("pgbench is not there, so the transaction by itself was not measured.")
    elif rate := transaction.rate(5, CLIENTS):
        print(f"pgbench: {rate:.1f} a second of the same transaction alone, {CLIENTS} at once.")


def _check() -> None:
    from django.utils import timezone

    from registrations import invariants

    if broken := invariants.broken(timezone.now()):
        raise SystemExit("\n".join(["The database holds what must not be:", *broken]))
    print("The invariants hold in the database.")


if __name__ == "__main__":
    main()
