"""What has changed as an Atom feed: RFC 4287. Pure.

Identities never change: the feed's is made from the event's UID, an entry's from that of what changed and the row of
its history.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from events.feeds.schedule import SAMPLE
from events.models import Event
from events.wording.change_words import Told
from events.wording.clean_text import cleaned


class _Feed(Atom1Feed):
    """Django's, which is as old as it is told and no younger for an entry that is gone. Its summaries are HTML."""

    def latest_post_date(self) -> datetime.datetime:
        return self.feed["changed_at"]


def feed(event: Event, told: Iterable[tuple[Told, str]], *, page: str, own: str, changed_at: datetime.datetime) -> str:
    """Return the feed as XML.

    `told` are the changes, the latest first, each with the absolute address of its page; `page` is where people read
    the same and `own` where the feed is, both absolute; `changed_at` is when the programme last changed.
    """
    found = _Feed(
        title=cleaned(f"What has changed: {event.title}"), link=page, description="", language="en-GB", feed_url=own,
        feed_guid=_identity(event.uid, "changes"), author_name=cleaned(event.organiser or event.title),
        changed_at=changed_at, subtitle=SAMPLE if event.is_sample else None,
    )  # fmt: skip
    for each, address in told:
        uid = each.session.uid if each.session else event.uid
        found.add_item(
            title=cleaned(f"{', '.join(each.tags)}: {each.about}"), link=address,
            description=escape(cleaned(each.sentence)),
            unique_id=_identity(uid, str(each.change.number)), updateddate=each.change.at,
        )  # fmt: skip
    return found.writeString("utf-8")


def _identity(uid: uuid.UUID, what: str) -> str:
    return uuid.uuid5(uid, what).urn
