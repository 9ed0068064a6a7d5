"""Hands one message to the mail server, and says in three words of our own what the server made of it."""

import re
import smtplib
from email.message import Message as Part
from types import TracebackType

from django.core.mail import EmailMultiAlternatives, SafeMIMEText, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from events.page import site_words
from registrations.models import Message
from registrations.way_in import personal_links

# Servers limit how much one connection may bring.
MESSAGES_A_CONNECTION = 50
CLOSING = 421
FOR_GOOD = 500
# “5.7.1” and the like: the server's policy on who may send, which is nothing about the recipient.
_POLICY = re.compile(r"\A5\.7\.\d")


class RefusedForGood(Exception):
    """The server will not take this message, however often it is asked."""


class NotNow(Exception):
    """The server may take this message later."""


class Away(Exception):
    """The server is not there, or takes nothing from us: no other message would fare better now."""


class Office:
    """A connection to the mail server, opened when the first message needs it and closed at the end."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._sent = 0

    def __enter__(self) -> "Office":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    def send(self, message: Message) -> None:
        """Send a message that has been written. Raises RefusedForGood, NotNow or Away."""
        connection = self._opened()
        try:
            connection.send_messages([as_email(message)])
        except smtplib.SMTPRecipientsRefused as refusal:
            [(code, words)] = refusal.recipients.values()
            raise _answer(code, words) from refusal
        except smtplib.SMTPDataError as refusal:
            raise _answer(refusal.smtp_code, refusal.smtp_error) from refusal
        except (ValueError, smtplib.SMTPNotSupportedError) as error:  # an address that no header or server can take
            raise RefusedForGood(f"It cannot be addressed: {error}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Away(_words(error)) from error
        self._sent += 1

    def _opened(self) -> BaseEmailBackend:
        if self._connection and self._sent % MESSAGES_A_CONNECTION == 0:
            self._close()
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (smtplib.SMTPException, OSError) as error:
                raise Away(_words(error)) from error
            self._connection = connection
        return self._connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection:
                connection.close()
        except (smtplib.SMTPException, OSError):
            pass  # it was gone already


def as_email(message: Message) -> EmailMultiAlternatives:
    """Return a written message as an e-mail, with the personal link in its place."""
    email = EmailMultiAlternatives(
        message.subject,
        personal_links.put_in(message.text, message),
        to=[message.recipient],
        reply_to=[site_words(message.registration.event)["help_email"]],
        # So that no holiday notice answers it (RFC 3834).
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    email.attach_alternative(personal_links.put_in(message.html, message), "text/html")
    if message.calendar:
        email.attach(_calendar(message))
    return email


def _calendar(message: Message) -> Part:
    part = SafeMIMEText(message.calendar, "calendar", "utf-8")
    part.set_param("method", "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename=f"{message.registration.event.slug}.ics")
    return part


def _answer(code: int, said: bytes | str) -> Exception:
    """Return what a refusal of one message means."""
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    if code == CLOSING:
        return Away(f"{code} {words}")
    for_good = code >= FOR_GOOD and not _POLICY.match(words)
    return (RefusedForGood if for_good else NotNow)(f"{code} {words}")


def _words(error: Exception) -> str:
    return f"The mail server: {error}" if str(error) else f"The mail server: {type(error).__name__}"
