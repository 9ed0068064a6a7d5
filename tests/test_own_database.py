"""Tests cannot reach the database that people use, whichever of them are run."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# As a fixture of the journeys once did: the blocker is lifted by hand, and no chosen test is marked with django_db.
ASKS = """
def test_asks(django_db_blocker):
    from django.db import connection
    with django_db_blocker.unblock():
        connection.ensure_connection()
"""


def test_a_test_without_a_database_of_its_own_reaches_none(tmp_path):
    (tmp_path / "test_alone.py").write_text(ASKS)
    options = ["-p", "no:xdist", "-p", "no:cacheprovider", "-p", "conftest", "--rootdir", ROOT, "-c", "pyproject.toml"]
    command = [sys.executable, "-m", "pytest", *options, tmp_path / "test_alone.py"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout
    assert "there_is_none_for_a_test_without_its_own" in ran.stdout and "does not exist" in ran.stdout, ran.stdout
