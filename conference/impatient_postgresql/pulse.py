"""Whether PostgreSQL answers at all, found out by one thread for all others of this process.

A PostgreSQL that is down refuses at once, and nobody needs this. One that hangs (stopped, or behind a broken network)
takes what it is sent and says nothing: each thread would wait for it, and soon there would be none left to send stored
pages.
"""

import threading
import time
from collections.abc import Callable

REST = 1.0  # seconds after a failed try in which nobody tries again


class Pulse:
    """What this process knows of PostgreSQL. `is_there` is a try that takes at most some two seconds."""

    def __init__(self, is_there: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        """Take how to try, and a clock that only goes forward."""
        self._is_there, self._clock = is_there, clock
        self._trying = threading.Lock()
        self._found_at, self._found = float("-inf"), True

    @property
    def is_gone(self) -> bool:
        """Whether it did not answer when it was last tried."""
        return not self._found

    def stopped(self) -> None:
        """Note that somebody else's try had no answer."""
        self._found_at, self._found = self._clock(), False

    def beats(self) -> bool:
        """Return whether it answers: what a try of less than REST ago found out, or try now.

        Of several who ask at once one tries. The others wait for what it finds, unless PostgreSQL was gone already:
        then they take that for an answer.
        """
        if not self._trying.acquire(blocking=self._found):
            return False
        try:
            if self._clock() - self._found_at >= REST:
                self._found = self._is_there()
                self._found_at = self._clock()
            return self._found
        finally:
            self._trying.release()
