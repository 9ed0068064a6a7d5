"""Which release of the site this process runs, so that no page of another one is sent for it."""

import hashlib
from functools import cache

from django.conf import settings

_FOLDERS = ("conference", "events", "pages", "registrations", "templates")
_KINDS = {".py", ".html", ".xml", ".txt"}


@cache
def name() -> str:
    """Return a name that is another one after any change of code, templates, static files or help line."""
    found = hashlib.sha256(repr((settings.SITE_URL, settings.HELP_EMAIL, settings.HELP_PHONE)).encode())
    files = [file for folder in _FOLDERS for file in (settings.BASE_DIR / folder).rglob("*") if file.suffix in _KINDS]
    for file in [*sorted(files), settings.BASE_DIR / "requirements.txt", settings.STATIC_ROOT / "staticfiles.json"]:
        if file.is_file():
            found.update(file.read_bytes())
    return found.hexdigest()[:16]
