"""docs/watching.md and its examples: every number that they name is there, and the alerts fire when they should."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conference import metrics
from conference.logs import access_lines
from events import counted
from registrations.counted import Deed

ROOT = Path(__file__).resolve().parents[2]
DOCS = [ROOT / "docs/watching.md", ROOT / "docs/watching/alerts.yml"]
promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="needs promtool (Debian: prometheus)")


def named(text):
    """Return the numbers that a text names."""
    return set(re.findall(r"\bconference_\w+", text))


@pytest.mark.django_db
def test_every_number_that_is_named_is_there_and_every_one_is_named(client):
    client.get("/healthz")
    counted.stored_page("hit")
    families = list(text_string_to_metric_families(metrics.written().decode()))
    # When each was made stands beside the numbers of a process that is alone.
    ours = [each for each in families if each.name.startswith("conference_") and not each.name.endswith("_created")]
    there = {sample.name for family in ours for sample in family.samples}
    said = set.union(*(named(path.read_text()) for path in DOCS))
    # There are too few people here for a number of them.
    assert said - there == {"conference_registrations"}
    assert {each.name for each in ours} == {re.sub(r"_(total|count|bucket)$", "", name) for name in said}


def test_a_number_that_is_not_there_would_be_found():
    """The control."""
    assert named("`conference_no_such_total` and conference_other") == {"conference_no_such_total", "conference_other"}


def test_the_deeds_and_the_fields_of_a_line_are_those_of_the_code():
    words = DOCS[0].read_text()
    assert all(deed.value in words for deed in Deed)
    assert all(how in words for how in counted.STORED_PAGES)
    assert all(f"`{name}`" in words for name in ("method", "path", "route", "status", "ms", "sql", "exception"))
    assert access_lines.SLOW == 1.0


@promtool
@pytest.mark.parametrize(
    "command",
    [
        ["check", "config", "--syntax-only", "docs/watching/prometheus.yml"],
        ["check", "rules", "docs/watching/alerts.yml"],
        ["test", "rules", "tests/conference/alerts_fire.yml"],
    ],
)
def test_prometheus_takes_the_examples(command):
    run = subprocess.run(["promtool", *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr


@promtool
def test_prometheus_refuses_an_alert_that_does_not_fire(tmp_path):
    """The control: the same numbers, and a rule that asks for more than they give."""
    folder = tmp_path / "docs/watching"
    folder.mkdir(parents=True)
    rules = (ROOT / "docs/watching/alerts.yml").read_text()
    (folder / "alerts.yml").write_text(rules.replace("_age_seconds > 300", "_age_seconds > 3000"))
    (tests := tmp_path / "tests/conference").mkdir(parents=True)
    shutil.copy(ROOT / "tests/conference/alerts_fire.yml", tests)
    command = ["promtool", "test", "rules", str(tests / "alerts_fire.yml")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode != 0 and "MessagesWait" in run.stdout + run.stderr
