"""The mail server is away for a while, which nobody who registers may notice."""

import argparse
import time

from script.drills import post, site
from script.drills.verdict import Verdict
from script.drills.visitors import Bookers

AT_MOST = 300  # seconds after its return


def main() -> None:
    """Run it, and say what was lost."""
    parser = argparse.ArgumentParser(prog="script/drill smtp_down", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.5, help="how long it is away (1.5)")
    away, verdict = parser.parse_args().minutes * 60, Verdict()
    with post.server() as office, site.made(EMAIL_URL=post.url(office)) as here:
        here.web()
        here.worker()
        office.stop()
        began = time.monotonic()
        with Bookers(number=2) as bookers:
            time.sleep(min(away, 15))
        time.sleep(max(0, began + away - time.monotonic()))
        waiting = post.unsent()
        verdict.say(waiting >= len(bookers.told), f"{waiting} messages waited for the mail server")
        unharmed = bookers.put_off == bookers.cut == 0
        verdict.say(unharmed, f"nobody who registered noticed; the slowest answer took {bookers.slowest:.1f} s")
        office.start()
        took = post.wait_until(lambda: not post.unsent(), AT_MOST + 60)
        verdict.say(took <= AT_MOST, f"all were sent {took:.0f} s after its return (to reach: {AT_MOST} s)")
        post.say(verdict, office, most=0)
        verdict.of_bookings(bookers)
    verdict.end()


if __name__ == "__main__":
    main()
