"""Public pages are made once and sent many times, and are right to the second all the same.

A stored page is sent as long as three things hold:

1. *Nothing was written.* The version that it was made at (`versions.of_pages`) is the version now. PostgreSQL's
   triggers raise it with each change of the programme, and of a word about places; asking for it is the one query of a
   request.
2. *The clock has not reached the next moment* at which words change by themselves (`page_moments`), nor gone back
   behind the moment at which the page was made.
3. *The same release made it.* A page on the disk may be of an older one, with other style sheets.

Else it is made again, by one request while the others wait; where only a word about places is another one, they get the
page before, for as long as it takes to make the new one. The version is read before the page's words: a change in
between makes a page that is newer than its version, for which nobody asks again, but never an older one.

When PostgreSQL cannot be asked, the last page is sent with a line that says from when it is (`storm`): but none that
was made before a change of the programme of which this server knows, because it may show what was taken off since, and
none from the day on which somebody leaves who wished to be shown until then.

Only what is the same for everybody is stored: an answer 200 without a cookie, which may be kept. It is compressed once,
and holds no secret that this could betray.
"""

import datetime
import gzip
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache, wraps
from typing import Any

import brotli
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags

from events import counted
from events.storing import page_moments, page_store, release, storm, versions
from events.storing.asking import ask_first

View = Callable[..., HttpResponse]
# The name of an encoding, and whether it is refused (“q=0”).
_CODING = re.compile(r"\b(br|gzip)\b(\s*;\s*q=0(?:\.0*)?(?![\d.]))?", re.IGNORECASE)


@dataclass(slots=True)
class StoredPage:
    """A page as it is sent, in each encoding, and how long it may be."""

    version: versions.PagesVersion
    since: datetime.datetime
    until: datetime.datetime
    release: str
    content_type: str
    etag: str
    bodies: dict[str, bytes]
    # From when it is not even sent in a storm, because it may show somebody who is not to be shown any more.
    withdrawn: datetime.datetime | None
    # When it was last known to be right, which each request that asks for the version moves on.
    checked: datetime.datetime = field(compare=False)

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return sum(len(body) for body in self.bodies.values())

    def holds(self, version: versions.PagesVersion, now: datetime.datetime) -> bool:
        """Whether it may be sent as what is so now."""
        return self.version == version and self.since <= now < self.until and self.release == release.name()

    def as_values(self) -> dict[str, Any]:
        """Return plain values, from which another process makes the same page."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def programme_version(request: HttpRequest) -> versions.Version | None:
    """Return the programme's version for the view of a stored page, as it was read before the view began."""
    if not hasattr(request, "programme_version"):
        request.programme_version = ask_first({"": versions.CURRENT})[""]
    return request.programme_version


def stored(*, query: Iterable[str] = (), event: str = "") -> Callable[[View], View]:
    """Store what a view returns, by its address.

    `query` are the names in an address's query that the view reads: with one of them the page is made anew each time;
    whatever else stands there (a newsletter's marks) makes no other page. `event` names the view's argument that holds
    the address of the event to whose pages this one belongs; without it the page may say something of any event.
    """
    read = frozenset(query)

    def wrapper(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: object, **kwargs: str) -> HttpResponse:
            if settings.DEBUG:  # templates change under a running server
                return view(request, *args, **kwargs)
            asked = request.META.get("QUERY_STRING") and not read.isdisjoint(request.GET)
            try:
                if asked:
                    return view(request, *args, **kwargs)
                return _answer(request, kwargs.get(event), lambda: view(request, *args, **kwargs))
            except (OperationalError, InterfaceError):
                last = _last(request.path, timezone.now())
                if last is None:
                    raise
                counted.stored_page("storm")
                return _send(request, _in_storm(last, filtered=bool(asked)), etag=False)

        return page

    return wrapper


def _answer(request: HttpRequest, event: str | None, make: Callable[[], HttpResponse]) -> HttpResponse:
    version = ask_first({"": versions.of_pages(event)})[""]
    if version is None:
        return make()
    request.programme_version = version[:2]
    page_store.note_newest(version[0])
    now, key = timezone.now(), request.path
    found = page_store.recall(key)
    if found is not None and found.holds(version, now):
        found.checked = now
        counted.stored_page("hit")
    else:
        found = _anew(found, key, version, now, make)
    return found if isinstance(found, HttpResponse) else _send(request, found)


def _anew(
    found: StoredPage | None,
    key: str,
    version: versions.PagesVersion,
    now: datetime.datetime,
    make: Callable[[], HttpResponse],
) -> StoredPage | HttpResponse:
    # While one request makes the page that says another word about places, the others get the page before.
    before = found if found is not None and found.holds((*version[:2], found.version[2]), now) else None
    with page_store.one_at_a_time(key, patience=0 if before else None) as ours:
        if before and not ours:
            counted.stored_page("hit")
            return before
        if meanwhile := _made_meanwhile(key, version, now):
            counted.stored_page("hit")
            return meanwhile
        return _make(key, version, now, make)


def _made_meanwhile(key: str, version: versions.PagesVersion, now: datetime.datetime) -> StoredPage | None:
    """Return the page that another request, or another process of this server, has made of this version."""
    for found in (page_store.recall(key), _from_disk(key)):
        if found is not None and found.holds(version, now):
            page_store.remember(key, found)
            return found
    return None


def _make(
    key: str, version: versions.PagesVersion, now: datetime.datetime, make: Callable[[], HttpResponse]
) -> StoredPage | HttpResponse:
    coming = page_moments.coming(now)
    response = make()
    counted.stored_page("made")
    if not _may_be_stored(response):
        return response
    body = response.content
    made = StoredPage(
        version=version, since=now, until=coming.change, withdrawn=coming.leaving, release=release.name(), checked=now,
        content_type=response["Content-Type"], etag=_etag(body), bodies=_encoded(body),
    )  # fmt: skip
    page_store.remember(key, made)
    page_store.write(key, made.as_values(), made.size)
    return made


def _etag(body: bytes) -> str:
    """Return the mark of these words; with a release it changes too, so that the headers of the new one arrive."""
    return f'W/"{hashlib.sha256(release.name().encode() + body).hexdigest()[:32]}"'


def _may_be_stored(response: HttpResponse) -> bool:
    """Whether it is the same for everybody, and all of it is there."""
    kept_from = ("no-store", "private")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Cookie" not in response.get("Vary", "")
        and not any(word in response.get("Cache-Control", "") for word in kept_from)
    )


def _from_disk(key: str) -> StoredPage | None:
    values = page_store.read(key)
    try:
        return StoredPage(**values) if values else None
    except TypeError:  # of a release whose pages had other parts
        return None


def _last(key: str, now: datetime.datetime) -> StoredPage | None:
    """Return the last page of this address, however old, unless something of it may have been taken off since."""
    found = page_store.recall(key) or _from_disk(key)
    if found is None or found.version[0] < page_store.newest():
        return None
    return found if found.withdrawn is None or now < found.withdrawn else None


def _in_storm(page: StoredPage, *, filtered: bool) -> StoredPage:
    """Return the page with the line that says from when it is; made once for all who ask for it meanwhile."""
    words = storm.words(page.checked, timezone.now(), filtered=filtered)
    key, etag = f"storm {filtered} {page.etag}", f"{page.etag} {words}"
    found = page_store.recall(key)
    if found is None or found.etag != etag:
        found = replace(page, etag=etag, bodies=_encoded(storm.marked(page.bodies[""], words)))
        page_store.remember(key, found)
    return found


def _encoded(body: bytes) -> dict[str, bytes]:
    return {"": body, "gzip": gzip.compress(body, 6, mtime=0), "br": brotli.compress(body, quality=5)}


def _send(request: HttpRequest, page: StoredPage, *, etag: bool = True) -> HttpResponse:
    """Return the page in the encoding that the browser likes best, or 304 if it has it; it asks again each time."""
    encoding = _best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if etag:
        headers["ETag"] = page.etag
        if _has(request, page.etag):
            return HttpResponseNotModified(headers=headers)
    if encoding:
        headers["Content-Encoding"] = encoding
    body = page.bodies[encoding]
    return HttpResponse(body, headers=headers | {"Content-Type": page.content_type, "Content-Length": str(len(body))})


def _has(request: HttpRequest, etag: str) -> bool:
    """Whether the browser says that it has this very page (RFC 9110, 13.1.2: compared weakly)."""
    said = request.META.get("HTTP_IF_NONE_MATCH")
    return bool(said) and (said == etag or any(each.removeprefix("W/") == etag[2:] for each in parse_etags(said)))


@lru_cache(maxsize=256)
def _best_encoding(accepted: str) -> str:
    """Return the best of our encodings among those that a browser says it accepts, "" for none (RFC 9110, 12.5.3)."""
    refused = {name.lower() for name, never in _CODING.findall(accepted) if never}
    found = {name.lower() for name, _ in _CODING.findall(accepted)} - refused
    return "br" if "br" in found else "gzip" if "gzip" in found else ""
