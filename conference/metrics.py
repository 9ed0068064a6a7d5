"""`/metrics`: what Prometheus asks for. docs/watching.md says what the numbers mean, and what to do about them."""

import os
from collections.abc import Iterator

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from registrations import figures


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Return all numbers to whoever brings METRICS_TOKEN; for everybody else there is no such page."""
    brought = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(brought, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    return HttpResponse(written(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def written() -> bytes:
    """Return all numbers as Prometheus reads them; under gunicorn those of all its processes together."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(Standing())
    return generate_latest(registry)


class Standing:
    """The numbers that stand in PostgreSQL: they are the same whichever process answers, and asked for each time."""

    def collect(self) -> Iterator[Metric]:
        """Yield them; while PostgreSQL is away, only that it is."""
        try:
            found = figures.now_standing(timezone.now())
        except Error:
            yield GaugeMetricFamily("conference_database_up", "Whether PostgreSQL answers.", value=0)
            return
        yield GaugeMetricFamily("conference_database_up", "Whether PostgreSQL answers.", value=1)
        yield GaugeMetricFamily(
            "conference_queue_age_seconds",
            "For how long the oldest message that is due has waited to be sent.",
            value=found.queue_age,
        )
        yield _by("state", "conference_messages", "Messages of the outbox that were not sent.", found.messages)
        yield _by(
            "status",
            "conference_registrations",
            f"Registrations for events that are not over; none if fewer than {figures.FEWEST}.",
            found.registrations,
        )

    def describe(self) -> list[Metric]:
        """Return nothing: what there is depends on PostgreSQL, which is not asked when this is registered."""
        return []


def _by(label: str, name: str, words: str, numbers: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for each, number in numbers.items():
        family.add_metric([each], number)
    return family
