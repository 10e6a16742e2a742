"""Each app says how all that it has is asked for, in a module of its own."""

import pytest
from django.apps import apps

from learners.tests.permissions.parts import Permissions
from lms.tests.own import own_apps
from lms.tests.permissions.gathered import MODULE, PARTS, part_of, unsaid


@pytest.mark.parametrize("app", own_apps(), ids=lambda app: app.label)
def test_every_app_says_how_all_that_it_has_is_asked_for(app):
    lacks = unsaid(app, part_of(app))
    assert lacks == [], f"{app.name}.{MODULE} does not say how these are asked for"


def test_an_app_that_says_nothing_lacks_all_its_addresses_and_lists():
    lacks = unsaid(apps.get_app_config("attendance"), Permissions())
    assert {"attendance:run_register", "attendance_participation"} <= {*lacks}


def test_an_app_without_a_module_for_it_says_nothing():
    assert part_of(apps.get_app_config("sessions")) == Permissions()


def test_the_ground_is_asked_first_and_the_roof_last():
    first, *_, last = PARTS
    assert "learners:withdraw" in first.addresses
    assert "lms:home" in last.addresses
