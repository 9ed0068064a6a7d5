"""Serving photographs: immutable, under random names, and gone when their person is."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseGone
from django.utils import timezone

from events.models import Person
from events.photographs import FOLDER
from events.views.access import only_read

YEAR = 365 * 24 * 60 * 60  # seconds


@only_read
def photograph(request: HttpRequest, name: str) -> HttpResponse:
    """Serve one photograph; 404 if nobody with a page has it, 410 once its person is no longer shown."""
    person = Person.objects.filter(photograph=f"{FOLDER}{name}", has_page=True).only("public_until").first()
    if person is None or not default_storage.exists(f"{FOLDER}{name}"):
        raise Http404
    if person.is_gone(timezone.localdate()):
        return HttpResponseGone()
    response = FileResponse(default_storage.open(f"{FOLDER}{name}"), content_type="image/webp")
    # A person with a last day is not kept longer than a day in anybody's cache.
    response["Cache-Control"] = "public, max-age=86400" if person.public_until else f"public, max-age={YEAR}, immutable"
    response["Content-Disposition"] = "inline"
    return response
