"""Addresses that something once had. A changed one leads to the present one for good."""

from django.db.models import Model

from events.models import PUBLIC, Event, FormerSlug, Session


def remember(before: Model | None, after: Model) -> None:
    """Keep the old address of a saved row, and give up any memory of the address that it has now.

    Call it inside the transaction that saves. Drafts were never public, so theirs are not kept.
    """
    if not hasattr(after, "slug"):
        return
    key = {"kind": after._meta.model_name, "event": _scope(after)}
    FormerSlug.objects.filter(**key, slug=after.slug).delete()
    if before is not None and before.slug != after.slug and _was_public(before):
        FormerSlug.objects.update_or_create(**key, slug=before.slug, defaults={"object_id": after.pk})


def forget(gone: Model) -> None:
    """Give up every old address of a row that is being deleted."""
    FormerSlug.objects.filter(kind=gone._meta.model_name, object_id=gone.pk).delete()


def find(model: type[Model], slug: str, event: Event | None = None) -> int | None:
    """Return the primary key of what once had this address, or None."""
    kept = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug, event=event)
    return kept.values_list("object_id", flat=True).first()


def _scope(row: Model) -> Event | None:
    return row.event if isinstance(row, Session) else None


def _was_public(row: Model) -> bool:
    if hasattr(row, "published"):
        return row.published
    return getattr(row, "status", PUBLIC[0]) in PUBLIC
