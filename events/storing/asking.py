"""Several short questions to PostgreSQL, asked in one round trip.

On a busy machine a round trip costs more than the questions: two processes take turns on one processor, and each finds
its caches full of the other's. So whatever a page knows at once that it will need, it asks for together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Answer = TypeVar("Answer")
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """One statement that returns rows, its values, and what its rows mean."""

    statement: str
    values: Sequence[object]
    read: Callable[[Rows], Answer]


def ask(question: Question[Answer]) -> Answer:
    """Return the answer to one question."""
    return ask_all({"": question})[""]


def ask_all(questions: Mapping[str, Question]) -> dict[str, Any]:
    """Return the answer to each question, by its name. Each sees what was committed when its turn came."""
    return _ask(connections[DEFAULT_DB_ALIAS], questions) if questions else {}


def _ask(connection: BaseDatabaseWrapper, questions: Mapping[str, Question]) -> dict[str, Any]:
    statements = ";".join([question.statement for question in questions.values()])
    values = [value for question in questions.values() for value in question.values]
    answers, left = {}, len(questions)
    with connection.cursor() as cursor:
        cursor.execute(statements, values)
        for name, question in questions.items():
            answers[name], left = question.read(cursor.fetchall()), left - 1
            if left:
                cursor.nextset()
    return answers


def ask_first(questions: Mapping[str, Question]) -> dict[str, Any]:
    """Return the same for the first questions of a request.

    They serve as the check whether a connection from before still works, for which Django would make a round trip of
    its own: if PostgreSQL has ended it, as at a restart, they are asked again on a new one. Raises OperationalError if
    PostgreSQL cannot be asked, or answers too late.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        return _ask(connection, questions)
    connection.health_check_done = True
    try:
        return _ask(connection, questions)
    except (OperationalError, InterfaceError):
        if connection.connection is None or not connection.connection.closed:
            raise
        connection.close()
        return _ask(connection, questions)
