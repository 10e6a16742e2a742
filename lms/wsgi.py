"""The WSGI application that the web server serves."""

import os

from django.core.files.storage import default_storage
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

application = get_wsgi_application()
# Asked by the web server (`lms.running.web`) before a large body comes in.
application.most_bytes = import_string("lms.safety.bodies.most_bytes")  # type: ignore[attr-defined]
# The web server's processes share what is read before they are made.
import_string("learners.working_days.prepare")()
if hasattr(default_storage, "prepare"):
    default_storage.prepare()
