"""What no text holds that other people's programmes read: whatever is no letter there, or turns letters round. Pure."""

import re

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Control characters, halves of surrogate pairs and what is no character have no place in XML 1.0 (2.2, Char), nor in a
# calendar; embeddings, overrides and isolates turn the text after them round.
_UNWANTED = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def cleaned(text: str) -> str:
    """Return the text without unwanted characters, every end of a line as a line feed. Nothing is cut."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
