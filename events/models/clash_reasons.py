"""A clash is lifted by words: why somebody wants it so, and not by a space."""

from django.db.models import CheckConstraint, Q

SAY_WHY = "Say why in words, or leave the reason empty."


def says_why(name: str) -> CheckConstraint:
    """Return the constraint, by that name, of a table whose rows may have a `clash_reason`."""
    condition = Q(clash_reason="") | Q(clash_reason__regex="[[:alpha:]]")
    return CheckConstraint(condition=condition, name=name, violation_error_message=SAY_WHY)


def is_no_reason(text: str) -> bool:
    """Whether something is written that says nothing: no letter is in it."""
    return bool(text) and not any(letter.isalpha() for letter in text)
