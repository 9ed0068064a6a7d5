"""The disk that PostgreSQL and the stored pages are on fills up, and is cleared again (as root: a small tmpfs)."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from script.drills import site
from script.drills.verdict import Verdict
from script.drills.visitors import Bookers, Readers

SIZE = "300m"
FULL = 12  # seconds


def main() -> None:
    """Run it, and say what was lost."""
    if os.geteuid():
        raise SystemExit("Making a small disk takes root: sudo script/drill disk_full")
    verdict = Verdict()
    with small_disk() as disk, site.made(data=disk / "postgres") as here:
        here.web(VAR_DIR=str(disk))
        with Readers() as readers, Bookers() as bookers:
            time.sleep(4)
            fill(disk)
            time.sleep(FULL)
            full, ended = os.statvfs(disk).f_bavail, not here.cluster.answers()
            (disk / "filler").unlink()
            if not here.cluster.answers():
                here.cluster.start()
            back = time.monotonic()
            time.sleep(6)
        ending = ", and PostgreSQL ended itself" if ended else ""
        verdict.say(full < 16, f"the disk was full: {full} blocks free{ending}")
        verdict.say(set(readers.statuses) == {200}, f"every reading was answered with a page: {readers.statuses}")
        statuses = dict(bookers.noted.statuses)
        verdict.say(bookers.put_off > 0, f"{bookers.put_off} times somebody who was registering was asked to try again")
        verdict.say(500 not in statuses, f"no answer was a fault of ours: {statuses}")
        recovery = max(readers.back_after(back), bookers.back_after(back))
        again = "PostgreSQL was started again" if ended else "the disk was cleared"
        verdict.say(recovery <= 5, f"{recovery:.1f} s after {again} somebody had a place again")
        verdict.of_bookings(bookers)
    verdict.end()


def fill(disk: Path) -> None:
    """Fill the disk to the last byte."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        size = 1 << 20
        while size:
            try:
                filler.write(bytes(size))
            except OSError:
                size //= 2


@contextmanager
def small_disk() -> Iterator[Path]:
    """Give a disk of that size, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="drill-disk-") as folder:
        Path(folder).chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


if __name__ == "__main__":
    main()
