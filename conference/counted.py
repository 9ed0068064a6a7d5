"""What the project counts for Prometheus: requests, and those that found no PostgreSQL.

Each app counts its own in a module of this name. Under gunicorn the numbers of all its processes are added up
(`metrics`); other processes count for themselves, and nobody reads it.
"""

from functools import cache

from prometheus_client import Counter, Histogram

_requests = Histogram(
    "conference_request_seconds",
    "How long answers took to make, by view and status. Every page of the admin is one view here.",
    ["route", "status"],
    buckets=(0.05, 0.25, 1, 3),
)
# These are there as 0 from the start: Prometheus cannot see that a number rose which was not there before.
_errors = Counter("conference_errors", "Answers that say that something is wrong, by status.", ["status"])
_of_status = {status: _errors.labels(status) for status in (429, 500, 503)}
_database_away = Counter(
    "conference_database_away", "Requests answered 503 because PostgreSQL was away, full, or too slow."
)


@cache
def _of(route: str, status: int) -> Histogram:
    return _requests.labels("admin" if route.startswith("admin:") else route, status)


def request(route: str, status: int, seconds: float) -> None:
    """Count a request by the view that answered it."""
    _of(route, status).observe(seconds)
    if status in _of_status:
        _of_status[status].inc()


def database_away() -> None:
    """Count a request that was answered 503 because PostgreSQL did not answer."""
    _database_away.inc()
