"""Information pages that staff write."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from simple_history.models import HistoricalRecords

from events import former_slugs, letters
from events.slugs import SLUG_LENGTH, validate_slug
from pages.reserved import hides_another_address


class PageQuerySet(models.QuerySet["Page"]):
    """Questions about pages that read as English."""

    def public(self) -> "PageQuerySet":
        """Pages that visitors may see."""
        return self.filter(published=True)

    def in_menu_order(self) -> "PageQuerySet":
        """Those named at the foot of every page, in order."""
        return self.filter(in_menu=True).order_by("order", "title")


class Page(models.Model):
    """One page of words at `/<slug>/`."""

    title = models.CharField(max_length=120)
    slug = models.CharField(
        "address on this site", max_length=SLUG_LENGTH, unique=True, validators=[validate_slug],
        help_text="Such as “code-of-conduct”. Old addresses keep working.",
    )  # fmt: skip
    summary = models.CharField(max_length=300, blank=True, help_text="One sentence, for search engines.")
    body = models.TextField(help_text="Markdown.")
    published = models.BooleanField(default=False, help_text="Unticked, only staff see it, by “Preview”.")
    in_menu = models.BooleanField("at the foot of every page", default=True)
    order = models.PositiveSmallIntegerField(default=0, help_text="Low numbers come first.")

    history = HistoricalRecords()
    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse an address that belongs to something else."""
        if self.slug and hides_another_address(self.slug):
            raise ValidationError(
                {"slug": f"/{self.slug}/ is the address of another part of the site: choose another."}
            )

    def save(self, *args: object, **kwargs: object) -> None:
        """Save, and remember a published page's old address."""
        letters.make_plain(self)
        with transaction.atomic():
            before = Page.objects.filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            former_slugs.remember([(before, self)])
