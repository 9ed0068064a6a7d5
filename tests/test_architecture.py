"""The house's rules, read from the sources: who may import whom, what is pure, and what no page may hold.

Each rule is a function from a source to its faults. Every rule is shown to find a bad source before the real ones
are read, so that a rule which finds nothing at all does not pass for a clean house.
"""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ["events", "registrations", "pages", "conference"]  # each may import itself and what stands before it
PURE = [
    "agenda.py", "calendar_links.py", "calendars.py", "feeds", "qr_codes.py", "slugs.py", "wording/access.py",
    "wording/british_time.py", "wording/change_words.py", "wording/clean_text.py", "wording/credits.py",
    "wording/markdown.py",
]  # fmt: skip
MAY_MARK_SAFE = {"events/wording/markdown.py", "events/feeds/json_ld.py"}  # both escape or clean on that very line
FORBIDDEN_NAMES = {"utils.py", "services.py", "common", "core"}

MODULES = sorted(path for app in LAYERS for path in (ROOT / app).rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static").rglob("*.css"))


def name_of(path):
    return str(path.relative_to(ROOT))


def nodes(source, kind):
    """Return every node of that kind in a source."""
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, kind)]


def imports(source):
    """Return every module that a source imports by its full name, with the line."""
    for node in nodes(source, ast.Import | ast.ImportFrom):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def starts_with(module, *packages):
    return any(module == package or module.startswith(f"{package}.") for package in packages)


# The rules


def upward_imports(source, app):
    above = LAYERS[LAYERS.index(app) + 1 :]
    return [f"line {line}: {module}" for module, line in imports(source) if starts_with(module, *above)]


def beyond_models(source):
    """Find imports of a model module from above the models."""
    own = ("events.models", "events.slugs")
    return [module for module, _ in imports(source) if starts_with(module, "events") and not starts_with(module, *own)]


def impurities(source):
    """Find what a module that takes values and returns values must not know: requests, views, queries."""
    web = ("django.http", "django.shortcuts", "django.views", "django.urls", "django.db", "django.template")
    above = [f"events.{name}" for name in ("views", "admin", "templatetags", "changes", "programme")]
    found = [module for module, _ in imports(source) if starts_with(module, *web, *above)]
    found += ["request" for node in nodes(source, ast.arg) if node.arg == "request"]
    return found + [node.attr for node in nodes(source, ast.Attribute) if node.attr in ("objects", "_default_manager")]


def unexplained_imports(source):
    """Find imports inside a function that give no reason in a comment beside them or on the line above."""
    reasons = comment_lines(source)
    found = []
    for function in nodes(source, ast.FunctionDef | ast.AsyncFunctionDef):
        for node in ast.walk(function):
            is_import = isinstance(node, ast.Import | ast.ImportFrom)
            if is_import and not reasons.intersection(range(node.lineno - 1, node.end_lineno + 1)):
                found.append(f"line {node.lineno}")
    return found


def comment_lines(source):
    """Return the numbers of the lines with a comment that says more than what a linter is to leave out."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    return {token.start[0] for token in comments if re.sub(r"noqa(: ?[A-Z0-9, ]+)?", "", token.string).strip("# ")}


def unsafe_marks(source):
    """Find text that is declared safe: mark_safe and its kin, and format_html of anything but a written-out string."""
    names = [getattr(node, "id", getattr(node, "attr", getattr(node, "name", ""))) for node in nodes(source, ast.AST)]
    found = [name for name in names if name in ("mark_safe", "SafeText")]
    for call in nodes(source, ast.Call):
        called = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if called == "SafeString":
            found.append(called)
        if called in ("format_html", "format_html_join"):
            written = call.args[called == "format_html_join"]
            found += [] if isinstance(written, ast.Constant) else [called]
    return found


BLOCKED = r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\|\s*safe\b|autoescape off"
LOADED = r"<(?!a\b)\w+\b[^>]*?\s(?:src|srcset|href|data|poster|action)\s*=\s*[\"']?\s*(?:https?:)?//[^>]*>"


def unfit_for_the_policy(template):
    """Find in a template what the Content-Security-Policy would block, or what would load from somebody else."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", template, flags=re.DOTALL)
    found = re.findall(BLOCKED, text, re.IGNORECASE) + re.findall(LOADED, text, re.IGNORECASE)
    scripts = re.findall(r"<script\b([^>]*)>", text, re.IGNORECASE)
    return found + [each for each in scripts if "src=" not in each and "application/ld+json" not in each]


def foreign_loads(style):
    """Find in a style sheet what would load from somebody else."""
    return re.findall(r"(?:@import|url\()\s*(?:url\()?[\"']?\s*(?:https?:)?//[^\s;)]*", style, re.IGNORECASE)


# Each rule finds what it is there for


BAD = [
    (lambda source: upward_imports(source, "events"), "from registrations.booking import register"),
    (lambda source: upward_imports(source, "events"), "import conference.settings"),
    (lambda source: upward_imports(source, "events"), "def f():\n    from pages import models"),
    (lambda source: upward_imports(source, "registrations"), "from pages.models import Page"),
    (lambda source: upward_imports(source, "pages"), "import conference"),
    (beyond_models, "from events.changes import apply"),
    (beyond_models, "from events import rules"),
    (impurities, "from django.http import HttpRequest"),
    (impurities, "from django import shortcuts, http"),
    (impurities, "from events import views"),
    (impurities, "def build(request): ..."),
    (impurities, "def build(event): return Session.objects.all()"),
    (unexplained_imports, "def f():\n    import os"),
    (unexplained_imports, "def f():\n    from a import (\n        b,\n    )"),
    (unexplained_imports, "async def f():\n    import os  # noqa: PLC0415"),
    (unexplained_imports, "# A reason for something else.\n\ndef f():\n    import os"),
    (unsafe_marks, "from django.utils.safestring import mark_safe"),
    (unsafe_marks, "from django.utils import safestring\nsafestring.mark_safe(x)"),
    (unsafe_marks, "SafeString(x)"),
    (unsafe_marks, "format_html(words)"),
    (unsafe_marks, "format_html(f'<b>{name}</b>')"),
    (unsafe_marks, "format_html_join('', row, rows)"),
    (unfit_for_the_policy, "<style>p { color: red }</style>"),
    (unfit_for_the_policy, '<p style="color: red">'),
    (unfit_for_the_policy, "<script>alert(1)</script>"),
    (unfit_for_the_policy, '<script type="module">x</script>'),
    (unfit_for_the_policy, '<button onclick="go()">'),
    (unfit_for_the_policy, '<body\nONLOAD="go()">'),
    (unfit_for_the_policy, '<a href="javascript:go()">'),
    (unfit_for_the_policy, "{{ session.abstract|safe }}"),
    (unfit_for_the_policy, "{% autoescape off %}{{ x }}{% endautoescape %}"),
    (unfit_for_the_policy, '<script src="https://cdn.example/x.js"></script>'),
    (unfit_for_the_policy, '<link rel="stylesheet" href="//fonts.example/css">'),
    (unfit_for_the_policy, '<img alt="" src="http://example.org/x.png">'),
    (unfit_for_the_policy, '<form method="post" action="https://example.org/">'),
    (foreign_loads, "@import 'https://fonts.example/css';"),
    (foreign_loads, "@font-face { src: url(//fonts.example/a.woff2) }"),
]
GOOD = [
    (lambda source: upward_imports(source, "events"), "from events.models import Event\nimport eventslike, pagesize"),
    (lambda source: upward_imports(source, "conference"), "from pages.models import Page\nfrom events import changes"),
    (beyond_models, "from events.models.choices import Status\nfrom events.slugs import fold\nimport uuid"),
    (impurities, "import datetime\nfrom events.models import Session\ndef build(sessions, now): return sessions"),
    (unexplained_imports, "import os\ndef f():\n    import sys  # only when asked for"),
    (unexplained_imports, "def f():\n    # The models must be loaded first.\n    import sys"),
    (unsafe_marks, "format_html('<b>{}</b>', name)\nformat_html_join('', '<li>{}</li>', rows)"),
    (unfit_for_the_policy, '<script src="{% static \'js/x.js\' %}" defer></script><a href="https://a.example">x</a>'),
    (unfit_for_the_policy, '<script type="application/ld+json">{{ json }}</script>{# <style> #}<p class="style">'),
    (foreign_loads, "@import 'tokens.css'; .a { background: url(../img/weave.svg) }"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "source"), BAD, ids=[source for _, source in BAD])
def test_the_rule_finds_a_bad_source(rule, source):
    assert rule(source)


@pytest.mark.parametrize(("rule", "source"), GOOD, ids=[source for _, source in GOOD])
def test_the_rule_leaves_a_good_source_alone(rule, source):
    assert rule(source) == []


# The real sources keep the rules


def faults(rule, paths):
    found = {name_of(path): rule(path.read_text()) for path in paths}
    return {name: rows for name, rows in found.items() if rows}


def test_there_are_sources_to_read():
    assert len(MODULES) > 40 and len(TEMPLATES) > 20 and len(STYLES) > 3


@pytest.mark.parametrize("app", LAYERS)
def test_no_application_imports_one_above_it(app):
    own = [path for path in MODULES if name_of(path).startswith(f"{app}/")]
    assert faults(lambda source: upward_imports(source, app), own) == {}


def test_models_import_nothing_that_stands_on_them():
    assert faults(beyond_models, sorted((ROOT / "events/models").glob("*.py"))) == {}


def test_what_takes_values_and_returns_values_knows_no_request_and_no_query():
    pure = [path for path in MODULES if path.is_relative_to(ROOT / "events") and is_pure(path)]
    assert len(pure) >= 6
    assert faults(impurities, pure) == {}


def is_pure(path):
    return path.relative_to(ROOT / "events").parts[0] in PURE


def test_an_import_inside_a_function_says_why():
    assert faults(unexplained_imports, MODULES) == {}


def test_only_the_named_modules_declare_text_safe():
    assert set(faults(unsafe_marks, MODULES)) <= MAY_MARK_SAFE


def test_no_file_is_named_after_nothing():
    every = [path for app in [*LAYERS, "tests", "script"] for path in (ROOT / app).rglob("*")]
    assert [name_of(path) for path in every if path.name in FORBIDDEN_NAMES] == []


def test_templates_fit_the_strict_policy_and_load_from_nobody_else():
    assert faults(unfit_for_the_policy, TEMPLATES) == {}


def test_style_sheets_load_from_nobody_else():
    assert faults(foreign_loads, STYLES) == {}
