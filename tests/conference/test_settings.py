"""What the settings refuse, and the words in which they do: each beside the nearest thing that they accept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "".join(chr(ord("a") + number % 26) + str(number % 7) for number in range(40))
PRODUCTION = {"SITE_URL": "https://conference.example.org", "SECRET_KEY": GOOD_KEY}
LOCAL = {"SITE_URL": "http://localhost:8000", "SECRET_KEY": GOOD_KEY}
SHOW = "from django.conf import settings as s; print({expression})"


def load(environment, expression="s.SITE_URL"):
    """Read the settings in a process of their own, with nothing but this environment."""
    return subprocess.run(
        [sys.executable, "-c", SHOW.format(expression=expression)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "conference.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def accepted(environment, expression="s.SITE_URL"):
    answer = load(environment, expression)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def refused(environment):
    answer = load(environment)
    assert answer.returncode != 0, f"accepted: {answer.stdout}"
    return answer.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("environment", [PRODUCTION, LOCAL, {"DEBUG": "true"}, {**LOCAL, "DEBUG": "yes"}])
def test_accepts_what_is_right(environment):
    assert accepted(environment) == environment.get("SITE_URL", "http://localhost:8000")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SITE_URL": ""}, "SITE_URL is not set"),
        ({"SITE_URL": "http://conference.example.org"}, "http is accepted only for localhost"),
        ({"SITE_URL": "http://192.168.1.4:8000"}, "http is accepted only for localhost"),
        ({"SITE_URL": "http://localhost.example.org"}, "http is accepted only for localhost"),
        ({"SITE_URL": "conference.example.org"}, "must be https:// and a host"),
        ({"SITE_URL": "https://conference.example.org/2027"}, "must be https:// and a host"),
        ({"SITE_URL": "ftp://conference.example.org"}, "must be https:// and a host"),
        ({"SITE_URL": "https://"}, "must be https:// and a host"),
        ({"SITE_URL": "https://staff:word@conference.example.org"}, "must be https:// and a host"),
        ({"SITE_URL": "https://conference.example.org:port"}, "must be https:// and a host"),
        ({"DEBUG": "true"}, "DEBUG is on while SITE_URL"),
        ({"TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/33"}, "TRUSTED_PROXIES: '10.0.0.0/33'"),
        ({"TRUSTED_PROXIES": "10.0.0.1/8"}, "Give addresses or networks with commas between"),
        ({"TRUSTED_PROXIES": "proxy.example.org"}, "TRUSTED_PROXIES: 'proxy.example.org'"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must be submission://"),
        ({"EMAIL_URL": "https://mail.example.org"}, "EMAIL_URL must be submission://"),
        ({"EMAIL_URL": "memory://"}, "EMAIL_URL must be submission://"),
        ({"EMAIL_URL": "submission://"}, "EMAIL_URL must be submission://"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is 'xml'. It must be json, for machines, or plain, for people."),
        ({"SLOW_QUERY_MS": "half a second"}, "SLOW_QUERY_MS"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "fewer than 50 characters"),
        ({"SECRET_KEY": "ab" * 40}, "fewer than 50 characters, or repeats"),
        ({"SECRET_KEY": "django-insecure-" + GOOD_KEY}, "everybody can look up"),
        ({"SECRET_KEY": os.environ["SECRET_KEY"]}, "everybody can look up"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "fewer than 50 characters"),
    ],
)
def test_refuses_in_words(change, words):
    assert words in refused(PRODUCTION | change)


def test_debug_is_off_unless_asked_for():
    assert accepted(PRODUCTION, "s.DEBUG") == "False"
    assert accepted(LOCAL, "s.DEBUG") == "False"
    assert accepted(LOCAL | {"DEBUG": "1"}, "s.DEBUG") == "True"


def test_lines_are_json_unless_somebody_develops_or_asks():
    assert accepted(PRODUCTION, "s.LOG_FORMAT") == accepted(LOCAL, "s.LOG_FORMAT") == "json"
    assert accepted(LOCAL | {"DEBUG": "1"}, "s.LOG_FORMAT") == "plain"
    in_full = "s.LOG_FORMAT, s.LOGGING['formatters']['plain']['in_full']"
    assert accepted(PRODUCTION | {"LOG_FORMAT": "plain"}, in_full) == "plain False"


COOKIES = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE"
TRANSPORT = "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS"


def test_https_brings_secure_cookies_and_hsts():
    assert accepted(PRODUCTION, COOKIES) == "__Host-sessionid __Host-csrftoken True True"
    assert accepted(PRODUCTION, TRANSPORT) == "True True True"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_only_http_on_this_computer_does_without(host):
    local = LOCAL | {"SITE_URL": f"http://{host}:8000"}
    assert accepted(local, COOKIES) == "sessionid csrftoken False False"
    assert accepted(local, TRANSPORT) == "False False False"


SIGN_IN = """
import django
django.setup()
from django.test import Client, override_settings
plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
with override_settings(STORAGES=plain):
    print(Client().get("/admin/login/", secure=True, headers={"host": "conference.example.org"}).cookies)
"""


def test_a_cookie_of_production_is_bound_to_this_host_and_to_https():
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "conference.settings", **PRODUCTION}
    command = [sys.executable, "-c", SIGN_IN]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "__Host-csrftoken=" in run.stdout
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in run.stdout.split(";")}
    assert "Domain" not in run.stdout


def test_hosts():
    assert accepted(PRODUCTION, "s.ALLOWED_HOSTS") == "['conference.example.org']"
    more = PRODUCTION | {"EXTRA_HOSTS": "www.example.org,10.0.0.1"}
    assert accepted(more, "s.ALLOWED_HOSTS") == "['conference.example.org', 'www.example.org', '10.0.0.1']"
    assert "192.168.1.4" in accepted(LOCAL | {"HOST": "192.168.1.4"}, "s.ALLOWED_HOSTS")
    assert "192.168.1.4" not in accepted(PRODUCTION | {"HOST": "192.168.1.4"}, "s.ALLOWED_HOSTS")
    assert "0.0.0.0" not in accepted(LOCAL | {"HOST": "0.0.0.0"}, "s.ALLOWED_HOSTS")


def test_database_comes_from_its_url_else_from_the_private_postgresql():
    url = {"DATABASE_URL": "postgresql://staff:word@db.example.org:5433/days"}
    assert accepted(PRODUCTION | url, "s.DATABASES['default']['HOST'], s.DATABASES['default']['NAME']") == (
        "db.example.org days"
    )
    assert "/tmp/conference-" in accepted(PRODUCTION, "s.DATABASES['default']['HOST']")


def test_database_must_be_postgresql():
    assert "PostgreSQL" in refused(PRODUCTION | {"DATABASE_URL": "sqlite:///db.sqlite3"})


def test_statements_of_visitors_alone_have_a_limit():
    options = "s.DATABASES['default']['OPTIONS']['options']"
    assert accepted(PRODUCTION, options) == "-c lock_timeout=3s -c statement_timeout=0"
    assert accepted(PRODUCTION | {"STATEMENT_TIMEOUT": "4s"}, options).endswith("statement_timeout=4s")


def test_reading_the_settings_does_nothing_else():
    """A process that cannot start or write anything can read them all the same."""
    code = (
        "import sys, os\n"
        "def refuse(event, args):\n"
        "    writes = event == 'open' and isinstance(args[1], str) and set(args[1]) & set('wax+')\n"
        "    if event in ('subprocess.Popen', 'socket.connect', 'os.mkdir', 'os.exec', 'os.system') or writes:\n"
        "        sys.stderr.write(f'{event} {args}'); os._exit(9)\n"
        "sys.dont_write_bytecode = True\n"
        "sys.addaudithook(refuse)\n"
        "from django.conf import settings\n"
        "settings.DEBUG\n"
    )
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "conference.settings", **LOCAL}
    run = [sys.executable, "-c"]
    quiet = subprocess.run([*run, code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert quiet.returncode == 0, quiet.stderr
    loud = subprocess.run([*run, code + "os.mkdir('/nowhere/at/all')"], cwd=ROOT, env=environment, check=False)
    assert loud.returncode == 9, "the hook of this test catches nothing"


def deployment_check(**change):
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, **change}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_deployment_check_passes_and_warns_of_help_that_nobody_answers():
    real = {"HELP_EMAIL": "help@conference.example.org", "HELP_PHONE": "0300 000 0000"}
    good = deployment_check(**real, EMAIL_URL="submission://me:word@mail.example.org")
    assert good.returncode == 0, good.stderr
    bad = deployment_check()
    assert bad.returncode != 0
    assert "HELP_EMAIL is still events@example.org" in bad.stderr
    assert "HELP_PHONE is still 020 7946 0958" in bad.stderr
    assert "EMAIL_URL is not set" in bad.stderr


def test_manage_py_refuses_in_a_sentence_not_in_a_traceback():
    answer = deployment_check(SECRET_KEY="short")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "Make one with" in answer.stderr


MAIL = "(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL)"


@pytest.mark.parametrize(
    ("address", "means"),
    [
        ("submission://me:p%40ss@mail.example.org", ("mail.example.org", 587, "me", "p@ss", True, False)),
        ("smtp://localhost:25", ("localhost", 25, "", "", False, False)),
        ("smtp://me:word@mail.example.org:465/?ssl=true", ("mail.example.org", 465, "me", "word", False, True)),
    ],
)
def test_the_mail_server_is_one_address(address, means):
    assert accepted(PRODUCTION | {"EMAIL_URL": address}, MAIL) == str(means)
    assert accepted(PRODUCTION | {"EMAIL_URL": address}, "s.EMAIL_TIMEOUT") == "10"


def test_without_a_mail_server_messages_stay_on_a_developers_computer_and_only_there():
    assert accepted(LOCAL, "s.EMAIL_BACKEND") == "conference.mail_folder.EmailBackend"
    assert "mail_folder" not in accepted(PRODUCTION, "s.EMAIL_BACKEND")


def test_proxies_are_trusted_by_name_only():
    assert accepted(LOCAL, "s.TRUSTED_PROXIES") == "[]"
    named = accepted(
        {**LOCAL, "TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,2001:db8::/32"}, "list(map(str, s.TRUSTED_PROXIES))"
    )
    assert named == "['127.0.0.1/32', '10.0.0.0/8', '2001:db8::/32']"


def test_what_machines_ask_for_behind_the_proxy_is_not_led_to_https():
    assert accepted(PRODUCTION, "s.SECURE_REDIRECT_EXEMPT") == "['^healthz$', '^readyz$', '^metrics$']"
