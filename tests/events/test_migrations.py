"""The migrations say what the models say, and can be taken back."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from events.models import Event


def tables(app):
    with connection.cursor() as cursor:
        return {name for name in connection.introspection.table_names(cursor) if name.startswith(f"{app}_")}


def ours(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [name for (name,) in cursor.fetchall()]


def test_the_models_have_no_change_without_a_migration(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_that_check_would_notice_a_change(db, monkeypatch):
    field = apps.get_model("events", "Room")._meta.get_field("name")
    monkeypatch.setattr(field, "max_length", 121)
    with pytest.raises(SystemExit):
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_an_event_of_the_release_before_can_be_saved(event):
    """Its code names neither of these columns; PostgreSQL fills them in, in the history too."""
    later = {"uid", "revision", "refunds", "changes_marked_for"}
    for model in (Event, Event.history.model):
        columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
        named = ", ".join(f'"{name}"' for name in columns if name not in later)
        values = named.replace('"slug"', "'another-address'")
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {model._meta.db_table} ({named}) SELECT {values} FROM {model._meta.db_table}")
            assert cursor.rowcount == 1
    assert Event.objects.filter(slug="another-address", revision=0, refunds="").exists()


@pytest.mark.django_db(transaction=True)
def test_the_tables_can_be_taken_away_and_made_again():
    """Those of pages first, while the programme is there; then the programme's, with all that still stands on them."""
    before = {app: tables(app) for app in ("pages", "events")}
    try:
        for app in before:
            call_command("migrate", app, "zero", verbosity=0)
            assert tables(app) == set()
        assert ours("SELECT cfgname FROM pg_ts_config WHERE cfgname LIKE 'clinks%'") == []
        assert ours("SELECT proname FROM pg_proc WHERE proname LIKE 'events_%'") == []
    finally:
        call_command("migrate", verbosity=0)
    assert {app: tables(app) for app in before} == before
