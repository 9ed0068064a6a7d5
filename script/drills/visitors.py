"""People who read and people who register while something breaks, and what they saw of it."""

import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from script.benchmarks import journeys, load
from script.benchmarks.browser import Browser, Noted, Unexpected

AGENDA = "/events/sample-conference/agenda/"
AWAY = (502, 503, 504)


@dataclass(frozen=True)
class Seen:
    """One answer: when it was asked for, how long it took, its status (0: none came), whether a stored page's line."""

    at: float
    seconds: float
    status: int
    storm: bool


class _Crowd:
    """Some people who go on with something until told to stop."""

    number: int

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._go) for _ in range(self.number)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _go(self) -> None:
        raise NotImplementedError


@dataclass
class Readers(_Crowd):
    """Some people who read the agenda over and over, until told to stop."""

    number: int = 4
    pause: float = 0.02
    port: int = load.PORT
    seen: list[Seen] = field(default_factory=list)

    def _go(self) -> None:
        while not self._stop.wait(self.pause):
            self.seen.append(read(AGENDA, self.port))

    def after(self, moment: float) -> list[Seen]:
        """Return what was asked for after a moment of time.monotonic()."""
        return [each for each in self.seen if each.at > moment]

    def back_after(self, moment: float) -> float:
        """Return after how many seconds from a moment on the page was itself again; infinity if it never was."""
        fresh = [each.at + each.seconds for each in self.after(moment) if each.status == 200 and not each.storm]
        return min(fresh) - moment if fresh else float("inf")

    @property
    def slowest(self) -> float:
        """How many seconds the slowest answer took."""
        return max((each.seconds for each in self.seen), default=0)

    @property
    def statuses(self) -> dict[int, int]:
        """How many answers had each status."""
        return dict(Counter(each.status for each in self.seen))


def read(address: str, port: int = load.PORT) -> Seen:
    """Ask for a page once, on a connection of its own."""
    import http.client

    began, connection = time.monotonic(), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", address, headers={"Host": f"localhost:{load.PORT}"})
        answer = connection.getresponse()
        status, storm = answer.status, b'class="storm"' in answer.read()
    except (OSError, http.client.HTTPException):
        status, storm = 0, False
    finally:
        connection.close()
    return Seen(began, time.monotonic() - began, status, storm)


class Stubborn(Browser):
    """The browser of somebody who presses the button again until an answer comes."""

    def __init__(self, number: int, noted: Noted, patience: float = 90) -> None:
        """Take how many seconds they try."""
        super().__init__(number, noted)
        self.patience, self.put_off, self.cut, self.kept = patience, 0, 0, True

    def _one(self, method: str, address: str, body: str | None) -> tuple[int, str, str]:
        until = time.monotonic() + self.patience
        while True:
            try:
                status, location, text = super()._one(method, address, body)
            except Unexpected:
                self.cut += 1
            else:
                if status not in AWAY:
                    return status, location, text
                self.put_off += 1
                # What was typed has to be on the page that asks to try again.
                if body and "example.org" in body and status == 503 and "details" in address:
                    self.kept &= "example.org" in text
            if time.monotonic() > until:
                raise Unexpected(f"{method} {address} did not succeed for {self.patience} s.")
            time.sleep(0.2)


@dataclass
class Bookers(_Crowd):
    """Some people at a time who register, one after the other, until told to stop."""

    number: int = 4
    noted: Noted = field(default_factory=Noted)
    told: dict[int, str] = field(default_factory=dict)  # the reference that each was given
    failed: list[str] = field(default_factory=list)
    browsers: list[Stubborn] = field(default_factory=list)
    done: list[float] = field(default_factory=list)  # when each had their place, by time.monotonic()

    def _go(self) -> None:
        while not self._stop.is_set():
            browser = Stubborn(next(journeys._numbers), self.noted)
            self.browsers.append(browser)
            try:
                page = journeys.whole(browser)
            except Unexpected as problem:
                self.failed.append(str(problem))
                continue
            found = re.search(r"Your reference is <b>([\w-]+)</b>", page.text)
            self.told[browser.number] = found[1] if found else ""
            self.done.append(time.monotonic())

    def back_after(self, moment: float) -> float:
        """Return after how many seconds from a moment on somebody had a place again; infinity if nobody had."""
        return min((each for each in self.done if each > moment), default=float("inf")) - moment

    @property
    def slowest(self) -> float:
        """How many seconds the slowest answer took, of those that came."""
        return max((max(each) for each in self.noted.seconds.values()), default=0)

    @property
    def put_off(self) -> int:
        """How many answers asked to try again."""
        return sum(each.put_off for each in self.browsers)

    @property
    def cut(self) -> int:
        """How many requests had no answer at all."""
        return sum(each.cut for each in self.browsers)
