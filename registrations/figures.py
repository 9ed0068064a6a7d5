"""How much there is, for whoever watches the site: numbers, none of them about few people."""

import datetime
from dataclasses import dataclass

from events.storing.asking import Question, ask_first
from registrations.models import MessageState

FEWEST = 5  # a number of fewer people is not told
TOLD = (MessageState.QUEUED, MessageState.FAILED, MessageState.TO_RING)

# Each attempt moves `due_at` on, so that what was tried already has waited since it was made: else a mail server that
# is away would look like a queue in which nothing is due.
_AGE = """
SELECT extract(epoch FROM %s - min(CASE WHEN attempts = 0 THEN due_at ELSE created_at END))
FROM registrations_message WHERE state = 'queued' AND (attempts > 0 OR due_at <= %s)
"""
_MESSAGES = "SELECT state, count(*) FROM registrations_message WHERE state = ANY(%s) GROUP BY state"
_REGISTRATIONS = """
SELECT status, count(*) FROM registrations_registration
WHERE event_id IN (SELECT id FROM events_event WHERE ends > %s) GROUP BY status HAVING count(*) >= %s
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """For how many seconds the oldest message that is due has waited, messages by state, registrations by status."""

    queue_age: float
    messages: dict[str, int]
    registrations: dict[str, int]


def now_standing(now: datetime.datetime) -> Figures:
    """Return the figures of this moment, in one round trip; registrations are those for events that are not over.

    Raises OperationalError or InterfaceError if PostgreSQL cannot be asked.
    """
    states = [state.value for state in TOLD]
    answers = ask_first(
        {
            "age": Question(_AGE, [now, now], lambda rows: float(rows[0][0] or 0)),
            "messages": Question(_MESSAGES, [states], dict),
            "registrations": Question(_REGISTRATIONS, [now, FEWEST], dict),
        }
    )
    messages = {state: answers["messages"].get(state, 0) for state in states}
    return Figures(answers["age"], messages, answers["registrations"])
