"""What the programme counts for Prometheus: how public pages were answered."""

from prometheus_client import Counter

STORED_PAGES = ("hit", "made", "storm")
_stored_pages = Counter(
    "conference_stored_pages",
    "Public pages by how they were answered: as stored (hit), made anew (made), or the last one because PostgreSQL"
    " was away (storm).",
    ["how"],
)
_of_how = {how: _stored_pages.labels(how) for how in STORED_PAGES}


def stored_page(how: str) -> None:
    """Count a public page; `how` is one of STORED_PAGES."""
    _of_how[how].inc()
