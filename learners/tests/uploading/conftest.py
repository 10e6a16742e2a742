import pytest
from django.utils import timezone

from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import Sender


@pytest.fixture
def learner():
    return UserFactory(language="en")


@pytest.fixture
def sender(client, learner):
    client.force_login(learner)
    return Sender(client)


@pytest.fixture
def later(time_machine):
    """Let so much time pass."""

    def pass_by(while_):
        time_machine.move_to(timezone.now() + while_, tick=True)

    return pass_by
