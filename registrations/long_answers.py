"""What is kept of answers that together are far longer than any form of ours takes: the beginning of each.

Django refuses such a form before it reads it. It is read here all the same, up to a bound, so that one long text does
not cost somebody everything else that they typed. Nobody’s answer is that long: sent again, the form says at its
question how long it can be.
"""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError

from registrations import kept

READ = 8 * 1024 * 1024  # bytes
# Longer than any answer can be, so that what is cut is never taken for an answer.
CUT = 5_000
_FORM = "application/x-www-form-urlencoded"
SENTENCE = (
    "One of your answers is far longer than it can be, so nothing was saved. Everything else that you sent is kept; of "
    "that answer, the beginning. Send them again, and the page says which answer to shorten."
)


def page(request: HttpRequest) -> HttpResponse | None:
    """Return the page that keeps what can be kept; None for what is no form of ours, or larger still."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.content_type != _FORM or not length.isdecimal() or int(length) > READ:
        return None
    try:
        sent = QueryDict(request.read(int(length)), encoding=request.encoding)
    except (UnreadablePostError, SuspiciousOperation):
        return None
    request.POST = _cut(sent)
    if kept.from_elsewhere(request):
        return kept.page(request, 413, "Nothing was sent", kept.FROM_ELSEWHERE)
    return kept.page(request, 413, "One answer is too long", SENTENCE)


def _cut(sent: QueryDict) -> QueryDict:
    beginnings = QueryDict(mutable=True)
    for name, values in sent.lists():
        beginnings.setlist(name[:CUT], [value[:CUT] for value in values])
    return beginnings
