"""Who is in a session, as it is said on a page: appearances → credits. Pure.

A person whose `public_until` has passed is no longer named; the programme says that somebody was there.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from events.models import Appearance, Organisation, Person, Role

ROLE_WORDS = {
    Role.CHAIR: ("Chair", "Chairs"),
    Role.PANELLIST: ("Panellist", "Panellists"),
    Role.FACILITATOR: ("Facilitator", "Facilitators"),
    Role.PERFORMER: ("Performer", "Performers"),
    Role.HOST: ("Host", "Hosts"),
}


@dataclass(frozen=True, slots=True)
class Credit:
    """One name in a session."""

    name: str
    role: str
    person: Person | None  # None where the person is gone
    organisation: Organisation | None
    is_person: bool
    is_gone: bool = False

    @property
    def role_words(self) -> str:
        """“Chair”, “Panellist” …"""
        return ROLE_WORDS[Role(self.role)][0]

    @property
    def has_page(self) -> bool:
        """Whether the name may lead to a page."""
        if self.is_person:
            return self.person is not None and self.person.has_page
        return self.organisation is not None

    @property
    def below(self) -> str:
        """What stands below a person's name: their organisation, else what they say of themselves."""
        if not self.is_person or self.person is None:
            return ""
        return self.organisation.name if self.organisation else self.person.role


def credits_of(appearances: Iterable[Appearance], today: datetime.date) -> list[Credit]:
    """Return a credit for each appearance, in the same order.

    `today` is the date in the event's zone. Appearances come with person, organisation and the
    person's organisation already loaded.
    """
    return [_credit(appearance, today) for appearance in appearances]


def _credit(appearance: Appearance, today: datetime.date) -> Credit:
    person = appearance.person
    if person is None:
        organisation = appearance.organisation
        return Credit(appearance.wording or organisation.name, appearance.role, None, organisation, False)
    if person.is_gone(today):
        words = f"{ROLE_WORDS[Role(appearance.role)][0]}, no longer named here"
        return Credit(words, appearance.role, None, None, True, is_gone=True)
    return Credit(appearance.wording or person.name, appearance.role, person, person.organisation, True)


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """The credits of one role, under its heading."""

    role: str
    heading: str
    credits: list[Credit]


def by_role(credits: Iterable[Credit]) -> list[RoleGroup]:
    """Return the credits in groups of one role, chairs first, each with its heading in the right number."""
    groups: dict[str, list[Credit]] = {}
    for credit in credits:
        groups.setdefault(credit.role, []).append(credit)
    return [
        RoleGroup(role, words[len(groups[role]) > 1], groups[role])
        for role, words in ROLE_WORDS.items()
        if role in groups
    ]


def joined(words: Iterable[str]) -> str:
    """Return “A”, “A and B”, “A, B and C”; each word once, in the order given."""
    unique = list(dict.fromkeys(word for word in words if word))
    if len(unique) < 2:
        return "".join(unique)
    return f"{', '.join(unique[:-1])} and {unique[-1]}"


def parts_words(appearances: Iterable[Appearance]) -> str:
    """Return what somebody does in an event: “Chair, morning keynote panel · workshops 1A and 3C”.

    Appearances come with session and series already loaded, in the order of the day.
    """
    codes, others = [], []
    for appearance in appearances:
        session = appearance.session
        if session.full_code:
            codes.append(session.full_code)
        else:
            label = session.label or session.get_kind_display()
            others.append(f"{ROLE_WORDS[Role(appearance.role)][0]}, {label[0].lower()}{label[1:]}")
    if codes:
        others.append(f"workshop{'s' if len(set(codes)) > 1 else ''} {joined(codes)}")
    words = " · ".join(dict.fromkeys(others))
    return words[:1].upper() + words[1:]
