"""Every static file that a template names is there: in production a missing one would be an error on the page."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
NAMED = [
    (path.relative_to(ROOT), name)
    for path in sorted((ROOT / "templates").rglob("*"))
    if path.is_file()
    for name in re.findall(r"{%\s*static\s+[\"']([^\"']+)[\"']", path.read_text())
]


@pytest.mark.parametrize(("template", "name"), NAMED)
def test_a_named_file_is_there(template, name):
    assert finders.find(name), f"{template} names {name}"


def test_templates_name_files_at_all():
    assert NAMED
    assert finders.find("no-such-file.css") is None
