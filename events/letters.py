"""Letters as they are kept and searched: in one form, and none that works on the letters after it.

Arabic and Hebrew need no marks to be written from right to left. Those that turn, embed or isolate a stretch
of text are typed by nobody; in a name they would turn round what a page says after it.
"""

import re
import unicodedata

from django.db.models import CharField, Model, TextField

_UNWANTED = re.compile("[\0\u202a-\u202e\u2066-\u2069]")

# Of control and format, spaces of all kinds, marks that stand on a letter; then letters that every font leaves empty.
_UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"}
_EMPTY = set("\u115f\u1160\u2800\u3164\uffa0")


def plain(text: str) -> str:
    """Return the text in NFC, without null bytes and marks of direction."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))


def is_seen(text: str) -> bool:
    """Whether people see anything of a text: spaces, marks of format and accents without a letter are not enough."""
    return any(letter not in _EMPTY and unicodedata.category(letter) not in _UNSEEN for letter in text)


def make_plain(row: Model) -> None:
    """Make every text of an unsaved or changed row plain, in place."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname, None)
        if isinstance(field, CharField | TextField) and isinstance(value, str):
            setattr(row, field.attname, plain(value))
