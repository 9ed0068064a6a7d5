"""What has changed as an Atom feed: RFC 4287. Pure.

Identities never change: the feed's is made from the event's UID, an entry's from that of what changed and the row of
its history.
"""

import datetime
import re
import uuid
from collections.abc import Iterable

from django.utils.feedgenerator import Atom1Feed

from events.change_words import Told
from events.models import Event

# XML 1.0 has no way to write these at all; the others turn round the text that follows.
_UNWANTED = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class _Feed(Atom1Feed):
    """Django's, which is as old as its latest entry; without one it would be new each time."""

    def latest_post_date(self) -> datetime.datetime:
        return super().latest_post_date() if self.items else self.feed["begun"]


def feed(event: Event, told: Iterable[tuple[Told, str]], *, page: str, own: str, begun: datetime.datetime) -> str:
    """Return the feed as XML.

    `told` are the changes, the latest first, each with the absolute address of its page; `page` is where people read
    the same and `own` where the feed is, both absolute; `begun` is how old it is while nothing has changed.
    """
    found = _Feed(
        title=_text(f"What has changed: {event.title}"), link=page, description="", language="en-GB", feed_url=own,
        feed_guid=_identity(event.uid, "changes"), author_name=_text(event.organiser), begun=begun,
    )  # fmt: skip
    for each, address in told:
        uid = each.session.uid if each.session else event.uid
        found.add_item(
            title=_text(f"{', '.join(each.tags)}: {each.about}"), link=address, description=_text(each.sentence),
            unique_id=_identity(uid, str(each.change.now.number)), updateddate=each.change.at,
        )  # fmt: skip
    return found.writeString("utf-8")


def _identity(uid: uuid.UUID, what: str) -> str:
    return uuid.uuid5(uid, what).urn


def _text(text: str) -> str:
    return _UNWANTED.sub("", text)
