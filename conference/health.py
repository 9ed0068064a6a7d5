"""Two addresses for machines that watch the site: is it alive, and can it serve people?"""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


def plain(words: str, status: int = 200) -> HttpResponse:
    """Return a line of plain text that nobody may keep."""
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)


@cache
def migrations_in_the_code() -> frozenset[tuple[str, str]]:
    """Return the application and name of every migration this code needs; they cannot change while it runs."""
    return frozenset(MigrationLoader(None).graph.nodes)


def missing_migrations() -> list[str]:
    """Return the migrations that the database has not had, such as "events.0002_rooms", sorted.

    Raises DatabaseError when the database does not answer.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in migrations_in_the_code() - applied.keys())


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; the database is not asked."""
    return plain("Alive.")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether the database can be reached and has every migration; 503 if not."""
    try:
        missing = missing_migrations()
    except DatabaseError:
        return plain("Not ready: the database does not answer.", status=503)
    if missing:
        return plain(f"Not ready: the database lacks migrations ({', '.join(missing)}). Run migrate.", status=503)
    return plain("Ready.")
