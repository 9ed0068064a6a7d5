"""script/bench rush: 200 people confirm at once, all wanting the same workshop of 40 places, while 50 read the agenda.

Whoever is refused returns to that question, as the site says, and asks for the waiting list or for nothing. Then
what each was told is compared with the database, and the invariants are checked. Exits 1 unless all is as it must be.
"""

import argparse
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import IO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
os.environ.setdefault("SITE_URL", "http://localhost:8765")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))

from conference import local_postgres
from script.benchmarks import journeys, load
from script.benchmarks.browser import Browser, Form, Noted, Page, Unexpected

ATTEMPTS = 3
READ_PORT = load.PORT + 1
READING = 5  # seconds, before the rush


@dataclass
class Person:
    """Somebody who wants the workshop, and what they are told."""

    browser: Browser
    form: Form
    place: str  # the name of the question “Your workshop”
    workshop: str
    answers: list[Page] = field(default_factory=list)
    began: float = 0
    answered: float = 0  # for the first time
    ended: float = 0

    @property
    def was_refused(self) -> bool:
        """Whether the first answer was that the workshop is full, at the question where it was chosen."""
        first = self.answers[0]
        return first.status == 409 and "is full now" in first.text and f'name="{self.place}-wait"' in first.text

    @property
    def told(self) -> str:
        """What the page of what is confirmed says of the workshop: “Confirmed”, “Waiting: …” or nothing."""
        return ", ".join(re.findall(r'class="tag tag-(?:chosen|awaited)">([^<]+)<', self.answers[-1].text))

    @property
    def reference(self) -> str:
        """The reference that they were given; empty if none was."""
        found = re.search(r"Your reference is <b>([\w-]+)</b>", self.answers[-1].text)
        return found[1] if found else ""

    def confirm(self, barrier: threading.Barrier) -> None:
        """Wait for all the others, confirm, and follow what the site says."""
        barrier.wait()
        self.began = self.answered = time.perf_counter()
        try:
            self.answers.append(self.browser.send(self.form))
            self.answered = time.perf_counter()
            for _ in range(ATTEMPTS):
                if self.was_refused and self.answers[-1].status == 409:
                    self._ask_for_less()
        except Unexpected as problem:
            self.answers.append(Page(self.form.action, 0, str(problem)))
        self.ended = time.perf_counter()
        self.browser.close()

    def _ask_for_less(self) -> None:
        """Ask for the waiting list, or, every second person, for nothing in this series; then confirm."""
        wait = self.workshop if self.browser.number % 2 else "none"
        page = self.browser.send(self.answers[-1].form(), {self.place: "later", f"{self.place}-wait": wait})
        self.answers.append(page)
        if page.status == 200 and page.step == "check":
            self.answers.append(self.browser.send(page.form()))


def main() -> None:
    """Run it, print what happened, and exit 1 unless all is as it must be."""
    parser = argparse.ArgumentParser(prog="script/bench rush", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200, help="how many want the workshop (200)")
    parser.add_argument("--places", type=int, default=40, help="how many places it has (40)")
    parser.add_argument(
        "--workers",
        type=int,
        default=2,
        help="of the web server that takes bookings (2); another one sends pages",
    )
    given = parser.parse_args()
    local_postgres.ensure()
    django.setup()
    from django.core.management import call_command

    from script.benchmarks import bookable, rush_check, scratch

    call_command("collectstatic", interactive=False, verbosity=0)
    with scratch.database() as address:
        workshop = bookable.workshop(bookable.sample(), given.places)
        site = {"DATABASE_URL": address, "TRUSTED_PROXIES": "127.0.0.1", "WEB_CONCURRENCY": str(given.workers)}
        with tempfile.TemporaryFile("w+") as log:
            reading = load.served("conference.wsgi", log=log, port=READ_PORT, **site | {"WEB_CONCURRENCY": "2"})
            with load.served("conference.wsgi", log=log, **site), reading:
                _readers(READING).communicate()  # by when all workers have begun
                before = _readers(READING).communicate()[0].splitlines()[-1]
                people, noted, during = _rush(workshop, given.people)
            _repeat(log)
        rush_check.times(people, noted)
        good = rush_check.readers(json.loads(before), json.loads(during))
        good &= rush_check.say(people, noted, workshop, given.places)
    raise SystemExit(0 if good else 1)


def _rush(workshop: object, number: int) -> tuple[list[Person], Noted, str]:
    """Bring everybody to the page to check, and let all confirm at once."""
    place, before, noted = f"series-{workshop.series_id}", Noted(), Noted()

    def prepared(browser: Browser) -> Person:
        page = journeys.to_check(browser, lambda _, form: _only(form, place, str(workshop.pk)))
        browser.close()
        browser.noted = noted
        return Person(browser, page.form(), place, str(workshop.pk))

    try:
        people, _ = journeys.together(prepared, [journeys.newcomer(before) for _ in range(number)], 8)
    except Unexpected as problem:
        raise SystemExit(f"Somebody did not reach the page to check. {problem}") from problem
    barrier, reading = threading.Barrier(number), _readers(600)
    reading.stdout.readline()  # it has begun
    journeys.together(lambda person: person.confirm(barrier), people, number)
    reading.send_signal(signal.SIGINT)
    return people, noted, reading.communicate()[0].splitlines()[-1]


def _readers(seconds: float) -> subprocess.Popen:
    """Have people read the agenda, in a process of their own; it prints what they saw, when it ends or is told to."""
    command = [sys.executable, "-m", "script.benchmarks.readers", str(seconds)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"BENCH_READ_PORT": str(READ_PORT)}
    )


def _repeat(log: IO[str]) -> None:
    """Print what the server said, but not of each request: that some are refused is what it is here for."""
    log.seek(0)
    print("".join(line for line in log if "conference.requests" not in line), end="", file=sys.stderr)


def _only(form: Form, place: str, workshop: str) -> dict[str, str]:
    """Choose this workshop, and nothing yet in the other series."""
    return {name: workshop if name == place else "later" for name in form.radios if not name.endswith("-wait")}


if __name__ == "__main__":
    main()
