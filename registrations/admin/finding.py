"""Finds somebody by what they say on the telephone: a reference, a name in any spelling, an address."""

from django.db.models import Q, QuerySet

from registrations import folding, references
from registrations.models import Registration

MOST_WORDS = 8


def found(registrations: QuerySet[Registration], typed: str) -> QuerySet[Registration]:
    """Return those who fit every word of what was typed; nothing typed is everybody."""
    words = typed.split()[:MOST_WORDS]
    every = Q(*(_fits(word) for word in words))
    reference = references.read(typed)
    # Besides, not instead: “Margaret” has the letters of a reference.
    return registrations.filter(every | Q(reference=reference) if reference else every)


def _fits(word: str) -> Q:
    return (
        Q(name_key__contains=folding.name_key(word))
        | Q(email_key__contains=folding.email_key(word))
        | Q(reference__contains=word.upper())
        | Q(badge_name__unaccent__icontains=word)
        | Q(organisation__unaccent__icontains=word)
    )
