"""The addresses of the whole site: the applications' own, and the project's."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("events/", include("events.urls")),
    path("", include("pages.urls")),  # last: it holds every address of one word
]
