"""How words become an address or a sorting key: accents folded, only a-z, 0-9 and hyphens left."""

import re
import unicodedata

from django.core.validators import RegexValidator
from django.utils.crypto import get_random_string

SLUG_LENGTH = 80
SORT_KEY_LENGTH = 400

# Letters that Unicode does not decompose into a base letter and a mark.
_WHOLE_LETTERS = str.maketrans(
    {
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "Ae",
        "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ı": "i",
        "ŋ": "n", "Ŋ": "N",
    }
)  # fmt: skip

validate_slug = RegexValidator(
    r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z",
    "Use only small letters a to z, figures and single hyphens, such as “reserves-and-rest”.",
)


def fold(text: str) -> str:
    """Return the text in lower case without accents: “Ọlájùmọ̀kẹ́” becomes “olajumoke”."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_WHOLE_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def sort_key(name: str) -> str:
    """Return what a name is sorted by. Some letters fold to eighteen, hence the cut."""
    return fold(name)[:SORT_KEY_LENGTH]


def slug_from(text: str, fallback: str) -> str:
    """Return an address made of the text's own letters.

    Where the text has none that an address can hold (a name in Arabic, say), it is the fallback
    word with six random letters, so that no two such people share an address.
    """
    words = re.findall(r"[a-z0-9]+", fold(text).replace("’", "").replace("'", ""))
    slug = "-".join(words)[:SLUG_LENGTH].strip("-")
    return slug or f"{fallback}-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"
