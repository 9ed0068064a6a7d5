"""What is made good before a row of the programme is saved: letters in one form, and an address."""

from collections.abc import Iterator, Sequence
from itertools import count

from django.db.models import Model, Q

from events.letters import make_plain
from events.models import Event, Session
from events.slugs import SLUG_LENGTH, slug_from


def tidy(rows: Sequence[Model]) -> None:
    """Bring the texts of these rows into one form of letters and give those without an address a free one, in place."""
    taken: dict[tuple, set[str]] = {}
    for row in rows:
        make_plain(row)
        if hasattr(row, "slug"):
            here = taken.setdefault((type(row), _scope(row)), set())
            row.slug = row.slug or _free_slug(row, here)
            here.add(row.slug)


def _free_slug(row: Model, taken: set[str]) -> str:
    wanted = slug_from(_words(row), row._meta.model_name)
    cut = f"{wanted[: SLUG_LENGTH - 5].rstrip('-')}-"
    stored = _stored_like(row, wanted, cut)
    return next(slug for slug in _candidates(wanted, cut) if slug not in taken and slug not in stored)


def _candidates(wanted: str, cut: str) -> Iterator[str]:
    yield wanted
    yield from (f"{cut}{number}" for number in count(2))


def _words(row: Model) -> str:
    if isinstance(row, Session):
        return row.title or f"{row.label or row.get_kind_display()} {row.full_code}"
    return row.title if isinstance(row, Event) else row.name


def _scope(row: Model) -> object:
    return (row.event.pk or id(row.event)) if isinstance(row, Session) else None


def _stored_like(row: Model, wanted: str, cut: str) -> set[str]:
    """The addresses of other stored rows that are the wanted one, or that with a number: one query."""
    others = type(row)._default_manager.filter(Q(slug=wanted) | Q(slug__startswith=cut)).exclude(pk=row.pk)
    if isinstance(row, Session):
        if row.event.pk is None:
            return set()
        others = others.filter(event_id=row.event.pk)
    return set(others.order_by().values_list("slug", flat=True))
