"""Keeps personal links out of the log: whoever reads it must not be able to open anybody's registration."""

import re

# What stands in an address after one of these opens something of one person.
_SECRET = re.compile(r"(/my-day/(?:open|found|accept|calendar)/)[^/\s?]+")


def hidden(words: str) -> str:
    """Return these words without the secret part of any personal link in them."""
    return _SECRET.sub(r"\1…", words)
