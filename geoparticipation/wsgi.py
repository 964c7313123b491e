"""WSGI entry point, served by granian (see `bin/demo`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoparticipation.settings")

application = get_wsgi_application()
