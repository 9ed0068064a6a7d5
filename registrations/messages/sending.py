"""Sends what is due in the outbox. The row is the truth: whoever asks for sending, and how often, makes no difference.

Each message is claimed first: that is committed, counts as an attempt, and puts off the next one. Then its row is
locked while it is being sent, so two workers never send one message at the same time; the lock ends with the worker,
however it ends. A worker that is killed after the server took the message and before that is noted sends it again
later, with the same Message-ID.
"""

import datetime
import enum
import logging
import threading
import traceback
from collections.abc import Callable

from django.db import transaction

from events import letters
from registrations.messages import emails, post
from registrations.models import Message, MessageKind, MessageState

logger = logging.getLogger(__name__)

SECOND = datetime.timedelta(seconds=1)
FIRST_PAUSE, LONGEST_PAUSE = 15 * SECOND, 240 * SECOND
# How long a claim counts when nothing is heard of it. With a sweep every 15 s, killed work waits no minute.
CLAIMED_FOR = 30 * SECOND
# A mailbox that is full or a greylist is tried for so long; a mail server that is away, for ever.
GIVEN_UP_AFTER = datetime.timedelta(days=3)
LONGEST_PROBLEM = 300
WORDS = ("subject", "text", "html", "calendar")

Clock = Callable[[], datetime.datetime]


class Outcome(enum.Enum):
    """What came of an attempt."""

    SENT = enum.auto()
    REFUSED = enum.auto()
    LATER = enum.auto()
    AWAY = enum.auto()
    NEEDLESS = enum.auto()


def send_due(clock: Clock, stop: threading.Event | None = None) -> int:
    """Send every message that is due, and return how many were sent.

    Ends early when the mail server is away, so that the others wait for it unharmed, or once `stop` is set.
    """
    sent = 0
    with post.Office() as office:
        while not (stop and stop.is_set()):
            claimed = claim(clock())
            outcome = deliver(claimed, office, clock) if claimed else Outcome.AWAY
            if outcome == Outcome.AWAY:
                break
            sent += outcome == Outcome.SENT
    return sent


def claim(now: datetime.datetime) -> Message | None:
    """Return a due message for one attempt, or None; others leave it alone for a while."""
    with transaction.atomic():
        message = Message.objects.select_for_update(skip_locked=True).due(now).first()
        if message:
            message.attempts += 1
            message.due_at = now + CLAIMED_FOR
            message.save(update_fields=["attempts", "due_at"])
    return message


def deliver(claimed: Message, office: post.Office, clock: Clock) -> Outcome:
    """Send a message that was claimed, note what came of it, and return that."""
    with transaction.atomic():
        message = _locked(claimed)
        if message is None:  # so slow that another worker has claimed it meanwhile
            return Outcome.LATER
        outcome, words = _attempt(message, office)
        if outcome == Outcome.NEEDLESS:
            message.delete()
        else:
            _note(message, outcome, words, clock())
        return outcome


def pause_after(attempts: int) -> datetime.timedelta:
    """Return how long to wait after so many attempts: 15 seconds, then twice as long each time, up to 4 minutes."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)


def _locked(claimed: Message) -> Message | None:
    still_ours = Message.objects.filter(pk=claimed.pk, state=MessageState.QUEUED, attempts=claimed.attempts)
    related = still_ours.select_related("registration__event__venue", "registration__invoice")
    # Waits, if only for a moment: another worker that was just looking for work may have locked the row and, seeing
    # that it is claimed, lets it go at the end of its transaction. None can be sending it: the claim is ours.
    return related.select_for_update(of=("self",)).first()


def _attempt(message: Message, office: post.Office) -> tuple[Outcome, str]:
    try:
        _write(message)
        office.send(message)
    except emails.NothingToSay:  # what it was to say is not so any more
        return Outcome.NEEDLESS, ""
    except post.RefusedForGood as refusal:
        return Outcome.REFUSED, str(refusal)
    except post.Away as problem:
        return Outcome.AWAY, str(problem)
    except post.NotNow as problem:
        return Outcome.LATER, str(problem)
    except Exception as error:  # a fault of ours with one message must not hold up the others, nor lose it
        # Where it happened, without what it says: that may quote somebody's name or address.
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Message %s could not be sent: %s\n%s", message.pk, type(error).__name__, where)
        return Outcome.LATER, f"A fault of this site: {type(error).__name__}"
    return Outcome.SENT, ""


def _write(message: Message) -> None:
    """Put the message into words, unless an earlier attempt did."""
    if not message.text:
        with transaction.atomic():  # so that a query which fails spoils no more than itself
            written = emails.write(message)
        for name in WORDS:
            setattr(message, name, getattr(written, name))


def _note(message: Message, outcome: Outcome, words: str, now: datetime.datetime) -> None:
    message.problem = " ".join(letters.plain(words).split())[:LONGEST_PROBLEM]
    given_up = outcome == Outcome.LATER and now - message.created_at > GIVEN_UP_AFTER
    if message.kind == MessageKind.ERASED and (outcome in (Outcome.SENT, Outcome.REFUSED) or given_up):
        _note_last(message, outcome, now)
        return
    if outcome == Outcome.SENT:
        message.state, message.sent_at = MessageState.SENT, now
    elif outcome == Outcome.REFUSED or given_up:
        message.state = MessageState.FAILED
        logger.warning("Message %s cannot be sent: staff see why in the admin.", message.pk)
    else:
        message.due_at = now + pause_after(message.attempts)
    message.save(update_fields=["state", "sent_at", "due_at", "problem", *WORDS])


def _note_last(message: Message, outcome: Outcome, now: datetime.datetime) -> None:
    """Note that somebody who is erased was told so: the address was kept for that alone, and so was what it said."""
    if outcome != Outcome.SENT:  # nobody can be told any more, and nobody is left whom staff could ring
        logger.warning("Message %s, which says that data are erased, cannot be sent.", message.pk)
        message.delete()
        return
    message.state, message.sent_at, message.recipient, message.facts = MessageState.SENT, now, "", {}
    for name in WORDS:
        setattr(message, name, "")
    message.save(update_fields=["state", "sent_at", "recipient", "facts", "problem", *WORDS])
