"""Why a change to the programme is refused, as typed values."""

from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason, in words for the person who made the change.

    `about` is the instance that it concerns and `field` the name of its field, so that a form can
    show the sentence beside it; both may be None.
    """

    message: str
    about: Model | None = None
    field: str | None = None


class Refused(Exception):
    """A change to the programme that was not saved. `problems` says why, in words."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.message for problem in problems))
