"""Who is affected is said before it is saved: the page comes back once with the numbers, and is sent again.

What was read is sent along, so that other numbers, by somebody who registered meanwhile, are shown once more.
"""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest

from events.problems import Problem, Refused

READ = "_affected_read"  # the field with the sentences that were on the page


def ask(request: HttpRequest, sentences: Sequence[str]) -> None:
    """Raise Refused with these sentences, unless the page that was sent had them already. Call it before the commit."""
    request.affected = " ".join(sentences)
    if not sentences:
        return
    if request.POST.get(READ) != request.affected:
        raise Refused([*map(Problem, sentences)])
    messages.warning(request, request.affected)


def read_now(request: HttpRequest) -> str:
    """Return what the page shows of those affected, to be sent along with it; empty where it shows nothing."""
    return getattr(request, "affected", "")
