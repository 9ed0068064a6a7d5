"""A web worker is killed (SIGKILL) 100 times, in the middle of what people send."""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

from script.drills import site
from script.drills.verdict import Verdict
from script.drills.visitors import Bookers

TIMES = 100


def main() -> None:
    """Run it, and say what was lost."""
    verdict, dice = Verdict(), random.Random(1)
    with site.made() as here:
        web, killed = here.web(), 0
        with Bookers(number=8) as bookers:
            while killed < TIMES:
                time.sleep(dice.uniform(0.1, 0.5))
                with suppress(ProcessLookupError):
                    if workers := _workers(web.pid):
                        os.kill(dice.choice(workers), signal.SIGKILL)
                        killed += 1
            time.sleep(3)
        verdict.say(killed == TIMES, f"{killed} web workers were killed")
        verdict.say(bookers.cut > 0, f"{bookers.cut} requests were cut off by it, and sent once more")
        verdict.of_bookings(bookers)
    verdict.end()


def _workers(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


if __name__ == "__main__":
    main()
