"""A browser for measuring: its own connection, cookies and address; it reads forms, and nothing else of a page."""

import gzip
import http.client
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from script.benchmarks import load

PATIENCE = 120  # seconds for one answer: what takes longer has failed


class Unexpected(Exception):
    """The site answered something else than the journey foresees."""


class Noted:
    """What all browsers of a run saw: how long each kind of request took, and with which status it ended."""

    def __init__(self) -> None:
        """Begin empty."""
        self.seconds: dict[str, list[float]] = {}
        self.statuses: Counter[int] = Counter()
        self._lock = threading.Lock()

    def add(self, step: str, seconds: float, status: int) -> None:
        """Note one request."""
        with self._lock:
            self.seconds.setdefault(step, []).append(seconds)
            self.statuses[status] += 1

    @property
    def requests(self) -> int:
        """How many there were."""
        return self.statuses.total()

    @property
    def errors(self) -> int:
        """How many ended with a status of 500 or more."""
        return sum(number for status, number in self.statuses.items() if status >= 500)


@dataclass(frozen=True)
class Form:
    """A form as it stands in the page: where it leads, what it holds, and what its radio buttons offer."""

    action: str
    values: dict[str, str]
    radios: dict[str, list[str]]


class _Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.radios: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one control as a browser would send it."""
        given = dict(attrs)
        name, value, kind = given.get("name") or "", given.get("value") or "", given.get("type")
        if kind == "radio":
            self.radios.setdefault(name, []).append(value)
        if name and (kind not in ("radio", "checkbox") or "checked" in given):
            self.values[name] = value


@dataclass(frozen=True)
class Page:
    """An answer of the site, after redirects."""

    address: str
    status: int
    text: str

    @property
    def step(self) -> str:
        """The last part of its address."""
        return step_of(self.address)

    @property
    def heading(self) -> str:
        """What it says first."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.DOTALL)
        return re.sub(r"<[^>]+>", "", found[1]) if found else self.text[:200]

    def form(self) -> Form:
        """Return its form to be posted. Only the tags of the controls are parsed, which is most of the work saved."""
        found = re.search(r'<form method="post" action="([^"]+)"(.*?)</form>', self.text, re.DOTALL)
        if not found:
            raise Unexpected(f"{self.address} has no form: {self.status}, “{self.heading}”.")
        controls = _Controls()
        for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", found[2]):
            controls.feed(tag.replace("<textarea", "<input"))
        return Form(found[1], controls.values, controls.radios)


def step_of(address: str) -> str:
    """Return which step of the journey is at an address."""
    last = address.partition("?")[0].rstrip("/").rpartition("/")[2]
    return "start" if last == "register" else last


@dataclass
class Browser:
    """One person's browser, behind a proxy that says where they are."""

    number: int
    noted: Noted
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, address: str) -> Page:
        """Open a page, following redirects."""
        return self._ask("GET", address)

    def send(self, form: Form, answers: dict[str, str] | None = None) -> Page:
        """Send a form with these answers put into it, following the redirect."""
        return self._ask("POST", form.action, urlencode({**form.values, **(answers or {})}))

    def post(self, form: Form) -> int:
        """Send a form as it is, and return the status without following."""
        return self._one("POST", form.action, urlencode(form.values))[0]

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, address: str, body: str | None = None) -> Page:
        for _ in range(5):
            status, location, text = self._one(method, address, body)
            if not location:
                return Page(address, status, text)
            method, address, body = "GET", location, None
        raise Unexpected(f"{address} leads in a circle.")

    def _one(self, method: str, address: str, body: str | None) -> tuple[int, str, str]:
        began = time.perf_counter()
        try:
            answer, content = self._exchange(method, address, body)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unexpected(f"{method} {address} had no answer: {error!r}.") from error
        self.noted.add(f"{method} {step_of(address)}", time.perf_counter() - began, answer.status)
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers["Content-Encoding"] == "gzip":
            content = gzip.decompress(content)
        return answer.status, answer.headers["Location"] or "", content.decode()

    def _exchange(self, method: str, address: str, body: str | None) -> tuple[http.client.HTTPResponse, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", load.PORT, timeout=PATIENCE)
        self._connection.request(method, address, body, self._headers(body))
        answer = self._connection.getresponse()
        return answer, answer.read()

    def _headers(self, body: str | None) -> dict[str, str]:
        high, low = divmod(self.number, 256)
        headers = {**load.HEADERS, "X-Forwarded-For": f"10.{high // 256}.{high % 256}.{low}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{headers['Host']}"}
        return headers
