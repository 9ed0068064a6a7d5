"""Mail on a developer's computer: each message becomes a file in var/mail/, and nothing leaves the computer.

Open a file with a mail program, or read it: `ls -t var/mail | head -1`.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes messages into `settings.MAIL_FOLDER`, named by their Message-ID: sent again, it is the same file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write these messages and return how many; each appears whole or not at all."""
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for email in email_messages:
            whole = email.message()
            name = re.sub(r"[^\w-]", "", str(whole["Message-ID"]).partition("@")[0])
            unfinished = folder / f".{name}"
            unfinished.write_bytes(whole.as_bytes(linesep="\r\n"))
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)
