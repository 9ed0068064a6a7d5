"""A web server started for measuring, and a client that asks it the same thing many times."""

import gzip
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PORT = int(os.environ.get("BENCH_PORT", "8765"))
HEADERS = {"Host": f"localhost:{PORT}", "Accept-Encoding": "gzip"}
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def served(application: str, *, log: IO[str] | None = None, port: int = PORT, **environment: str) -> Iterator[int]:
    """Serve a WSGI application by gunicorn as the Procfile does; yield the process id of the parent.

    What the server has to say goes to `log`, or to where our own errors go.
    """
    command = [sys.executable, "-m", "gunicorn", application, "--log-level", "warning"]
    env = os.environ | {"HOST": "127.0.0.1", "PORT": str(port), "SITE_URL": f"http://localhost:{port}"} | environment
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=log)
    try:
        _wait(process, port)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen, port: int) -> None:
    """Wait until it accepts connections and both workers have settled. Raises SystemExit if it ends."""
    for _ in range(200):
        if process.poll() is not None:
            raise SystemExit("The web server ended by itself.")
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
            time.sleep(1.5)
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The web server did not start.")


@dataclass(frozen=True)
class Run:
    """What one run measured."""

    requests: int
    seconds: float
    cpu_ms: float  # of the server's workers, for each request
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def get(address: str) -> tuple[bytes, dict[str, str], float]:
    """Ask once; return the body as sent, its headers, and the seconds that it took. Raises SystemExit unless 200."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    began = time.perf_counter()
    connection.request("GET", address, headers=HEADERS)
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}.")
    return body, {name.lower(): value for name, value in answer.getheaders()}, seconds


def size(body: bytes, headers: dict[str, str]) -> int:
    """Return how many bytes travel compressed."""
    return len(body) if "content-encoding" in headers else len(gzip.compress(body, 6))


def press(
    parent: int, address: str, seconds: float, clients: int = 4, *, port: int = PORT, etag: str = "", requests: int = 0
) -> Run:
    """Ask for an address over and over, from some clients at once; with an `etag` each has the page already.

    `requests` are enough, if that many are reached before the seconds are over.
    """
    times: list[float] = []
    headers, status = (HEADERS | {"If-None-Match": etag}, 304) if etag else (HEADERS, 200)
    before, began = cpu(parent), time.perf_counter()
    asked = (_Asked(port, address, headers, status), began + seconds, requests, times)
    threads = [threading.Thread(target=_client, args=asked) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, used = time.perf_counter() - began, cpu(parent) - before
    ordered = sorted(times)
    return Run(
        len(times),
        took,
        used * 1000 / len(times),
        ordered[len(times) // 2] * 1000,
        ordered[len(times) * 99 // 100] * 1000,
    )


@dataclass(frozen=True)
class _Asked:
    port: int
    address: str
    headers: dict[str, str]
    status: int


def _client(asked: _Asked, until: float, enough: int, times: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=30)
    while time.perf_counter() < until and not (enough and len(times) >= enough):
        began = time.perf_counter()
        connection.request("GET", asked.address, headers=asked.headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != asked.status:
            raise RuntimeError(f"{asked.address} answered {answer.status}.")
        times.append(time.perf_counter() - began)
    connection.close()


def memory(parent: int) -> int:
    """Return how many megabytes the largest of a process's children holds."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    held = [Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0] for pid in children]
    return max(int(kilobytes) for kilobytes in held) // 1024


def cpu(parent: int) -> float:
    """Return the seconds of processor time that a process and its children have used."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    used = 0
    for pid in children:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS
