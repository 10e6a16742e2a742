"""The product's settings, as it runs, on a storage that a test can slow down."""

from lms.settings import *  # noqa: F403

STORAGES["default"]["BACKEND"] = "lms.tests.faults.storages.SlowStorage"  # noqa: F405
