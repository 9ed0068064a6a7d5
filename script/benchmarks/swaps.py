"""script/bench swaps: 500 people change their workshop at once, through “My day”; twelve workers.

Three workshops of a series, A and B full, C with ten places free. Everybody who has A or B wants C; everybody who has C
wants A. Whoever is refused asks for the waiting list instead; whoever waited too long for the lock (503, with all that
was sent kept in the page) sends it once more. Afterwards everybody holds exactly one of the three, each page says what
the database says, and every invariant holds. Exits 1 unless all of that is so.
"""

import argparse
import os
import re
import secrets
import sys
import tempfile
import threading
from dataclasses import dataclass, field

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
os.environ.setdefault("SITE_URL", "http://localhost:8765")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))

from conference import local_postgres
from script.benchmarks import journeys, load
from script.benchmarks.browser import Browser, Form, Noted, Page, Unexpected

ATTEMPTS = 20


@dataclass
class Person:
    """Somebody who has one workshop and wants another."""

    key: int
    browser: Browser
    form: Form
    question: str  # the name of the question “Your workshop”
    has: str
    wants: str
    answers: list[Page] = field(default_factory=list)

    def change(self, barrier: threading.Barrier) -> None:
        """Wait for all the others and send the page; whoever is refused asks to wait."""
        barrier.wait()
        try:
            self._send(self.form, {self.question: self.wants, self._wait: "none"})
            if self.answers[-1].status in (409, 422):
                self._send(self.answers[-1].form(), {self.question: self.has, self._wait: self.wants})
        except Unexpected as problem:
            self.answers.append(Page(self.form.action, 0, str(problem)))
        self.browser.close()

    def look(self) -> None:
        """Open the day, once everybody has what they will have."""
        self.answers.append(self.browser.get("/my-day/"))
        self.browser.close()

    def _send(self, form: Form, answers: dict[str, str]) -> None:
        """Send a form, and what is kept of it as often as the site is too busy."""
        self.answers.append(self.browser.send(form, answers))
        for _ in range(ATTEMPTS):
            if self.answers[-1].status == 503:
                self.answers.append(self.browser.send(self.answers[-1].form()))

    @property
    def _wait(self) -> str:
        return f"{self.question}-wait"

    @property
    def told(self) -> set[str]:
        """What the page of the day says: codes with “Confirmed” or “Waiting”."""
        found = re.findall(r'class="code">(\w+)<.*?tag tag-(chosen|awaited)"', self.answers[-1].text, re.DOTALL)
        return {f"{code} {state}" for code, state in found}


def main() -> None:
    """Run it, print what happened, and exit 1 unless all is as it must be."""
    parser = argparse.ArgumentParser(prog="script/bench swaps", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=500, help="how many change at once (500)")
    given = parser.parse_args()
    local_postgres.ensure()
    django.setup()
    from django.core.management import call_command

    from script.benchmarks import scratch, swaps_check

    call_command("collectstatic", interactive=False, verbosity=0)
    with scratch.database() as address:
        people, question, sessions = swaps_check.crowd_of(given.people)
        site = {"DATABASE_URL": address, "TRUSTED_PROXIES": "127.0.0.1", "WEB_CONCURRENCY": "12"}
        with tempfile.TemporaryFile("w+") as log:
            with load.served("conference.wsgi", log=log, **site):
                changed, noted = _rush(people, question, sessions)
            log.seek(0)
            faults = [line for line in log if "conference.requests" not in line]
            print("".join(faults), end="", file=sys.stderr)
        journeys.table(noted)
        good = swaps_check.say(changed, noted)
    raise SystemExit(0 if good else 1)


def _rush(people: list[tuple[int, str, str]], question: str, sessions: dict[str, str]) -> tuple[list[Person], Noted]:
    """Let everybody open the page of workshops, and then all send it at once."""
    before, noted = Noted(), Noted()

    def prepared(each: tuple[int, str, str]) -> Person:
        key, link, has = each
        browser = journeys.newcomer(before)
        browser.get(link)
        form = browser.get("/my-day/workshops/").form()
        browser.close()
        browser.noted = noted
        wants = sessions["A"] if has == sessions["C"] else sessions["C"]
        return Person(key, browser, form, question, has, wants)

    try:
        ready, _ = journeys.together(prepared, people, 8)
    except Unexpected as problem:
        raise SystemExit(f"Somebody did not reach the page of workshops. {problem}") from problem
    barrier = threading.Barrier(len(ready))
    journeys.together(lambda person: person.change(barrier), ready, len(ready))
    journeys.together(lambda person: person.look(), ready, 8)
    return ready, noted


if __name__ == "__main__":
    main()
