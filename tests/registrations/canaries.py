"""Words planted where people are, and a look for them: in every table, and wherever they should never come."""

import base64
import contextlib
import io
import logging
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from conference.logs.log_lines import JsonLines

# What may hold words, in whatever type: text, JSON, arrays of them.
_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY', 'bytea', 'uuid') ORDER BY 1, 2
"""


def left_of(*words: str) -> set[str]:
    """Return each column, as table.column, of any table that holds any of these words in any case."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"]
                )  # fmt: skip
                if cursor.fetchone():
                    found.add(f"{table}.{column}")
    return found


# A word of its own for each thing that somebody types, so that a test says which one came where it should not be.
TYPED = {
    "details": {
        "name": "Canaryname", "email": "canaryemail@example.org", "phone": "020 canaryphone",
        "badge_name": "Canarybadge", "pronouns": "canarypronoun",
    },
    "ticket": {
        "organisation": "Canaryorganisation", "job_title": "Canaryjob", "pays": "other",
        "invoice_payer": "Canarypayer", "invoice_address": "1 Canaryaddress", "invoice_email": "canarybill@example.org",
        "invoice_purchase_order": "CANARYORDER",
    },
    "access": {"other": "canaryother", "dietary": "canarydietary", "bsl": "on"},
    "complaint": {"complaint": "canarycomplaint"},
    "colleague": {"name": "Canarycolleague", "email": "canarytheirs@example.org"},
}  # fmt: skip
_WORD = re.compile(r"canary[a-z]+", re.IGNORECASE)


def words_in(text: object) -> set[str]:
    """Return the planted words that are in this, in lower case."""
    return {word.lower() for word in _WORD.findall(str(text))}


WORDS = words_in(TYPED)
# Access and food: special categories of personal data, which no message ever holds.
SPECIAL = {"canaryother", "canarydietary"}


class NotedClient(Client):
    """A browser that notes every address it is sent to or given, and every cookie."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(raise_request_exception=False, **kwargs)
        self.addresses, self.given_cookies, self.statuses = [], [], []

    def request(self, **request: object) -> HttpResponse:
        """Ask, and note."""
        response = super().request(**request)
        self.statuses.append(response.status_code)
        self.addresses += [f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}", response.get("Location", "")]
        if response.get("Content-Type", "").startswith("text/html"):
            links = re.findall(r'\b(?:href|action|src)="([^"]*)"', response.content.decode())
            self.addresses += [link for link in links if not link.startswith(("mailto:", "tel:"))]
        self.given_cookies += [cookie.value for cookie in response.cookies.values()]
        return response


def readable(cookie: str) -> str:
    """Return all that anybody can read in a cookie: as it is, and what is only packed or encoded in it."""
    found = [unquote(cookie)]
    for part in re.split(r"[:.|]", cookie):
        with contextlib.suppress(ValueError):
            packed = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            found.append(packed.decode(errors="replace"))
            with contextlib.suppress(zlib.error):
                found.append(zlib.decompress(packed).decode(errors="replace"))
    return " ".join(found)


def sessions() -> str:
    """Return what all sessions hold."""
    return str([each.get_decoded() for each in Session.objects.all()])


@contextlib.contextmanager
def the_log() -> Iterator[io.StringIO]:
    """Give what the site's own handler writes meanwhile, with its own levels and lines."""
    handlers = {each for each in logging.root.handlers if isinstance(each.formatter, JsonLines)}
    [handler] = handlers & set(logging.getLogger("django").handlers)
    written = io.StringIO()
    before = handler.setStream(written)
    try:
        yield written
    finally:
        handler.setStream(before)
