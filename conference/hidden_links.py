"""Keeps personal links out of the log: whoever reads it must not be able to open anybody's registration."""

import logging
import re

# What stands in an address after one of these opens something of one person.
_SECRET = re.compile(r"(/my-day/(?:open|found|accept)/)[^/\s?]+")


class HideLinks(logging.Filter):
    """Replaces the secret part of a personal link in whatever is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without the secrets that its message would say."""
        said = record.getMessage()
        hidden = _SECRET.sub(r"\1…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
