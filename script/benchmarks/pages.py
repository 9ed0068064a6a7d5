"""script/bench pages: what public pages cost, beside a bare Django view that returns the agenda's bytes.

Five runs of each, in turn, so that a machine that slows down slows all of them; medians are printed. Then the
agenda of 1,000 sessions against one of 30, from a cold start, and what a first visit loads.
"""

import argparse
import os
import re
import secrets
import shutil
import statistics
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
os.environ.setdefault("SITE_URL", "http://localhost:8765")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))

from conference import local_postgres

RUNS = 5
REQUESTS = 100_000
PAGES = {
    "home": "/",
    "event": "/events/sample-conference/",
    "agenda": "/events/sample-conference/agenda/",
    "agenda, searched": "/events/sample-conference/agenda/?q=olajumoke",
    "session": "/events/sample-conference/agenda/{session}/",
    "people": "/events/sample-conference/people/",
    "events": "/events/",
    "changes": "/events/sample-conference/changes/",
    "calendar.ics": "/events/sample-conference/calendar.ics",
    "changes.atom": "/events/sample-conference/changes.atom",
    "schedule.json": "/events/sample-conference/schedule.json",
    "schedule.xml": "/events/sample-conference/schedule.xml",
    "qr.svg": "/events/sample-conference/qr.svg",
}
# What is asked for again by those who have it.
HAVE = ["agenda", "calendar.ics", "schedule.json"]
# What is made from nothing, of 30 sessions and of 1,000.
COLD = ["agenda/", "calendar.ics", "changes.atom", "schedule.json", "schedule.xml"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="script/bench pages", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2, help="of each run (2)")
    seconds = parser.parse_args().seconds
    local_postgres.ensure()
    django.setup()
    from django.core.management import call_command

    from script.benchmarks import programme

    call_command("collectstatic", interactive=False, verbosity=0)
    with programme.database() as address:
        _compare(address, seconds)
        _cold(address)


def _compare(address: str, seconds: float) -> None:
    from events.models import Session
    from script.benchmarks import load

    session = Session.objects.filter(event__slug="sample-conference", kind="workshop").first()
    pages = {name: at.format(session=session.slug) for name, at in PAGES.items()}
    own = _own_calendar()
    names = ["bare view", *pages, *(f"{name}, 304" for name in HAVE), *own]
    measured: dict[str, list[load.Run]] = {name: [] for name in names}
    crowd: list[load.Run] = []
    with load.served("conference.wsgi", DATABASE_URL=address):
        agenda = load.get(pages["agenda"])
        _first_visit(*agenda[:2])
        etags = {name: load.get(pages[name])[1]["etag"] for name in HAVE}
    with tempfile.NamedTemporaryFile() as body:
        import gzip

        Path(body.name).write_bytes(gzip.decompress(agenda[0]))
        for _ in range(RUNS):
            with load.served("script.benchmarks.bare_view", BENCH_BODY=body.name) as parent:
                load.press(parent, "/", 0.5)
                measured["bare view"].append(load.press(parent, "/", seconds))
            with load.served("conference.wsgi", DATABASE_URL=address) as parent:
                for name, at in pages.items():
                    load.press(parent, at, 0.5)
                    measured[name].append(load.press(parent, at, seconds))
                for name in HAVE:
                    measured[f"{name}, 304"].append(load.press(parent, pages[name], seconds, etag=etags[name]))
                for name, at in own.items():
                    measured[name].append(load.press(parent, at, seconds))
                crowd.append(load.press(parent, pages["agenda"], seconds, clients=50))
    _table(measured)
    rate, p99 = (statistics.median(getattr(run, each) for run in crowd) for each in ("rate", "p99_ms"))
    print(
        f"\nThe agenda for 50 connections at once: {rate:.0f} requests/s, p99 {p99:.0f} ms (to reach: at most 150 ms)."
    )
    _memory(address, list(pages.values()))


def _own_calendar() -> dict[str, str]:
    """Return the address of an attendee's calendar, who has a workshop in each series; it is never stored."""
    from django.utils import timezone

    from registrations.way_in import links
    from script.benchmarks import attendees, bookable

    [mine] = attendees.register(bookable.sample(), 1, timezone.now())
    return {"own calendar": urlsplit(links.calendar(mine)).path}


def _memory(address: str, pages: list[str]) -> None:
    from script.benchmarks import load

    with load.served("conference.wsgi", DATABASE_URL=address) as parent:
        before = load.memory(parent)
        for at in pages:
            load.press(parent, at, 600, requests=REQUESTS // len(pages) if "?" not in at else 1000)
        after = load.memory(parent)
    print(
        f"Memory of a worker: {before} MB at first, {after} MB after {REQUESTS:,} requests (to reach: at most 150 MB)."
    )


def _table(measured: dict) -> None:
    floor = statistics.median(run.cpu_ms for run in measured["bare view"])
    print(f"\n{'page':<18}{'requests/s':>11}{'of bare':>9}{'CPU ms':>9}{'× bare':>8}{'p50 ms':>8}{'p99 ms':>8}")
    fastest = statistics.median(run.rate for run in measured["bare view"])
    for name, runs in measured.items():
        rate, cpu, p50, p99 = (
            statistics.median(getattr(run, each) for run in runs) for each in ("rate", "cpu_ms", "p50_ms", "p99_ms")
        )
        print(f"{name:<18}{rate:>11.0f}{rate / fastest:>9.2f}{cpu:>9.2f}{cpu / floor:>8.1f}{p50:>8.1f}{p99:>8.1f}")
    print(f"Medians of {RUNS} runs each, taken in turn. The client runs on the same processors.")


def _cold(address: str) -> None:
    from django.conf import settings

    from script.benchmarks import load

    print("\nThe first request of a cold worker without stored pages, of 30 and of 1,000 sessions (33 times as many):")
    for page in COLD:
        times: dict[int, list[float]] = {30: [], 1000: []}
        for _ in range(3 if page != "agenda/" else RUNS):
            for number, taken in times.items():
                shutil.rmtree(settings.CACHES["pages"]["LOCATION"], ignore_errors=True)
                with load.served("conference.wsgi", DATABASE_URL=address, WEB_CONCURRENCY="1"):
                    taken.append(load.get(f"/events/sessions-{number}/{page}")[2])
        small, large = (statistics.median(times[number]) for number in (30, 1000))
        print(f"{page:<18}{small:>8.2f} s{large:>8.2f} s{large / small:>8.1f} times as long")
    print("To reach: at most 33 times as long (feeds: 35), and 1.5 s.")


def _first_visit(body: bytes, headers: dict[str, str]) -> None:
    """Print what a first visit to the agenda loads, compressed: with the two latin fonts, and with all four."""
    import gzip

    from script.benchmarks import load

    html = gzip.decompress(body).decode()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    css = [load.get(at) for at in sheets]
    styles = sum(load.size(*sheet[:2]) for sheet in css)
    fonts = {at for sheet in css for at in re.findall(r"fonts/[\w.-]+woff2", _text(sheet))}
    sizes = {at: len(load.get(f"/static/{at}")[0]) for at in fonts}
    latin = sum(size for at, size in sizes.items() if re.search(r"-latin-wght", at))
    ours = latin + sum(size for at, size in sizes.items() if re.search(r"-(latin-ext|vietnamese)-", at))
    page = len(body)
    parts = f"page {page / 1024:.1f} KB, {len(sheets)} style sheets {styles / 1024:.1f} KB"
    all_latin, all_ours = ((page + styles + each) / 1024 for each in (latin, ours))
    print(f"First visit to the agenda, compressed: {parts}.")
    print(f"With latin fonts {all_latin:.1f} KB (at most 100), with all four {all_ours:.1f} KB (at most 190).")


def _text(sheet: tuple) -> str:
    import gzip

    body, headers, _ = sheet
    return (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body).decode()


if __name__ == "__main__":
    main()
