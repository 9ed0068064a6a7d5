"""What pages of the admin say in the site's own words."""

import datetime

from django import template
from django.utils import timezone

from events.wording import british_time

register = template.Library()


@register.filter
def moment(value: datetime.datetime) -> str:
    """Return day and time in the zone of the page: “Wednesday 22 November 2023 at 10am”."""
    return british_time.moment_words(value, timezone.get_current_timezone())
