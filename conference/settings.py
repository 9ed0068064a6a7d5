"""The settings: one file, all of it from the environment. Importing it has no side effect.

In production SITE_URL (https), SECRET_KEY, DATABASE_URL, HELP_EMAIL and HELP_PHONE are set; docs/maintaining.md
lists them all. A wrong value stops the site with a sentence, before it can do harm.
"""

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from conference import local_postgres

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
# What the site writes itself: static files as they are served, uploads, stored pages.
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var")

# -- Where the site is, and what follows from it

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DEBUG = env.bool("DEBUG", False)
SITE_URL = env.str("SITE_URL", "http://localhost:8000" if DEBUG else "").rstrip("/")
if not SITE_URL:
    raise ImproperlyConfigured(
        "SITE_URL is not set. Give the address people will use, such as SITE_URL=https://conference.example.org; "
        "on your own computer start the site with script/server, which sets it."
    )
_site = urlsplit(SITE_URL)
# A host and perhaps a port, which is all that every absolute link starts with.
if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-f:.]+\])(:\d+)?", SITE_URL, re.ASCII | re.IGNORECASE):
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}. It must be https:// and a host, with nothing after it but a port, "
        "such as https://conference.example.org."
    )
SITE_HOST = f"[{_site.hostname}]" if ":" in _site.hostname else _site.hostname
# Only a site on this very computer may do without https, and only such a site may show Django's debug pages.
IS_LOCAL = _site.scheme == "http" and SITE_HOST in LOCAL_HOSTS
if _site.scheme == "http" and not IS_LOCAL:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}, but http is accepted only for localhost: bookings hold personal data. "
        "Put the site behind https and start SITE_URL with https://."
    )
if DEBUG and not IS_LOCAL:
    raise ImproperlyConfigured(
        f"DEBUG is on while SITE_URL is {SITE_URL!r}. Debug pages show passwords and personal data: unset DEBUG, "
        "or set SITE_URL to http://localhost:8000 on your own computer."
    )

EXTRA_HOSTS = env.list("EXTRA_HOSTS", [])
ALLOWED_HOSTS = [SITE_HOST, *EXTRA_HOSTS]
if IS_LOCAL:
    _bound = env.str("HOST", "")
    ALLOWED_HOSTS += LOCAL_HOSTS + ([_bound] if _bound not in ("", "0.0.0.0", "::") else [])

# -- Keys

# Everybody can read these here, so they protect nothing: they serve development and the tests only.
DEVELOPMENT_KEY = "development-only-key-that-everybody-can-read-in-the-repository"
TEST_KEY = "tests-only-key-that-everybody-can-read-in-the-repository-as-well"
SECRET_KEY = env.str("SECRET_KEY", DEVELOPMENT_KEY if DEBUG else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
_HOW_TO_MAKE_A_KEY = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
if not SECRET_KEY:
    raise ImproperlyConfigured(f"SECRET_KEY is not set. {_HOW_TO_MAKE_A_KEY}")
for _key in [SECRET_KEY, *SECRET_KEY_FALLBACKS]:
    if len(_key) < 50 or len(set(_key)) < 5:
        raise ImproperlyConfigured(f"A secret key has fewer than 50 characters, or repeats them. {_HOW_TO_MAKE_A_KEY}")
    if not IS_LOCAL and (_key in (DEVELOPMENT_KEY, TEST_KEY) or _key.startswith("django-insecure-")):
        raise ImproperlyConfigured(f"A secret key is one that everybody can look up. {_HOW_TO_MAKE_A_KEY}")

# -- Applications, in the order of who may import whom

INSTALLED_APPS = [
    "conference.apps.ConferenceConfig",
    "pages.apps.PagesConfig",
    "registrations.apps.RegistrationsConfig",
    "events.apps.EventsConfig",
    "simple_history",
    "crispy_forms",
    "csp",
    "procrastinate.contrib.django",
    "conference.staff_site.StaffSiteConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

# What notes requests and adds headers stands first, so that static files and every error page have them too.
MIDDLEWARE = [
    "conference.logs.access_lines.NoteRequests",
    "conference.guards.headers.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "conference.guards.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "conference.errors.DesignedErrors",
    "conference.guards.large_bodies.RefuseLargeBodies",
    "conference.guards.null_bytes.RefuseNullBytes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "conference.guards.compression.CompressPublicPages",
    "conference.staff_only.Sessions",
    "django.middleware.common.CommonMiddleware",
    "conference.guards.hidden_origin.TellHiddenOrigin",
    "django.middleware.csrf.CsrfViewMiddleware",
    "conference.staff_only.Authentication",
    "conference.staff_only.Messages",
    "conference.staff_only.history",
]
LOGIN_REDIRECT_URL = "admin:index"
CSRF_FAILURE_VIEW = "conference.errors.csrf_failure"
ROOT_URLCONF = "conference.urls"
WSGI_APPLICATION = "conference.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pages.site.frame",
            ],
        },
    },
]

# Forms are laid out by our own templates, in templates/crispy/.
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "crispy"
CRISPY_FAIL_SILENTLY = False

# -- Database

DATABASES = {"default": env.dj_db_url("DATABASE_URL") if env.str("DATABASE_URL", "") else local_postgres.settings()}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must start with postgresql://; the site's rules are kept by PostgreSQL.")
# gunicorn.conf.py gives visitors' statements a limit, and its processes do not wait for a PostgreSQL that hangs;
# migrations and commands have time.
ANSWERS_VISITORS = env.bool("ANSWERS_VISITORS", False)
_timeouts = {"lock_timeout": "3s", "statement_timeout": env.str("STATEMENT_TIMEOUT", "0")}
DATABASES["default"] |= {
    "ENGINE": "conference.impatient_postgresql" if ANSWERS_VISITORS else "django.db.backends.postgresql",
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 2,
        "options": " ".join(f"-c {name}={value}" for name, value in _timeouts.items()),
        **DATABASES["default"].get("OPTIONS", {}),
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- People

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# What people are told to write to and to ring. These are made for examples; check --deploy warns of them.
HELP_EMAIL = env.str("HELP_EMAIL", "events@example.org")
HELP_PHONE = env.str("HELP_PHONE", "020 7946 0958")

# -- Messages

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", HELP_EMAIL)
EMAIL_TIMEOUT = 10  # a worker's patience with the mail server, never a visitor's
EMAIL_URL_IS_SET = bool(env.str("EMAIL_URL", ""))
if EMAIL_URL_IS_SET:
    _email = env.dj_email_url("EMAIL_URL")
    if "smtp" not in _email.get("EMAIL_BACKEND", "") or not _email["EMAIL_HOST"]:
        raise ImproperlyConfigured(
            "EMAIL_URL must be submission://user:password@host:587, smtp://host:25, or smtp://…:465/?ssl=true."
        )
    EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"], _email["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"] or "", _email["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _email["EMAIL_USE_TLS"], _email["EMAIL_USE_SSL"]
elif IS_LOCAL:
    EMAIL_BACKEND = "conference.mail_folder.EmailBackend"
MAIL_FOLDER = VAR_DIR / "mail"
# A job only says that there is something to send; the outbox is the truth, so what is done may be forgotten.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "always", "concurrency": 1, "shutdown_graceful_timeout": 4}

# -- Proxies

# Whose X-Forwarded-For is believed when limits count by address; nobody's, unless named.
try:
    TRUSTED_PROXIES = [ipaddress.ip_network(each.strip()) for each in env.list("TRUSTED_PROXIES", [])]
except ValueError as error:
    raise ImproperlyConfigured(
        f"TRUSTED_PROXIES: {error}. Give addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8."
    ) from error

# -- Language and time

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "conference.formats"
TIME_ZONE = "Europe/London"
USE_TZ = True

# -- Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# -- Stored pages (events/storing/page_store.py): public ones only

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
}

# -- Safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# Staff may edit an event with sixty sessions on one page, which has some two thousand fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# All of a request with its files. Well above the largest photograph, so that one too large is answered in its form.
LARGEST_BODY = 32 * 1024 * 1024
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Whether a request came by https is decided by gunicorn alone (gunicorn.conf.py: forwarded_allow_ips), so that no
# visitor can claim it with a header; hence no SECURE_PROXY_SSL_HEADER here.
if not IS_LOCAL:
    SECURE_SSL_REDIRECT = True
    # What machines ask for at the port itself, behind the proxy that speaks https.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
# Whether a domain joins the browsers' HSTS lists is for its owner to decide, for all their sites: no warning of ours.
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]

# -- Seeing it run (docs/watching.md): lines to stderr, where systemd or the terminal keeps them; no personal data

LOG_FORMAT = env.str("LOG_FORMAT", "") or ("plain" if DEBUG else "json")
if LOG_FORMAT not in ("plain", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}. It must be json, for machines, or plain, for people.")
# How long a statement may take before its text is logged, and who may read /metrics: nobody, unless named.
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", 500)
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "conference.logs.log_lines.JsonLines"},
        "plain": {"()": "conference.logs.log_lines.PlainLines", "in_full": DEBUG},
    },
    "filters": {"faults": {"()": "conference.logs.log_lines.OnlyFaults"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own default would also post errors to the administrators by e-mail.
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.request": {"filters": ["faults"]},
        "procrastinate": {"level": "WARNING"},  # it says every job twice
        "psycopg.pool": {"level": "ERROR"},  # the worker itself says that PostgreSQL is away
    },
}
