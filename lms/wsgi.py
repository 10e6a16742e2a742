"""The WSGI application that the web server serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

application = get_wsgi_application()
# Asked by the web server (`lms.running.web`) before a large body comes in.
application.most_bytes = import_string("lms.safety.bodies.most_bytes")  # type: ignore[attr-defined]
