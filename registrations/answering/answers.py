"""What somebody answered, as plain values. Forms make them, `rules` judges them, `booking` writes them."""

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from registrations.folding import clean

Texts = TypeVar("Texts", "Answers", "Payer", "Needs")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of one series, by keys of sessions: a place in one, and the waiting list of another.

    Empty is “I will choose later”; with `no_part` it is “None: I will not take part in this series”. `ask_first` says
    whether to be asked before a place that came free is theirs; None leaves that as it is.
    """

    place: int | None = None
    wait: int | None = None
    ask_first: bool | None = None
    no_part: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """The price that was on the check page, in pence, and when. The server's own words, never a visitor's."""

    ticket_type: int
    price: int
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays."""

    payer: str
    address: str = ""
    email: str = ""
    purchase_order: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """Access and dietary needs; the fields are those of the model."""

    bsl: bool = False
    hearing_loop: bool = False
    captions: bool = False
    step_free: bool = False
    quiet_room: bool = False
    prayer_room: bool = False
    personal_assistant: bool = False
    materials_in_advance: bool = False
    dietary: str = ""
    other: str = ""
    please_call: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of one submission. `wishes` is keyed by series."""

    name: str
    email: str
    quote: Quote
    badge_name: str = ""
    phone: str = ""
    organisation: str = ""
    job_title: str = ""
    is_member: bool = False
    pronouns: str = ""
    invitation_code: str = ""
    photo_consent: bool = False
    mailing_consent: bool = False
    wants_bursary: bool = False
    payer: Payer | None = None
    wishes: Mapping[int, Wish] = field(default_factory=dict)
    needs: Needs | None = None

    @property
    def ask_for_us(self) -> bool:
        """Whether they ask us to write or ring: about help with the cost, or about what they need."""
        return self.wants_bursary or bool(self.needs and self.needs.please_call)


def tidied(answers: Texts) -> Texts:
    """Return the same answers with every text in one form, without null characters and the space around it."""
    changed: dict[str, Any] = {}
    for each in dataclasses.fields(answers):
        value = getattr(answers, each.name)
        if isinstance(value, str):
            changed[each.name] = clean(value)
        elif isinstance(value, Payer | Needs):
            changed[each.name] = tidied(value)
    return dataclasses.replace(answers, **changed)
