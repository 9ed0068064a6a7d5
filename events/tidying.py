"""What is made good before a row of the programme is saved: letters in one form, and an address."""

from collections.abc import Sequence

from django.db.models import Model

from events.letters import make_plain
from events.models import Event, Session
from events.slugs import SLUG_LENGTH, slug_from


def tidy(rows: Sequence[Model]) -> None:
    """Bring the texts of these rows into one form of letters and give those without an address a free one, in place."""
    taken: set[tuple] = set()
    for row in rows:
        make_plain(row)
        if hasattr(row, "slug"):
            row.slug = row.slug or _free_slug(row, taken)
            taken.add((type(row), _scope(row), row.slug))


def _free_slug(row: Model, taken: set[tuple]) -> str:
    wanted = slug_from(_words(row), row._meta.model_name)
    slug, number = wanted, 1
    while (type(row), _scope(row), slug) in taken or _is_stored(row, slug):
        number += 1
        slug = f"{wanted[: SLUG_LENGTH - 5].rstrip('-')}-{number}"
    return slug


def _words(row: Model) -> str:
    if isinstance(row, Session):
        return row.title or f"{row.label or row.get_kind_display()} {row.full_code}"
    return row.title if isinstance(row, Event) else row.name


def _scope(row: Model) -> object:
    return (row.event.pk or id(row.event)) if isinstance(row, Session) else None


def _is_stored(row: Model, slug: str) -> bool:
    same = type(row)._default_manager.filter(slug=slug).exclude(pk=row.pk)
    if isinstance(row, Session):
        same = same.filter(event_id=row.event.pk)
    return same.exists()
