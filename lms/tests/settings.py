"""The product's settings as its tests want them: quick, alone, and with a folder of their own."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "for-tests-only-and-long-enough-for-every-check-of-django")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="mijlpaal-"))

from lms.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
