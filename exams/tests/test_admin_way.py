"""How people went to their exams is read in the administration, and changed by nobody there."""

import pytest
from django.test import Client
from django.urls import reverse

from exams.models import Application, Attempt, Sample
from exams.releasing import releases
from exams.sampling import samples
from exams.tests.factories import (
    ThemeFactory,
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    an_assignment,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.tests.factories import UserFactory, an_administrator

pytestmark = pytest.mark.django_db
MODELS = (Application, Sample, Attempt)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(an_administrator(language="en"))
    return client


@pytest.fixture
def programme():
    programme = an_exam_programme(1, needed_xp=0)
    an_exam(programme)
    programme.organisation.early_release = True
    programme.organisation.save()
    return programme


def walked(programme, name="Anna Appel"):
    """Let somebody apply, be refused, and have their exam released early."""
    coach = a_coach(programme, name="Coen Coach")
    enrolment = a_follower(programme, coach)
    enrolment.learner.name = name
    enrolment.learner.save()
    a_hand_in(work_on(enrolment))
    sample = samples.apply(enrolment=enrolment, by=enrolment.learner).sample
    a_decision(sample, coach, 1, feedback="Bijna.")
    attempt = releases.release(enrolment=enrolment, by=coach, reason="Zij kan het al.")
    return releases.start(attempt=attempt, by=enrolment.learner)


def address(model, page, *args) -> str:
    return reverse(f"admin:exams_{model._meta.model_name}_{page}", args=args)


def shown(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_a_list_asks_as_many_queries_for_more(
    model, admin, programme, django_assert_max_num_queries
):
    walked(programme)
    url = address(model, "changelist")
    shown(admin, url)
    with django_assert_max_num_queries(12) as one:
        assert "Anna Appel" in shown(admin, url)
    for _person in range(2):
        walked(programme)
    with django_assert_max_num_queries(12) as three:
        shown(admin, url)
    assert len(three) == len(one)


def test_a_sample_shows_its_seed_what_was_said_and_the_themes_passed_over(admin, programme):
    an_assignment(ThemeFactory(programme=programme, title_nl="Leeg", title_en="Empty one"))
    sample = walked(programme).enrolment.samples.get()
    page = shown(admin, address(Sample, "change", sample.pk))
    for words in (sample.seed, "Helder.", "Bijna.", "Empty one: nothing was handed"):
        assert words in page
    assert 'name="_save"' not in page


def test_the_history_of_a_sample_says_who_did_what(admin, programme):
    sample = walked(programme).enrolment.samples.get()
    page = shown(admin, address(Sample, "history", sample.pk))
    for words in ("Applied", "Drawn", "the system", "sent back", "refused", "Coen Coach"):
        assert words in page


def test_an_attempt_shows_why_it_was_released_early_and_its_history(admin, programme):
    attempt = walked(programme)
    assert "Zij kan het al." in shown(admin, address(Attempt, "change", attempt.pk))
    page = shown(admin, address(Attempt, "history", attempt.pk))
    assert "Released early" in page
    assert "Started" in page
    assert "Anna Appel" in shown(admin, address(Attempt, "changelist") + "?reason__isempty=0")
    assert "Anna Appel" not in shown(admin, address(Attempt, "changelist") + "?reason__isempty=1")


@pytest.mark.parametrize("model", MODELS)
def test_nobody_adds_changes_or_removes_them_there(model, admin, programme):
    walked(programme)
    row = model.objects.get()
    assert admin.get(address(model, "add")).status_code == 403
    assert admin.post(address(model, "change", row.pk), {}).status_code == 403
    assert admin.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.get() == row


@pytest.mark.parametrize("model", MODELS)
def test_whoever_was_given_nothing_sees_nothing(model, client, programme):
    walked(programme)
    client.force_login(UserFactory(is_staff=True))
    assert client.get(address(model, "changelist")).status_code == 403
