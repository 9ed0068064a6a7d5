"""Whether the site says truly that it is alive and ready."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_A_DATABASE = """
import django, tempfile
from django.conf import settings
settings.CACHES["pages"]["LOCATION"] = tempfile.mkdtemp()
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "a" * 32
for address in ["/healthz", "/readyz", "/", "/admin/", "/admin/login/", "/events/"]:
    response = client.get(address, headers={"host": "localhost"})
    print(address, response.status_code, response.headers.get("Retry-After"), response.headers.get("X-Frame-Options"))
"""


@pytest.mark.django_db
def test_ready_when_everything_is_migrated(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"Ready.\n", "no-store")


@pytest.mark.django_db
def test_not_ready_when_a_migration_is_missing(client):
    MigrationRecorder(connection).migration_qs.filter(app="sessions").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"sessions.0001_initial" in response.content


def test_alive_asks_no_database(client):
    """Without @django_db a query would raise."""
    response = client.get("/healthz")
    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"Alive.\n", "no-store")


def test_only_reading(client):
    assert client.post("/healthz").status_code == 405


def test_without_a_database_the_site_is_alive_and_not_ready_and_its_pages_are_503():
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    command = [sys.executable, "-c", WITHOUT_A_DATABASE]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    answers = dict(line.split(" ", 1) for line in answer.stdout.splitlines())
    assert answers.pop("/healthz") == "200 None DENY"
    assert answers.pop("/readyz") == "503 None DENY"
    assert set(answers.values()) == {"503 5 DENY"}, answers
