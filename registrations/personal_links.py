"""The personal link in a message: what is stored holds a placeholder, what is sent holds the link.

So nobody who reads the outbox, or a copy of the database, can open anybody's registration.
"""

from collections.abc import Callable

from registrations.models import Message, Registration

# How a registration's link is made. None while no page exists that it could lead to: then no message has one.
link_of: Callable[[Registration], str] | None = None


def placeholder(message: Message) -> str:
    """Return what stands for the link in the stored words; empty while there are no links.

    It holds the Message-ID, which nobody knew who typed a name or a title.
    """
    return f"https://personal-link.invalid/{message.message_id.strip('<>').partition('@')[0]}" if link_of else ""


def put_in(words: str, message: Message) -> str:
    """Return the stored words with the personal link in its place."""
    here = placeholder(message)
    return words.replace(here, link_of(message.registration)) if here and link_of else words
