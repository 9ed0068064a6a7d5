"""Addresses that something once had. A changed one leads to the present one for good."""

from collections.abc import Iterable

from django.db.models import Model

from events.models import PUBLIC, Event, FormerSlug, Session


def remember(saved: Iterable[tuple[Model | None, Model]]) -> None:
    """Keep the old address of each saved row, and give up any memory of the addresses that they have now.

    Takes pairs of a row as it was (None if it is new) and as it is. Call it inside the transaction that
    saves. Drafts were never public, so theirs are not kept.
    """
    moved = [(was, row) for was, row in saved if hasattr(row, "slug") and (was is None or was.slug != row.slug)]
    for was, row in moved:
        if was is not None and _was_public(was):
            FormerSlug.objects.update_or_create(**_key(row), slug=was.slug, defaults={"object_id": row.pk})
    present: dict[tuple, set[str]] = {}
    for _, row in moved:
        present.setdefault(tuple(_key(row).items()), set()).add(row.slug)
    for key, slugs in present.items():  # only now: two rows may have swapped theirs
        FormerSlug.objects.filter(**dict(key), slug__in=slugs).delete()


def forget(gone: Model) -> None:
    """Give up every old address of a row that is being deleted."""
    FormerSlug.objects.filter(kind=gone._meta.model_name, object_id=gone.pk).delete()


def find(model: type[Model], slug: str, event: Event | None = None) -> int | None:
    """Return the primary key of what once had this address, or None."""
    kept = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug, event=event)
    return kept.values_list("object_id", flat=True).first()


def _key(row: Model) -> dict[str, object]:
    return {"kind": row._meta.model_name, "event": row.event if isinstance(row, Session) else None}


def _was_public(row: Model) -> bool:
    if hasattr(row, "published"):
        return row.published
    statuses = [getattr(row, name) for name in ("status", "event_status") if hasattr(row, name)]
    return all(status in PUBLIC for status in statuses)
