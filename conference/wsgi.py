"""What gunicorn runs."""

import os

from django.core.wsgi import get_wsgi_application

from conference import local_postgres

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
local_postgres.ensure()
application = get_wsgi_application()
