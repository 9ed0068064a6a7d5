"""Staff's preview: the event's pages, drafts included, below /admin/events/event/<pk>/preview/."""

from django.urls import path

from events.urls import PAGES
from events.views.access import preview

app_name = "preview"
urlpatterns = [path(f"<int:pk>/preview/{below}", preview(view), name=name) for below, view, name in PAGES]
