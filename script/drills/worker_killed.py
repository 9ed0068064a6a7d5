"""The worker is killed (SIGKILL) ten times while it sends messages, every second time in the worst moment."""

import time

from script.drills import post, site
from script.drills.verdict import Verdict

PEOPLE, TIMES = 200, 10


def main() -> None:
    """Run it, and say what was lost."""
    verdict, killed = Verdict(), 0
    with post.server() as office, site.made(EMAIL_URL=post.url(office)) as here:
        here.web()
        post.people(PEOPLE)
        while killed < TIMES and post.unsent():
            worker = here.worker()
            post.wait_for_more(office, 5)
            if killed % 2:  # in the worst moment: the server has the message, and the worker does not know it yet
                office.on_data = worker.kill
            else:
                worker.kill()
            worker.wait()
            office.on_data = None
            killed += 1
        here.worker()
        took = post.wait_until(lambda: not post.unsent(), 180)
        verdict.say(killed == TIMES, f"the worker was killed {killed} times, the last {took:.0f} s before all was sent")
        time.sleep(1)
        post.say(verdict, office, most=killed)
    verdict.end()


if __name__ == "__main__":
    main()
