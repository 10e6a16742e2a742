"""The product's settings as its tests want them: quick, alone, and with a folder of their own."""

import atexit
import os
import shutil
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="mijlpaal-")
os.environ["SECRET_KEY"] = "for-tests-only-and-long-enough-for-every-check-of-django"
os.environ["REDIS_PREFIX"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from lms.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
FORMS_PER_MINUTE = 0
HAND_INS_PER_HOUR = 0
MESSAGES_PER_HOUR = 0
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# A thread of the live server would keep its connection until the browser closes, and the
# database of the tests could not be dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
if DATABASES["default"]["ENGINE"] == "lms.sqlite":  # noqa: F405
    # A file, as in life, so that a live server and a worker see what a test saved.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
