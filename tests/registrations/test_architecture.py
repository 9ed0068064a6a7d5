"""Who writes what in registrations, read from the sources. Each rule is shown to find a bad one first."""

import ast

import pytest

from tests.test_architecture import ROOT, imports, nodes

HOME = ROOT / "registrations"
SOURCES = {path.relative_to(HOME).as_posix(): path.read_text() for path in sorted(HOME.rglob("*.py"))}
WRITERS = {"booking.py", "waiting_list.py"}
PURE = {
    "answering/answers.py", "choice_rules.py", "folding.py", "problems.py", "tickets/prices.py", "waiting/promotion.py",
}  # fmt: skip
SHOWING = ("admin", "forms", "management", "migrations", "models", "templatetags", "views")  # no rules of booking
# Where nobody hands a moment over: staff's changes of the programme carry none, and the worker works by itself.
MAY_READ_THE_CLOCK = {"programme_changes/listener.py", "tasks.py"}


DECIDING = ("status", "waiting_since")  # no claim changes its state without the moment since when it waits


def targets(source):
    """Return every attribute that is assigned to, by itself or among several."""
    found = [target for node in nodes(source, ast.Assign) for target in node.targets]
    found += [node.target for node in nodes(source, ast.AugAssign)]
    return [part for target in found for part in ast.walk(target) if isinstance(part, ast.Attribute)]


def written_by_call(source, *names):
    """Find these names among the arguments of a new row or of an update; a filter only asks."""
    verbs = ("create", "update", "Registration", "WorkshopChoice", "Places")
    writing = [
        call for call in nodes(source, ast.Call) if getattr(call.func, "attr", getattr(call.func, "id", "")) in verbs
    ]
    return [f"line {word.value.lineno}" for call in writing for word in call.keywords if word.arg in names]


def states_set(source):
    """Find where it is decided who has a place."""
    assigned = [f"line {target.lineno}" for target in targets(source) if target.attr in DECIDING]
    return assigned + written_by_call(source, *DECIDING)


def counts_set(source):
    """Find where the number of places taken is written."""
    assigned = [f"line {target.lineno}" for target in targets(source) if target.attr == "taken"]
    return assigned + written_by_call(source, "taken")


def clock_reads(source):
    """Find where the time is read instead of taken as a parameter."""
    names = [(getattr(node.value, "id", ""), node.attr) for node in nodes(source, ast.Attribute)]
    return [
        pair
        for pair in names
        if pair in (("timezone", "now"), ("datetime", "now"), ("date", "today"), ("time", "time"))
    ]


def queries(source):
    """Find queries, and the means for them."""
    found = [node.attr for node in nodes(source, ast.Attribute) if node.attr in ("objects", "history")]
    return found + [module for module, _ in imports(source) if module.startswith("django.db")]


def imports_of_booking(source):
    return [module for module, _ in imports(source) if module.startswith("registrations.booking")]


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (states_set, "r.status = RegistrationStatus.CONFIRMED", "if r.status == RegistrationStatus.CONFIRMED: pass"),
        (
            states_set,
            "r.status, r.x = RegistrationStatus.WAITING, None",
            "x = M.objects.filter(state=ChoiceState.WAITING)",
        ),
        (states_set, "Registration(status=RegistrationStatus.CONFIRMED)", "x = r.status"),
        (counts_set, "places.taken += 1", "x = places.taken"),
        (counts_set, "rows.update(taken=F('taken') + 1)", "rows.update(capacity=3)"),
        (clock_reads, "now = timezone.now()", "def f(now): return now"),
        (queries, "Registration.objects.get()", "registration.choices"),
        (queries, "from django.db import connection", "import heapq"),
        (imports_of_booking, "from registrations import booking", "from registrations import waiting_list"),
    ],
)
def test_each_rule_finds_what_is_bad_and_leaves_what_is_good(rule, bad, good):
    assert rule(bad) and not rule(good)


def faults(rule, names):
    return {name: found for name in names if (found := rule(SOURCES[name]))}


def core():
    """The modules of rules and writers: not what shows, sends, or administers."""
    return [name for name in SOURCES if name.partition("/")[0] not in SHOWING]


def test_only_the_two_writers_decide_who_has_a_place():
    assert faults(states_set, set(core()) - WRITERS) == {}


def test_only_places_counts_them():
    assert faults(counts_set, set(core()) - {"places.py"}) == {}


def test_the_time_is_a_parameter():
    assert faults(clock_reads, set(core()) - MAY_READ_THE_CLOCK) == {}


def test_what_is_pure_asks_nothing_of_the_database():
    assert faults(queries, PURE) == {}


def test_booking_imports_the_waiting_list_and_nothing_below_imports_booking():
    below = [
        "waiting_list.py", "waiting/waiting_lines.py", "waiting/promotion.py", "waiting/offering.py", "places.py",
        "rules.py", "choice_rules.py", "messages/outbox.py",
    ]  # fmt: skip
    assert faults(imports_of_booking, below) == {}
    assert any(module == "registrations.waiting_list" for module, _ in imports(SOURCES["booking.py"]))


def test_models_import_no_rule():
    allowed = ("registrations.models", "registrations.folding")
    for name, source in SOURCES.items():
        if name.startswith("models/"):
            own = [module for module, _ in imports(source) if module.startswith("registrations")]
            assert all(module.startswith(allowed) for module in own), name
