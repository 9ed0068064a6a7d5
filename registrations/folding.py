"""How a name, an address and an invitation code are compared: by what people hear, not by how they typed it."""

import unicodedata

from events.slugs import fold

NAME_KEY_LENGTH = 300  # folding can lengthen a name; so long a beginning tells any two people apart
EMAIL_KEY_LENGTH = 254

# What cannot be told apart when somebody reads it out or copies it by hand.
_ALIKE = str.maketrans("oil", "011")


def clean(text: str) -> str:
    """Return the text in one form of letters, without null characters and the space around it."""
    return unicodedata.normalize("NFC", text).replace("\0", "").strip()


def name_key(name: str) -> str:
    """Return the name without case, accents and needless space: “ Zoë  Ní Bhriain” becomes “zoe ni bhriain”."""
    return " ".join(fold(name).split())[:NAME_KEY_LENGTH]


def address(email: str) -> str:
    """Return an e-mail address as it is written to: in the letters that its key compares, the domain in small ones.

    A mail server tells “boſs@” from “boss@”. Were the one kept and the other compared, the link to somebody's
    registration would go to a mailbox that is not theirs. Only the name before the @ may have capital letters that mean
    something.
    """
    name, at, domain = unicodedata.normalize("NFKC", email).replace("\0", "").strip().rpartition("@")
    return name + at + domain.casefold()


def email_key(email: str) -> str:
    """Return the address without case; dots and plus-parts stay, because they may be somebody else's."""
    return address(email).casefold()[:EMAIL_KEY_LENGTH]


def mailbox_key(email: str) -> str:
    """Return the mailbox that an address most likely leads to: without dots and plus-parts. For counting only."""
    local, _, domain = email_key(email).rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def code_key(code: str) -> str:
    """Return the code as it sounds: “Loom-10” and “l00m l0” become the same."""
    return "".join(letter for letter in fold(code) if letter.isalnum()).translate(_ALIKE)
