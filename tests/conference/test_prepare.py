"""`manage.py prepare`: what a start makes, and that a second one makes nothing again."""

import io
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from conference import local_server
from events.models import Event


@pytest.fixture
def files(tmp_path, settings, monkeypatch):
    """A var/ of this test's own, and the storage that names files by their content, as in production."""
    settings.STATIC_ROOT = tmp_path / "static"
    hashed = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": hashed}}
    monkeypatch.setattr(local_server, "STAFF_PASSWORD", tmp_path / "staff-password")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def prepare():
    said = io.StringIO()
    call_command("prepare", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_makes_programme_staff_and_static_files(files):
    said = prepare()
    assert Event.objects.filter(slug="clinks-annual-conference-2023").exists()
    assert Event.objects.filter(is_sample=True).exists()
    assert "Collecting and compressing the static files." in said
    assert (files / "static" / "staticfiles.json").exists()
    password = (files / "staff-password").read_text().strip()
    assert len(password) >= 16
    assert Client().login(username="staff", password=password)
    assert get_user_model().objects.get().is_superuser


@pytest.mark.django_db
def test_a_second_start_does_nothing_again(files):
    prepare()
    password = (files / "staff-password").read_text()
    get_user_model().objects.update(email="staff@example.org")
    said = prepare()
    assert "Collecting" not in said
    assert (files / "staff-password").read_text() == password
    assert get_user_model().objects.get().email == "staff@example.org"


@pytest.mark.django_db
def test_a_changed_static_file_is_collected(files, settings):
    source = files / "source"
    source.mkdir()
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, source]
    prepare()
    Path(source, "new.css").write_text("p { color: black }")
    assert "Collecting" in prepare()


@pytest.mark.django_db
def test_a_lost_password_file_is_made_anew(files):
    prepare()
    (files / "staff-password").unlink()
    prepare()
    assert Client().login(username="staff", password=(files / "staff-password").read_text().strip())


@pytest.mark.django_db
def test_a_database_of_somebodys_gets_no_staff_and_no_sample(files, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://named")
    prepare()
    assert not get_user_model().objects.exists()
    assert not Event.objects.filter(is_sample=True).exists()
    assert Event.objects.filter(slug="clinks-annual-conference-2023").exists()


def test_a_database_that_does_not_answer_is_a_sentence(files, monkeypatch):
    from django.db import OperationalError

    def away(*args):
        raise OperationalError("connection refused")

    monkeypatch.setattr("conference.management.commands.prepare.MigrationExecutor", away)
    with pytest.raises(CommandError, match="The database does not answer: connection refused"):
        prepare()
