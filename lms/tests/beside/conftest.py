"""The small app, installed for the tests of this folder alone."""

from collections.abc import Iterator
from importlib import reload

import pytest
from django.contrib import admin
from django.db import connection
from django.test import modify_settings
from django.urls import clear_url_caches

from learners.hooks import registry


@pytest.fixture(scope="module", autouse=True)
def beside(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Install it, with its table and its list in the administration, and take it away again."""
    with (
        django_db_blocker.unblock(),
        modify_settings(INSTALLED_APPS={"append": "lms.tests.beside.apps.BesideConfig"}),
    ):
        from lms.tests.beside.models import Walk

        admin.site.register(Walk)
        draw_the_map_anew()
        with connection.schema_editor() as editor:
            editor.create_model(Walk)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Walk)
        admin.site.unregister(Walk)
        registry.forget("beside")
    draw_the_map_anew()


def draw_the_map_anew() -> None:
    """Give the administration the addresses of the lists that it has now."""
    import lms.urls

    reload(lms.urls)
    clear_url_caches()
