"""Messages of a drill: people who get one, the mail server that takes them, and whether each came."""

import contextlib
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator

from script.benchmarks import journeys
from script.benchmarks.browser import Noted
from script.drills.verdict import Verdict
from tests.registrations.mail_server import MailServer


@contextlib.contextmanager
def server() -> Iterator[MailServer]:
    """Give a mail server that can be stopped and started; a site made within sends to it with `url`."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    office = MailServer()
    office.start()
    try:
        yield office
    finally:
        office.stop()


def url(office: MailServer) -> str:
    """Return the EMAIL_URL that leads to it."""
    return f"smtp://127.0.0.1:{office.port}"


def people(number: int) -> list[str]:
    """Have that many people register, whole journeys, and return the references that they were told."""
    noted = Noted()
    pages, _ = journeys.together(journeys.whole, [journeys.newcomer(noted) for _ in range(number)], 8)
    return [re.search(r"Your reference is <b>([\w-]+)</b>", page.text)[1] for page in pages]


def wait_until(done: Callable[[], bool], seconds: float) -> float:
    """Return after how many seconds something is so; infinity if it is not so in that time."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if done():
            return time.monotonic() - began
        time.sleep(0.2)
    return float("inf")


def wait_for_more(office: MailServer, number: int, seconds: float = 40) -> None:
    """Return when so many more messages have come, or after some time."""
    before = len(office.taken)
    wait_until(lambda: len(office.taken) >= before + number, seconds)


def unsent() -> int:
    """Return how many messages still are to be sent."""
    from registrations.models import Message

    return Message.objects.filter(state="queued").count()


def taken(office: MailServer) -> Counter[str]:
    """Return how often each message came, by its Message-ID."""
    return Counter(message["Message-ID"] for message in office.messages)


def say(verdict: Verdict, office: MailServer, *, most: int) -> None:
    """Say whether each message that was queued came, and how many came more than once: `most` at most."""
    from registrations.models import Message

    came = taken(office)
    queued = set(Message.objects.values_list("message_id", flat=True))
    missing, twice = queued - came.keys(), sum(number - 1 for number in came.values())
    verdict.say(bool(queued) and not missing, f"{len(missing)} of {len(queued)} messages did not come")
    verdict.say(twice <= most, f"{twice} came more than once, with the same Message-ID (at most {most})")
    failed = Message.objects.filter(state="failed").count()
    verdict.say(not failed, f"{failed} messages are marked as failed")
