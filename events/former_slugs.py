"""Addresses that something once had. A changed one leads to the present one for good.

Whatever is public at an address now is found there first; only where nothing is, what once was there.
"""

from collections.abc import Iterable

from django.db.models import Model, Q

from events.models import PUBLIC, Appearance, Event, FormerSlug, Organisation, Person, Session, Status


def remember(saved: Iterable[tuple[Model | None, Model]]) -> None:
    """Keep the old address of each saved row, and give up any memory of the addresses that public ones take.

    Takes pairs of a row as it was (None if it is new) and as it is. Call it inside the transaction that
    saves. Drafts were never public, so theirs are not kept; nor do they take an address from what was public there.
    """
    rows = [(was, row) for was, row in saved if hasattr(row, "slug")]
    for was, row in rows:
        if was is not None and was.slug != row.slug:
            _keep(was, row)
    present: dict[tuple, set[str]] = {}
    for was, row in rows:
        if _takes_its_address(was, row):
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


def _keep(was: Model, row: Model) -> None:
    memory = {**_key(row), "slug": was.slug, "defaults": {"object_id": row.pk}}
    if _is_public(was):
        FormerSlug.objects.update_or_create(**memory)
    elif isinstance(was, Person | Organisation):  # who may have been public before, in a session that is a draft now
        FormerSlug.objects.get_or_create(**memory)


def _takes_its_address(was: Model | None, row: Model) -> bool:
    """Whether it is public at an address at which it was not."""
    is_there = was is not None and was.slug == row.slug and (isinstance(was, Person | Organisation) or _is_public(was))
    return not is_there and _is_public(row)


def _is_public(row: Model) -> bool:
    if isinstance(row, Person | Organisation):
        theirs = Q(person=row) if isinstance(row, Person) else Q(organisation=row) | Q(person__organisation=row)
        return Appearance.objects.filter(theirs, session_status=Status.PUBLISHED, event_status__in=PUBLIC).exists()
    if hasattr(row, "published"):
        return row.published
    statuses = [getattr(row, name) for name in ("status", "event_status") if hasattr(row, name)]
    return all(status in PUBLIC for status in statuses)
