"""How a name, an address and an invitation code are compared: by what people hear, not by how they typed it."""

import hashlib
import unicodedata

from django.utils.encoding import punycode

from events import letters
from events.slugs import fold

NAME_KEY_LENGTH = 300  # folding can lengthen a name; so long a beginning tells any two people apart
EMAIL_KEY_LENGTH = 254

# What cannot be told apart when somebody reads it out or copies it by hand.
_ALIKE = str.maketrans("oil", "011")


def clean(text: str) -> str:
    """Return the text in one form of letters, without null characters, marks of direction and the space around it."""
    return letters.plain(text).strip()


def name_key(name: str) -> str:
    """Return the name without case, accents and needless space: “ Zoë  Ní Bhriain” becomes “zoe ni bhriain”."""
    return " ".join(fold(name).split())[:NAME_KEY_LENGTH]


def address(email: str) -> str:
    """Return an e-mail address in the letters that its owner means, the domain in small ones.

    “boſs@” is typed by nobody, and a mail server tells it from “boss@”. Only the name before the @ may have capital
    letters that mean something.
    """
    name, at, domain = unicodedata.normalize("NFKC", letters.plain(email)).strip().rpartition("@")
    return name + at + domain.casefold()


def email_key(email: str) -> str:
    """Return the address as a mail server is given it, without case; dots and plus-parts stay: they tell people apart.

    Two addresses have one key only if mail to both goes to one mailbox, wherever they come from and however they were
    stored: whoever reads it opens what the key finds. So other letters are folded only where sending folds them.
    """
    local, at, domain = email.strip().rpartition("@")
    key = f"{_without_case(local)}{at}{_as_sent(domain)}"
    # A domain of many letters beyond ASCII is longer when sent; cut off, it might be somebody else's.
    return key if len(key) <= EMAIL_KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def _without_case(text: str) -> str:
    # Only A to Z: lower() would make the sign of Kelvin a k.
    return text.lower() if text.isascii() else text


def _as_sent(domain: str) -> str:
    """Return the domain as Django's mail writes it; one that cannot be written to stays as it was typed."""
    try:
        return punycode(domain).lower()
    except UnicodeError:
        return _without_case(domain)


def mailbox_key(email: str) -> str:
    """Return the mailbox that an address most likely leads to: without dots and plus-parts. For counting only."""
    local, _, domain = email_key(email).rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def code_key(code: str) -> str:
    """Return the code as it sounds: “Loom-10” and “l00m l0” become the same."""
    return "".join(each for each in fold(code) if each.isalnum()).translate(_ALIKE)
