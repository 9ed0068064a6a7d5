"""The addresses of the whole site: the project's own, then each application's."""

from django.contrib import admin
from django.urls import include, path

from conference import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("admin/", admin.site.urls),
    path("", include("events.urls")),
    path("", include("pages.urls")),  # last: it holds every address of one word
]

handler400 = "conference.errors.bad_request"
handler403 = "conference.errors.permission_denied"
handler404 = "conference.errors.page_not_found"
handler500 = "conference.errors.server_error"
