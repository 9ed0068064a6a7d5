"""script/bench backup: script/backup and script/restore of 2,000 registrations with all that hangs on them.

Both commands run as they are typed, with age and a key of the run's own. Exits 1 if a verdict is not good, or the two
take more than two minutes together.
"""

import argparse
import os
import secrets
import subprocess
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
os.environ.setdefault("SITE_URL", "http://localhost:8765")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))

from conference import local_postgres

ROOT = Path(__file__).resolve().parents[2]
AT_MOST = 120  # seconds, of both
UPLOAD = 150_000  # bytes, about as much as a photograph that the site keeps
RESTORED = "bench_conference_restored"


def main() -> None:
    """Run it, print what it took, and exit 1 unless all is as it must be."""
    parser = argparse.ArgumentParser(prog="script/bench backup", description=__doc__.splitlines()[0])
    parser.add_argument("--registrations", type=int, default=2_000, help="how many people have registered (2,000)")
    parser.add_argument("--erased", type=int, default=20, help="how many of them are erased after the backup (20)")
    parser.add_argument("--uploads", type=int, default=60, help="how many photographs there are (60)")
    given = parser.parse_args()
    local_postgres.ensure()
    with tempfile.TemporaryDirectory(prefix="bench-backup-") as folder:
        os.environ["VAR_DIR"] = folder
        django.setup()
        from script.benchmarks import scratch

        with scratch.database() as address:
            seconds = _measure(given, address, Path(folder))
    print(f"{seconds:.1f} s together (to reach: {AT_MOST}).")
    raise SystemExit(0 if seconds <= AT_MOST else 1)


def _measure(given: argparse.Namespace, address: str, folder: Path) -> float:
    """Return the seconds of both commands. Raises CalledProcessError when one of them fails."""
    # Django's models can be imported only once it is set up.
    from django.utils import timezone

    from registrations.data_rights import erasing
    from script.benchmarks import attendees, bookable

    began, now = time.perf_counter(), timezone.now()
    people = attendees.register(bookable.sample(), given.registrations, now)
    for number in range(given.uploads):
        upload = folder / "media" / "photographs" / f"{number}.webp"
        upload.parent.mkdir(parents=True, exist_ok=True)
        upload.write_bytes(secrets.token_bytes(UPLOAD))
    print(f"{len(people):,} people registered in {time.perf_counter() - began:.1f} s.", flush=True)
    key = folder / "key.txt"
    subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True, text=True).stdout.strip()
    backup = _timed(["script/backup", "--recipients", public, "--folder", folder / "backups"], DATABASE_URL=address)
    for person in people[: given.erased]:
        erasing.erase(person, now)
    [file] = (folder / "backups").iterdir()
    into = address.replace("/bench_conference?", f"/{RESTORED}?")
    try:
        restore = _timed(
            ["script/restore", file, "--identity", key, "--into", into, "--media", folder / "restored"]
        )  # fmt: skip
    finally:
        _drop()
    print(f"script/backup: {backup:.1f} s; script/restore, with {given.erased} people erased again: {restore:.1f} s.")
    return backup + restore


def _timed(command: list[str | Path], **environment: str) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True)
    return time.perf_counter() - began


def _drop() -> None:
    from django.db import connection  # only once Django is set up

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {RESTORED}")


if __name__ == "__main__":
    main()
