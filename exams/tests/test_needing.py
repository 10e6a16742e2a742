"""In the administration an assignment becomes needed, or is no longer, once whom that touches is
said and agreed to."""

import pytest
from django.urls import reverse

from exams.admin.needing import AGREED
from exams.models import Assignment
from exams.tests.factories import a_follower, an_exam_programme
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db
WORDS = "no longer needed to complete the programme, also for 1 person who follows it"


@pytest.fixture
def assignment() -> Assignment:
    an_exam_programme(1)
    return Assignment.objects.get()


@pytest.fixture
def admin(client):
    client.force_login(an_administrator(language="en"))
    return client


def own_page(assignment: Assignment) -> tuple[str, dict[str, object]]:
    said = {"theme": assignment.theme_id, "code": assignment.code, "position": 1}
    return reverse("admin:exams_assignment_change", args=[assignment.pk]), said


def page_of_the_theme(assignment: Assignment) -> tuple[str, dict[str, object]]:
    said = {
        "title_nl": "Kijken",
        "position": 1,
        "assignments-TOTAL_FORMS": 1,
        "assignments-INITIAL_FORMS": 1,
        "assignments-0-id": assignment.pk,
        "assignments-0-theme": assignment.theme_id,
        "assignments-0-position": 1,
        "theme_courses-TOTAL_FORMS": 0,
        "theme_courses-INITIAL_FORMS": 0,
    }
    return reverse("admin:exams_theme_change", args=[assignment.theme_id]), said


@pytest.mark.parametrize("page", [own_page, page_of_the_theme])
def test_whom_it_touches_is_said_before_it_is_changed(admin, assignment, page) -> None:
    a_follower(assignment.programme)
    url, said = page(assignment)
    assert WORDS in admin.post(url, said).text
    assignment.refresh_from_db()
    assert assignment.is_needed
    assert admin.post(url, {**said, AGREED: f"{assignment.pk}:0"}).status_code == 302
    assignment.refresh_from_db()
    assert not assignment.is_needed


@pytest.mark.parametrize("page", [own_page, page_of_the_theme])
def test_where_nobody_follows_it_nothing_is_asked(admin, assignment, page) -> None:
    url, said = page(assignment)
    assert admin.post(url, said).status_code == 302
    assignment.refresh_from_db()
    assert not assignment.is_needed
