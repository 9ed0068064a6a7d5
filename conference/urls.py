"""The addresses of the whole site: the project's own, then each application's."""

from django.contrib import admin
from django.urls import include, path

from conference import health, metrics
from events.views.photograph import staff_photograph
from pages.views import page_preview
from registrations.views.preview import registering_preview

urlpatterns = [
    path("", include("events.urls")),  # first: what most people ask for, most of the time
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.page, name="metrics"),
    # Before the admin, whose last pattern takes all that is left below it.
    path("admin/events/event/", include("events.preview_urls")),
    path("admin/events/event/<int:pk>/preview/register/", registering_preview, name="registering_preview"),
    path("admin/events/person/<int:pk>/photograph/", staff_photograph, name="staff_photograph"),
    path("admin/pages/page/<int:pk>/preview/", page_preview, name="page_preview"),
    path("admin/", admin.site.urls),
    path("", include("registrations.urls")),
    path("my-day/", include("registrations.my_day_urls")),
    path("", include("pages.urls")),  # last: it holds every address of one word
]

handler400 = "conference.errors.bad_request"
handler403 = "conference.errors.permission_denied"
handler404 = "conference.errors.page_not_found"
handler500 = "conference.errors.server_error"
