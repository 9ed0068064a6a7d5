"""The information pages that come with the site: files → pages, once.

A file starts with its title, summary, order and whether it is at the foot of every page, as TOML between two
lines of +++. What has been loaded is remembered, so that no later load touches or brings back a page.
"""

import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from events.loading import memory
from events.loading.files import read_tables
from events.loading.keys import FileProblem, Table
from pages.models import Page

TEXTS = Path(__file__).resolve().parent / "texts"
HEAD = Table({"title": str, "summary": str, "order": int}, {"in_menu": bool, "published": bool})
FENCE = "+++\n"


def load_pages(now: datetime.datetime, *, folder: Path = TEXTS) -> list[str]:
    """Load every page of the folder that has not been loaded before.

    Returns lines that say what was done. Raises FileProblem, with nothing loaded at all, if one of the files is wrong.
    """
    pages = [read(path) for path in sorted(folder.glob("*.md"))]
    with transaction.atomic():
        memory.take_turns()
        done = [_load(page, now) for page in pages]
    return [line for line in done if line] + memory.left_alone(done.count(""), "page")


def read(path: Path) -> Page:
    """Return the file as a page that is not saved yet. Raises FileProblem, naming file and key, if it is wrong."""
    before, *rest = path.read_text(encoding="utf-8").split(FENCE, 2)
    if before or len(rest) != 2:
        raise FileProblem(f"{path.name}: it has to start with a title and more, between two lines of +++.")
    values = read_tables(rest[0].encode(), path.name)
    HEAD.check(values, path.name)
    page = Page(slug=path.stem, body=rest[1].strip(), **{"published": True, **values})
    try:
        page.clean_fields()
        page.clean()
    except ValidationError as error:
        problems = [f"“{key}”: {' '.join(messages)}" for key, messages in error.message_dict.items()]
        raise FileProblem(f"{path.name}: {' '.join(problems)}") from error
    return page


def _load(page: Page, now: datetime.datetime) -> str:
    """Load one page unless it was loaded before; return the line that says so."""
    key = f"page/{page.slug}"
    if memory.is_known(key):
        return ""
    if Page.objects.filter(slug=page.slug).exists():
        return f"“{page.title}” is not loaded: another page has the address {page.slug}."
    page.save()
    memory.remember(key, page, now)
    return f"Loaded the page “{page.title}”."
