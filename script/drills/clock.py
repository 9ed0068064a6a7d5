"""The clock goes over both changes of summer time, and jumps an hour back and forth, while somebody registers."""

import datetime
import re
from pathlib import Path

from script.benchmarks import journeys
from script.benchmarks.browser import Browser, Noted
from script.drills import site
from script.drills.verdict import Verdict
from script.drills.visitors import Bookers

SECOND, HOUR = datetime.timedelta(seconds=1), datetime.timedelta(hours=1)
# The moment at which the clock changes, and what half an hour later is called in London.
CHANGES = [
    (datetime.datetime(2027, 3, 28, 1, tzinfo=datetime.UTC), "Sunday 28 March 2027 at 2:30am"),
    (datetime.datetime(2027, 10, 31, 1, tzinfo=datetime.UTC), "Sunday 31 October 2027 at 1:30am"),
]
EVENT = "/events/sample-conference/"


class Clock:
    """The clock of the web server's processes, which this drill sets."""

    def __init__(self, file: Path) -> None:
        """Take the file from which the processes read how far their clock is off."""
        self._file = file
        self.set(datetime.datetime.now(datetime.UTC))

    def set(self, moment: datetime.datetime) -> None:
        """Set it to a moment, from which it goes on."""
        off = (moment - datetime.datetime.now(datetime.UTC)).total_seconds()
        new = self._file.with_suffix(".new")
        new.write_text(f"{off:+.3f}\n")
        new.rename(self._file)


def main() -> None:
    """Run it, and say what was wrong."""
    verdict, bookers = Verdict(), Bookers()
    with site.made() as here:
        clock = Clock(here.folder / "clock")
        here.web(application="script.drills.set_clock", CLOCK=str(here.folder / "clock"))
        for change, words in CHANGES:
            _over(clock, change, words, verdict)
            _register(clock, change + HOUR, verdict, bookers)
        verdict.of_bookings(bookers)
    verdict.end()


def _over(clock: Clock, change: datetime.datetime, words: str, verdict: Verdict) -> None:
    """Open booking half an hour after a change, and look at the page around every moment."""
    from events.models import Event

    opens = change + HOUR / 2
    Event.objects.filter(slug="sample-conference").update(booking_opens=opens)
    steps = {
        "two seconds before the clock changes": (change - 2 * SECOND, False),
        "a second after": (change + SECOND, False),
        "two seconds before booking opens": (opens - 2 * SECOND, False),
        "when it opens": (opens, True),
        "after the clock jumped an hour back": (opens - HOUR, False),
        "and an hour forth": (opens + SECOND, True),
    }
    for when, (moment, is_open) in steps.items():
        clock.set(moment)
        text = " ".join(re.sub(r"<[^>]+>", "", Browser(1, Noted()).get(EVENT).text).split())
        good = ("Register for the conference" in text) == is_open and (f"Booking opens on {words}" in text) != is_open
        verdict.say(good, f"{words}, {when}: booking is {'open' if is_open else 'not open'}")


def _register(clock: Clock, begin: datetime.datetime, verdict: Verdict, bookers: Bookers) -> None:
    """Have people register while the clock jumps between the page to check and the last button."""
    for jump in (-HOUR / 2, HOUR, 5 * HOUR):
        clock.set(begin)
        browser = journeys.newcomer(Noted())
        page = journeys.to_check(browser)
        clock.set(begin + jump)
        done = browser.send(page.form())
        found = re.search(r"Your reference is <b>([\w-]+)</b>", done.text)
        bookers.told[browser.number] = found[1] if found else ""
        verdict.say(bool(found), f"the clock jumped by {jump / HOUR:+.1f} hours before the last button: {done.heading}")
        browser.close()


if __name__ == "__main__":
    main()
