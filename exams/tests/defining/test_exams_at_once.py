"""Two administrators, and two clicks, at the same moment."""

import pytest

from exams.defining import exams
from exams.defining.publishing import DefinitionRefused
from exams.models import Exam, ExamPart
from exams.tests.factories import an_exam, an_exam_programme
from learners.models import AuditEntry
from learners.tests.at_once import at_once
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_administrators_who_begin_at_once_get_one_version():
    programme = an_exam_programme(1)
    an_exam(programme, parts=2)
    people = [an_administrator(email=f"{n}@example.org") for n in range(4)]
    begun = at_once(*(lambda by=by: exams.begin(programme=programme, by=by) for by in people))
    assert {exam.pk for exam in begun} == {Exam.objects.get(published_at=None).pk}
    assert ExamPart.objects.filter(exam__number=2).count() == 2


def test_a_version_that_is_published_and_thrown_away_at_once_is_one_of_both():
    exam = an_exam(an_exam_programme(1), published_at=None)
    by = an_administrator(email="head@example.org")

    def refused_or(act):
        try:
            return act(exam=exam, by=by)
        except DefinitionRefused as refused:
            return refused

    at_once(lambda: refused_or(exams.publish), lambda: refused_or(exams.throw_away))
    published = Exam.objects.filter(published_at__isnull=False).exists()
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert list(actions) == ["exams.exam_published" if published else "exams.exam_thrown_away"]
    assert Exam.objects.exists() is published


def test_many_clicks_at_once_publish_once():
    exam = an_exam(an_exam_programme(1), published_at=None)
    by = an_administrator(email="head@example.org")
    done = at_once(*[lambda: exams.publish(exam=exam, by=by)] * 6)
    assert {one.published_at for one in done} == {Exam.objects.get().published_at}
    assert AuditEntry.objects.filter(action="exams.exam_published").count() == 1
