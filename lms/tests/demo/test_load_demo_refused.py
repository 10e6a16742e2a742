"""A demo is loaded whole or not at all, and only where one is wanted."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from learners.models import Organisation, User
from lms.demo import people

pytestmark = pytest.mark.django_db


def test_a_load_that_fails_leaves_nothing():
    last = list(people.learners())[-1]
    User.objects.create_user(last.email, name="Iemand anders")

    with pytest.raises(IntegrityError), transaction.atomic():
        call_command("load_demo", force=True, stdout=io.StringIO())

    assert User.objects.count() == 1
    assert not Organisation.objects.exists()


def test_it_refuses_where_there_is_no_demo(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("load_demo", stdout=io.StringIO())

    assert not User.objects.exists()
