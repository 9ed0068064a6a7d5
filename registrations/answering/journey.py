"""The journey: which questions are asked, in which order, and which comes next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One page of questions. `name` is the last part of its address and the key of its answers in a draft."""

    name: str
    title: str
    back: str  # how the page after it names it

    @property
    def url_name(self) -> str:
        """The name of its address."""
        return f"registrations:{self.name}"


DETAILS = Step("details", "Your details", "your details")
TICKET = Step("ticket", "Your organisation and ticket", "your organisation and ticket")
WORKSHOPS = Step("workshops", "Your workshops", "your workshops")
ACCESS = Step("access", "Access and food", "access and food")
CHECK = Step("check", "Check your answers", "your answers")
QUESTIONS = (DETAILS, TICKET, WORKSHOPS, ACCESS)

# What a draft holds as the answer of a step that has nothing to ask at this event.
NOTHING_TO_ASK: dict = {}


def steps(answers: Mapping) -> list[Step]:
    """Return the steps of a draft, the last one to check included; those with nothing to ask are left out."""
    return [*(step for step in QUESTIONS if answers.get(step.name) != NOTHING_TO_ASK), CHECK]


def first_unanswered(answers: Mapping) -> Step:
    """Return where somebody goes on: the first question without an answer, or the page to check."""
    return next((step for step in QUESTIONS if step.name not in answers), CHECK)


def is_reached(step: Step, answers: Mapping) -> bool:
    """Whether every step before this one has its answer."""
    order = [*QUESTIONS, CHECK]
    return order.index(step) <= order.index(first_unanswered(answers))


def before(step: Step, answers: Mapping) -> Step | None:
    """Return where Back leads: to the check once everything is answered, else to the step before; None is the start."""
    if step != CHECK and first_unanswered(answers) == CHECK:
        return CHECK
    listed = steps(answers)
    place = listed.index(step)
    return listed[place - 1] if place else None


def position(step: Step, answers: Mapping) -> str:
    """Return “Step 3 of 5”."""
    listed = steps(answers)
    return f"Step {listed.index(step) + 1} of {len(listed)}"


def step_of_field(field: str) -> Step:
    """Return the step whose question a problem belongs to."""
    if field.startswith("series-"):
        return WORKSHOPS
    return next((step for step, fields in _FIELDS.items() if field in fields), DETAILS)


_FIELDS = {
    TICKET: {
        "organisation", "job_title", "ticket_type", "invitation_code", "pays", "invoice_payer", "invoice_address",
        "invoice_email", "invoice_purchase_order", "wants_bursary",
    },
    ACCESS: {"dietary", "other", "please_call"},
}  # fmt: skip
