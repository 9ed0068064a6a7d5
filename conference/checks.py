"""Deployment checks of our own (`manage.py check --deploy`)."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

EXAMPLE_EMAIL = "events@example.org"
EXAMPLE_PHONE = "020 7946 0958"


@register(deploy=True)
def help_is_real(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn when the site would tell people to write to, or ring, an address made for examples."""
    examples = {"HELP_EMAIL": EXAMPLE_EMAIL, "HELP_PHONE": EXAMPLE_PHONE}
    return [
        Warning(
            f"{name} is still {example}, which nobody answers.",
            hint=f"Set the environment variable {name} to one that your staff answer.",
            id=f"conference.W00{number}",
        )
        for number, (name, example) in enumerate(examples.items(), start=1)
        if getattr(settings, name) == example
    ]


SHORTEST_TOKEN = 32


@register(deploy=True)
def metrics_token_is_long(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn when whoever may read /metrics could be guessed."""
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= SHORTEST_TOKEN:
        return []
    return [
        Warning(
            f"METRICS_TOKEN has fewer than {SHORTEST_TOKEN} characters, so that it could be guessed.",
            hint="Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            id="conference.W004",
        )
    ]


@register(deploy=True)
def mail_has_a_way_out(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn when nobody said which mail server takes the messages."""
    if settings.EMAIL_URL_IS_SET or settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        return []
    return [
        Warning(
            "EMAIL_URL is not set, so messages go to a mail server on this very computer, if there is one.",
            hint="Set EMAIL_URL=submission://user:password@host:587, or smtp://localhost:25 if that is what you want.",
            id="conference.W003",
        )
    ]
