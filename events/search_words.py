"""What a visitor means by the words of a search. Pure.

Quotation marks, “or” and a leading hyphen mean what they mean in web searches. The last word may be a beginning only.
"""

import re
from dataclasses import dataclass, field

from events.models.search_documents import APOSTROPHES, HYPHENS

SHORTEST_BEGINNING = 3  # letters; two begin too many words
_TOKENS = re.compile(r'-?"[^"]*"?|[^\s"]+')
_AS_TYPED = str.maketrans(HYPHENS, " " * len(HYPHENS), APOSTROPHES)


@dataclass(slots=True)
class Wish:
    """Words that are to be there together, and words that are not; each is one, or several that follow each other."""

    wanted: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    unfinished: bool = False  # the last that is wanted may be the beginning of a longer word


def typed(words: str) -> str:
    """Return words as many people type them: “O’Driscoll-Achebe” as “ODriscoll Achebe”."""
    return " ".join(words.translate(_AS_TYPED).split())


def wishes(query: str) -> list[Wish]:
    """Return what a query asks for: one of these is enough."""
    found = [Wish()]
    for token in _TOKENS.findall(query):
        if token.casefold() == "or":
            found.append(Wish())
            continue
        unwanted = len(token) > 1 and token.startswith("-")
        (found[-1].unwanted if unwanted else found[-1].wanted).append(token[unwanted:].replace('"', ""))
        found[-1].unfinished = not unwanted and _may_be_a_beginning(token)
    return [each for each in found if each.wanted or each.unwanted]


def _may_be_a_beginning(token: str) -> bool:
    return '"' not in token and sum(letter.isalnum() for letter in token) >= SHORTEST_BEGINNING
