"""Serving photographs: under random names to everybody while their person is public; to staff always."""

from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseGone
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control

from events.models import PUBLIC, Appearance, Person, Status
from events.photographs import FOLDER
from events.views.access import only_read

# Seconds. A browser may keep what it was shown; a cache on the way, which sends it to others, asks again each hour, for
# it may be public no longer.
HOUR, DAY, YEAR = 60 * 60, 24 * 60 * 60, 365 * 24 * 60 * 60
MAY_SEE = ("events.view_person", "events.view_event")  # who may preview an event sees its people as visitors will


@only_read
def photograph(request: HttpRequest, name: str) -> HttpResponse:
    """Serve the photograph of somebody public with a page; 404 if it is of nobody such, 410 once they are not shown."""
    appears = Appearance.objects.filter(person=OuterRef("pk"), session_status=Status.PUBLISHED, event_status__in=PUBLIC)
    theirs = Person.objects.filter(Exists(appears), photograph=f"{FOLDER}{name}", has_page=True)
    person = theirs.only("photograph", "public_until").first()
    if person is None:
        raise Http404
    if person.is_gone(timezone.localdate()):
        return HttpResponseGone()
    response = _file_of(person)
    # A person with a last day is not kept longer than a day in anybody's cache.
    kept = f"{DAY}, s-maxage={HOUR}" if person.public_until else f"{YEAR}, s-maxage={HOUR}, immutable"
    response["Cache-Control"] = f"public, max-age={kept}"
    return response


@only_read
@staff_member_required
def staff_photograph(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve anybody's photograph to staff who may see people or preview events; it is stored nowhere."""
    if not any(request.user.has_perm(each) for each in MAY_SEE):
        raise PermissionDenied
    response = _file_of(get_object_or_404(Person.objects.only("photograph"), pk=pk))
    patch_cache_control(response, no_store=True, private=True)
    return response


def _file_of(person: Person) -> HttpResponse:
    """Return the file; raise Http404 if there is none, or it is lost."""
    name = person.photograph.name
    if not name or not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name), content_type="image/webp")
    response["Content-Disposition"] = "inline"
    return response
