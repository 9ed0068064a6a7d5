"""Finds somebody by what they say on the telephone: a reference, a name in any spelling, an address, a number."""

from django.db.models import CharField, F, Func, Q, QuerySet, Value

from registrations import folding, references
from registrations.models import Registration

MOST_WORDS = 8
FEWEST_DIGITS = 6


def found(registrations: QuerySet[Registration], typed: str) -> QuerySet[Registration]:
    """Return those who fit every word of what was typed; nothing typed is everybody."""
    words = typed.split()[:MOST_WORDS]
    every = Q(*(_fits(word) for word in words))
    reference = references.read(typed)
    # Besides, not instead: “Margaret” has the letters of a reference.
    if reference:
        every |= Q(reference=reference)
    if number := _number(typed):
        registrations = registrations.alias(digits=_DIGITS)
        every |= Q(digits__contains=number)
    return registrations.filter(every)


_DIGITS = Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=CharField())


def _number(typed: str) -> str:
    """Return the digits of a telephone number, however it is written: without 0 or +44. "" for what is none."""
    digits = "".join(each for each in typed if each in "0123456789")
    is_number = len(digits) >= FEWEST_DIGITS and not any(each.isalpha() for each in typed)
    return digits.removeprefix("44").lstrip("0") if is_number else ""


def _fits(word: str) -> Q:
    return (
        Q(name_key__contains=folding.name_key(word))
        | Q(email_key__contains=folding.email_key(word))
        | Q(reference__contains=word.upper())
        | Q(badge_name__unaccent__icontains=word)
        | Q(organisation__unaccent__icontains=word)
        | Q(invoice__payer__unaccent__icontains=word)
    )
