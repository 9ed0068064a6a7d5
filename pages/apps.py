"""Pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The application."""

    name = "pages"
    default_auto_field = "django.db.models.BigAutoField"
