"""Why a booking is refused, as typed values with words for the attendee."""

import enum
from dataclasses import dataclass


class Why(enum.StrEnum):
    """The reasons there are."""

    NOT_BOOKABLE = enum.auto()  # a listing, a draft, cancelled, past, or booked elsewhere
    NOT_OPEN_YET = enum.auto()
    CLOSED = enum.auto()
    TOO_LATE = enum.auto()  # the event has started
    CANCELLED = enum.auto()  # the registration has
    MISSING = enum.auto()
    TOO_LONG = enum.auto()
    NO_ADDRESS = enum.auto()  # what was given cannot be an e-mail address
    TICKET_UNKNOWN = enum.auto()
    TICKET_NOT_ON_SALE = enum.auto()
    TICKET_SOLD_OUT = enum.auto()
    TICKET_IN_USE = enum.auto()
    CODE_WRONG = enum.auto()
    CODE_UNFIT = enum.auto()  # a ticket type's, which everybody would have, or has another ticket
    PRICE_CHANGED = enum.auto()
    WORKSHOP_UNKNOWN = enum.auto()
    WORKSHOP_NOT_CHOOSABLE = enum.auto()  # not announced, cancelled, or over
    WORKSHOP_FULL = enum.auto()
    WORKSHOP_HAS_ROOM = enum.auto()  # so that nobody need wait for it
    SAME_TWICE = enum.auto()  # held and waited for
    ONE_WISH = enum.auto()  # the event is full: one workshop a series can be asked for
    CLASH = enum.auto()
    CAPACITY_TOO_SMALL = enum.auto()  # of a ticket type, for those who have it
    INVOICE_STATE = enum.auto()  # what staff say was done does not follow from what was before
    ON_ITS_WAY = enum.auto()  # the same message is about to be sent
    SAME_PERSON = enum.auto()  # the name and address of another registration
    IS_KEPT = enum.auto()  # what is asked about is kept for them already: yes or no is the answer
    OFFER_OVER = enum.auto()  # answered, withdrawn, or run out
    TRANSFER_OVER = enum.auto()  # accepted or withdrawn
    CHANGED_MEANWHILE = enum.auto()
    BUSY = enum.auto()


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason, in words; `field` names the question it belongs to, empty for the whole."""

    why: Why
    message: str
    field: str = ""


class Refused(Exception):
    """A booking that was not made. Nothing was written; `problems` says why, in words."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.message for problem in problems))


class Busy(Refused):
    """So many are booking that this one waited too long for its turn. Nothing was written; try again."""

    def __init__(self) -> None:
        sentence = "Many people are booking at this moment. Nothing is lost: please try again."
        super().__init__([Problem(Why.BUSY, sentence)])


class AlreadyRegistered(Exception):
    """This name and address have a registration already. Nothing was written but a message to its holder."""
