"""Fifty people who read the agenda while others register, in a process of their own, at the port in BENCH_READ_PORT."""

import asyncio
import contextlib
import json
import os
import sys
import time

from script.benchmarks import load

AGENDA = "/events/sample-conference/agenda/"
PORT = int(os.environ.get("BENCH_READ_PORT", load.PORT))
PEOPLE = 50
ASKED = (
    f"GET {AGENDA} HTTP/1.1\r\nHost: localhost:{load.PORT}\r\nAccept-Encoding: br, gzip\r\nConnection: close\r\n\r\n"
)


async def main(seconds: float) -> None:
    """Read until the time is over, or Ctrl-C; print the milliseconds of the median and of the slowest hundredth."""
    print("reading", flush=True)
    until, times, statuses = time.monotonic() + seconds, [], set()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*(_read(until, times, statuses) for _ in range(PEOPLE)))
    ordered = sorted(times)
    found = {f"p{part}": ordered[len(ordered) * part // 100] * 1000 for part in (50, 99)}
    print(json.dumps({"number": len(times), "statuses": sorted(statuses), **found}))


async def _read(until: float, times: list[float], statuses: set[str]) -> None:
    while time.monotonic() < until:
        began = time.monotonic()
        incoming, outgoing = await asyncio.open_connection("127.0.0.1", PORT)
        outgoing.write(ASKED.encode())
        answer = await incoming.read()
        outgoing.close()
        times.append(time.monotonic() - began)
        statuses.add(answer[9:12].decode())


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
