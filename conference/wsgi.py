"""What gunicorn runs."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from conference import local_postgres
from conference.guards.content_type import with_plain_content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
local_postgres.ensure()
application = with_plain_content_type(get_wsgi_application())
# Read all addresses now, which takes a while, rather than while the first visitors wait.
reverse("pages:home")
