"""script/bench registrations: people who register, eight at once, each page and each post, against two workers.

Then the last post alone, prepared for many; beside it, what PostgreSQL does of the same transaction by itself. The
bare view and the journeys are measured in turn, so that a machine that slows down slows both, and the client runs on
the same processors. No worker sends the messages.
"""

import argparse
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from itertools import pairwise

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
os.environ.setdefault("SITE_URL", "http://localhost:8765")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))

from conference import local_postgres
from script.benchmarks import journeys, load
from script.benchmarks.browser import Noted, Unexpected

CLIENTS = 8
ROUNDS = 4  # of journeys, with the bare view before, between and after
BARE_PORT = load.PORT + 1


@dataclass(frozen=True)
class Part:
    """One part of the run: how much was done, and the processor time of the server's workers and of the client."""

    done: int
    requests: int
    seconds: float
    cpu: float
    client_cpu: float

    def __add__(self, other: "Part") -> "Part":
        """Return both as one part."""
        return Part(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def rate(self) -> float:
        """How many were done in a second."""
        return self.done / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the workers for each request."""
        return self.cpu * 1000 / self.requests


@dataclass(frozen=True)
class Measured:
    """What the whole run measured; `bare` has one figure more than there are parts walked, all in milliseconds."""

    bare: list[float]
    walked: list[Part]
    walk: Noted
    confirmed: Part
    confirms: Noted

    @property
    def ratios(self) -> list[float]:
        """What a request cost in bare ones, round by round: each beside the bare view just before and just after."""
        return [
            part.cpu_ms / statistics.mean(beside) for part, beside in zip(self.walked, pairwise(self.bare), strict=True)
        ]


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
            measured = _measure(address, given)
        except Unexpected as problem:
            raise SystemExit(f"A journey failed. {problem}") from problem
        _say(measured)
        _beside()
        _check()


def _measure(address: str, given: argparse.Namespace) -> Measured:
    """Walk the whole journeys in turn with the bare view, which returns a page of theirs; then confirm."""
    site = {"DATABASE_URL": address, "TRUSTED_PROXIES": "127.0.0.1", "WEB_CONCURRENCY": "2"}
    with load.served("conference.wsgi", **site) as parent:
        page = journeys.to_check(journeys.newcomer(Noted())).text.encode()
        journeys.together(journeys.whole, [journeys.newcomer(Noted()) for _ in range(2 * CLIENTS)], CLIENTS)
        walk, walked = Noted(), []
        with _bare(page) as press:
            bare = [press()]
            for _ in range(ROUNDS):
                people = (journeys.newcomer(walk) for _ in range(given.journeys // ROUNDS))
                walked.append(_part(parent, journeys.whole, people, walk, given.seconds / ROUNDS))
                bare.append(press())
        return Measured(bare, walked, walk, *_confirm(parent, given))


def _confirm(parent: int, given: argparse.Namespace) -> tuple[Part, Noted]:
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
    return part, last


def _part(parent: int, work: Callable, items: Iterable, noted: Noted, seconds: float) -> Part:
    cpu, client_cpu, before = load.cpu(parent), time.process_time(), noted.requests
    done, took = journeys.together(work, items, CLIENTS, seconds)
    used, client_used = load.cpu(parent) - cpu, time.process_time() - client_cpu
    return Part(len(done), noted.requests - before, took, used, client_used)


@contextmanager
def _bare(page: bytes) -> Iterator[Callable[[], float]]:
    """Serve these bytes by a view that does nothing else; yield what measures its milliseconds of processor time."""
    with tempfile.NamedTemporaryFile() as body:
        body.write(page)
        body.flush()
        bare = {"BENCH_BODY": body.name, "WEB_CONCURRENCY": "2"}
        with load.served("script.benchmarks.bare_view", port=BARE_PORT, **bare) as parent:
            load.press(parent, "/", 0.5, port=BARE_PORT)
            yield lambda: load.press(parent, "/", 1, port=BARE_PORT).cpu_ms


def _say(measured: Measured) -> None:
    journeys.table(measured.walk)
    walked, confirmed = sum(measured.walked[1:], measured.walked[0]), measured.confirmed
    bare, ratios = statistics.median(measured.bare), measured.ratios
    print(f"\n{walked.done} whole journeys, {CLIENTS} at once, two workers, in {walked.seconds:.1f} s:")
    print(f"{walked.rate:.1f} journeys a second (to reach: 15; aimed for: 30),", end=" ")
    print(f"{walked.requests / walked.done:.1f} requests each.")
    print(
        f"Workers’ CPU: {walked.cpu_ms:.2f} ms a request, {statistics.median(ratios):.1f} × the bare view’s {bare:.2f} "
        f"ms (to reach: at most 8; aimed for: 5). The client’s: {walked.client_cpu * 1000 / walked.requests:.2f} ms."
    )
    print(f"That is the median of {ROUNDS} rounds in turn with the bare view, {min(ratios):.1f} to {max(ratios):.1f}.")
    post = measured.confirms.seconds["POST check"]
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
