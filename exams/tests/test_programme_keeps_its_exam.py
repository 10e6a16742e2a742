"""A programme with assignments goes on to be completed by an exam."""

import pytest
from django.urls import reverse

from exams.tests.factories import an_exam_programme
from learners.models import CompletedBy
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("assignments", "stays"), [(1, True), (0, False)])
def test_what_completes_a_programme_stays_where_assignments_lead_to_an_exam(
    client, assignments, stays
):
    programme = an_exam_programme(assignments)
    client.force_login(an_administrator(language="en"))
    address = reverse("admin:learners_programme_change", args=[programme.pk])
    page = client.get(address)
    form = page.context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {f"{name}_0": "" for name in ("published_at",)}
    sent |= {
        "completed_by": CompletedBy.COURSES,
        "published_at_0": "2026-01-01",
        "published_at_1": "10:00",
        "programme_courses-TOTAL_FORMS": "0",
        "programme_courses-INITIAL_FORMS": "0",
    }
    answer = client.post(address, sent)
    programme.refresh_from_db()
    assert (programme.completed_by == CompletedBy.EXAM) is stays
    assert ("they lead to an exam" in answer.text) is stays
