"""What has changed as an Atom feed: RFC 4287. Pure.

Identities never change: the feed's is made from the event's UID, an entry's from that of what changed and the row of
its history.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.utils.feedgenerator import Atom1Feed

from events.change_words import Told
from events.clean_text import cleaned
from events.models import Event


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
        title=cleaned(f"What has changed: {event.title}"), link=page, description="", language="en-GB", feed_url=own,
        feed_guid=_identity(event.uid, "changes"), author_name=cleaned(event.organiser), begun=begun,
    )  # fmt: skip
    for each, address in told:
        uid = each.session.uid if each.session else event.uid
        found.add_item(
            title=cleaned(f"{', '.join(each.tags)}: {each.about}"), link=address, description=cleaned(each.sentence),
            unique_id=_identity(uid, str(each.change.now.number)), updateddate=each.change.at,
        )  # fmt: skip
    return found.writeString("utf-8")


def _identity(uid: uuid.UUID, what: str) -> str:
    return uuid.uuid5(uid, what).urn
