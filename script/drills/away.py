"""What has to be true while PostgreSQL is away, however it went."""

import time
from collections.abc import Callable

from script.drills import site
from script.drills.cluster import Cluster
from script.drills.verdict import Verdict
from script.drills.visitors import Bookers, Readers

Deed = Callable[[Cluster], None]


def run(leave: Deed, come_back: Deed, *, times: int, seconds: float) -> None:
    """Let PostgreSQL leave and come back so many times while people read and register; say the verdict."""
    verdict, back = Verdict(), []
    with site.made() as here:
        here.web()
        with Readers() as readers, Bookers() as bookers:
            for _ in range(times):
                time.sleep(4)
                leave(here.cluster)
                time.sleep(seconds)
                come_back(here.cluster)
                back.append(time.monotonic())
            time.sleep(6)
        _say(verdict, readers, bookers, back)
        verdict.of_bookings(bookers)
    verdict.end()


def _say(verdict: Verdict, readers: Readers, bookers: Bookers, back: list[float]) -> None:
    storm = sum(each.storm for each in readers.seen)
    verdict.say(set(readers.statuses) == {200}, f"every reading was answered with a page: {readers.statuses}")
    verdict.say(storm > 0, f"while PostgreSQL was away, with the stored one and its line: {storm} times")
    reading, writing = (max(each.back_after(moment) for moment in back) for each in (readers, bookers))
    verdict.say(
        max(reading, writing) <= 5,
        f"after PostgreSQL was back, pages were themselves again within {reading:.1f} s, "
        f"and somebody had a place within {writing:.1f} s (to reach: 5 s)",
    )
    slowest = max(readers.slowest, bookers.slowest)
    verdict.say(slowest <= 5, f"the slowest answer took {slowest:.1f} s (to reach: 5 s)")
    verdict.say(bookers.put_off > 0, f"{bookers.put_off} times somebody who was registering was asked to try again")
