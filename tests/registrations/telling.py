"""What tests of notices ask: who was told what, and at what cost."""

import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registrations.models import Message


def told(kind):
    """Return the messages of this kind, in the order in which they were queued."""
    return list(Message.objects.filter(kind=kind).select_related("registration").order_by("pk"))


def queries_of(work):
    """Return how many queries this takes."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def entries(calendar):
    return {str(each.uid.value): each for each in vobject.readOne(calendar).vevent_list}
