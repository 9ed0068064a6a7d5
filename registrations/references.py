"""A registration's reference: CL-7K3M-X9QD. Short enough for the phone, too many to guess."""

import re
import secrets

# Without 0, O, 1, I and L, which are mistaken for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_SHAPE = re.compile(f"(?:CL)?([{ALPHABET}]{{4}})([{ALPHABET}]{{4}})")


def new() -> str:
    """Return a reference at random; that it is free is for PostgreSQL to say."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"CL-{letters[:4]}-{letters[4:]}"


def read(text: str) -> str | None:
    """Return the reference that somebody typed or dictated, in its one form; None if it cannot be one."""
    found = _SHAPE.fullmatch(re.sub(r"[\s\-–—.]", "", text).upper())
    return f"CL-{found[1]}-{found[2]}" if found else None
