"""Addresses."""

app_name = "events"
urlpatterns = []
