"""What `make bench` measures: each in a database of its own, which it empties.

DATA_DIR and DATABASE_URL say which database; without them it is a new SQLite in a folder that goes
away again. Times are those of the processor, so that a busy machine does not spoil them.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
os.environ.setdefault("SECRET_KEY", "only for this benchmark, whose database is thrown away")
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="mijlpaal-bench-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

import django

django.setup()
