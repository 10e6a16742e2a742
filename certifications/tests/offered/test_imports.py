"""What a file of exemptions completes, foreseen by trying it."""

import pytest
from django.core.cache import cache

from certifications.models import Cycle
from certifications.tests.factories import a_certification, assigned
from learners.enrolling import entering
from learners.models import Actor, ImportKind, StudyStatus, StudyStatusChange
from learners.tests.factories import CourseFactory, UserFactory, a_programme, an_administrator
from learners.tests.importing.lists import a_csv, applied, checked

pytestmark = pytest.mark.django_db
EXEMPTIONS = {"kind": ImportKind.EXEMPTIONS}
S = StudyStatus


@pytest.fixture(autouse=True)
def nobody_at_work():
    yield
    cache.clear()


def test_what_completes_is_foreseen_and_comes_true():
    course = CourseFactory(code="EHBO")
    other = CourseFactory(organisation=course.organisation, code="REA")
    programme = a_programme(course, other, organisation=course.organisation)
    learner = UserFactory()
    administrator = an_administrator()
    whole = entering.enrol_in_programme(
        learner=learner, programme=programme, by=administrator, actor=Actor.ADMINISTRATOR
    )
    certification = a_certification(course, organisation=course.organisation)
    assigned(certification, learner)
    rows = [f"{learner.email},,{code},Nurse" for code in ("EHBO", "REA")]
    content = a_csv(*rows, headings="learner,name,course,ground")
    job = checked(course.organisation, content, **EXEMPTIONS)
    assert (job.count("programmes"), job.count("certifications")) == (1, 1)
    whole.refresh_from_db()
    assert whole.status == S.ENROLLED
    assert Cycle.objects.get().completed_on is None
    assert not StudyStatusChange.objects.filter(to_status=S.EXEMPT).exists()
    applied(course.organisation, content, **EXEMPTIONS)
    whole.refresh_from_db()
    assert whole.status == S.COMPLETED
