"""The personal link in a message: what is stored holds a placeholder, what is sent holds the link.

So nobody who reads the outbox, or a copy of the database, can open anybody's registration.
"""

from django.urls import reverse

from events.page import absolute
from registrations import folding
from registrations.models import LinkRequest, Message, MessageKind, Transfer
from registrations.way_in import links

# Those that go to somebody else than the attendee, or to whom nothing is left to open.
WITHOUT_A_LINK = frozenset(
    {
        MessageKind.ADDRESS_CHANGED, MessageKind.TRANSFERRED, MessageKind.ERASED, MessageKind.TEAM_ASKED,
        MessageKind.TEAM_WANTED,
    }
)  # fmt: skip


def placeholder(message: Message) -> str:
    """Return what stands for the link in the stored words; empty for a message that has none, or is read out.

    It holds the Message-ID, which nobody knew who typed a name or a title.
    """
    if message.kind in WITHOUT_A_LINK or not message.recipient:
        return ""
    return f"https://personal-link.invalid/{message.message_id.strip('<>').partition('@')[0]}"


def put_in(words: str, message: Message) -> str:
    """Return the stored words with the personal link in its place."""
    here = placeholder(message)
    return words.replace(here, link_of(message)) if here and here in words else words


def link_of(message: Message) -> str:
    """Return the link that this message carries now.

    It is for its recipient: if the registration has another address meanwhile, it leads to where one asks for a link.
    """
    if message.kind == MessageKind.LINK:
        request = LinkRequest.objects.filter(pk=message.facts.get("request")).first()
        return links.found(request) if request else _find()
    if message.kind == MessageKind.TRANSFER_OFFERED:
        passing = Transfer.objects.filter(pk=message.facts.get("transfer")).select_related("registration").first()
        return links.transfer(passing) if passing else _find()
    theirs = folding.email_key(message.recipient) == message.registration.email_key
    return links.my_day(message.registration) if theirs else _find()


def _find() -> str:
    return absolute(reverse("my_day:find"))
