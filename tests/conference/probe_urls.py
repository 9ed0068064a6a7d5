"""Addresses that do on purpose what the site does by accident, beside those of the site."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, HttpResponseGone, HttpResponseRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from conference import urls


def raising(exception):
    def view(request):
        raise exception

    return view


def fine(request):
    return HttpResponse("fine " * 200)


def secret(request):
    return HttpResponse("secret " * 200, headers={"Vary": "Cookie"})


def strict(request):
    return HttpResponse("personal", headers={"Referrer-Policy": "no-referrer"})


def worded(request):
    return HttpResponse("in words of its own", status=410)


urlpatterns = [
    path("fine", csrf_exempt(fine)),
    path("form", fine),
    path("secret", secret),
    path("strict", strict),
    path("moved", lambda request: HttpResponseRedirect("/fine")),
    path("400", raising(SuspiciousOperation("odd"))),
    path("403", raising(PermissionDenied())),
    path("404", raising(Http404())),
    path("410", lambda request: HttpResponseGone()),
    path("410-worded", worded),
    path("500", raising(RuntimeError("a fault of ours"))),
    path("503", lambda request: HttpResponse(status=503)),
    path("database-away", raising(OperationalError("away"))),
    path("connection-closed", raising(InterfaceError("closed"))),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
