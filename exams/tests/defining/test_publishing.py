"""Versions of assignments: begun, published, frozen; and assignments put aside."""

import pytest

from exams.assignments import standing, works
from exams.defining import publishing, putting_aside
from exams.defining.publishing import DefinitionRefused, Touched
from exams.models import Assignment, Reaches, Theme, Verdict
from exams.tests.factories import (
    ThemeFactory,
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    an_assignment,
    an_exam_programme,
    work_on,
)
from learners.models import AuditEntry, Programme, StudyStatus, User
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def head_office() -> User:
    return an_administrator(email="head@example.org")


@pytest.fixture
def programme() -> Programme:
    return an_exam_programme(2)


def test_a_version_begins_as_a_copy_once(programme: Programme, head_office: User) -> None:
    assignment = Assignment.objects.first()
    assert assignment is not None
    draft = publishing.begin(assignment=assignment, by=head_office)
    assert (draft.number, draft.title_nl, draft.is_frozen) == (2, "Opdracht 1", False)
    assert publishing.begin(assignment=assignment, by=head_office) == draft
    assert AuditEntry.objects.filter(action="exams.version_begun").count() == 1


def test_a_version_is_published_once_and_frozen(programme: Programme, head_office: User) -> None:
    draft = publishing.begin(assignment=Assignment.objects.all()[0], by=head_office)
    publishing.publish(version=draft, by=head_office, reaches=Reaches.IMPROVING)
    publishing.publish(version=draft, by=head_office, reaches=Reaches.NEW)
    draft.refresh_from_db()
    assert (draft.is_frozen, draft.reaches) == (True, "improving")
    assert AuditEntry.objects.filter(action="exams.version_published").count() == 1


@pytest.mark.parametrize(
    ("field", "words"), [("title_nl", "no Dutch title"), ("task_nl", "no task in Dutch")]
)
def test_a_version_in_which_something_is_missing_is_not_published(
    programme: Programme, head_office: User, field: str, words: str
) -> None:
    draft = publishing.begin(assignment=Assignment.objects.all()[0], by=head_office)
    setattr(draft, field, "  ")
    draft.save()
    with pytest.raises(DefinitionRefused, match=words):
        publishing.publish(version=draft, by=head_office)


def test_a_version_of_what_was_archived_is_not_published(
    programme: Programme, head_office: User
) -> None:
    assignment = Assignment.objects.all()[0]
    draft = publishing.begin(assignment=assignment, by=head_office)
    putting_aside.archive(assignments=[assignment], by=head_office)
    with pytest.raises(DefinitionRefused, match="archived"):
        publishing.publish(version=draft, by=head_office)


def test_whom_a_version_touches_is_counted_by_what_they_did(
    programme: Programme, head_office: User, django_assert_num_queries
) -> None:
    coach = a_coach(programme)
    for _number in range(3):
        a_follower(programme, coach)
    handed_in, sent_back, approved = (work_on(a_follower(programme, coach)) for _n in range(3))
    a_hand_in(handed_in)
    a_review(a_hand_in(sent_back), coach, Verdict.SENT_BACK)
    a_review(a_hand_in(approved), coach)
    gone = a_follower(programme)
    type(gone).objects.filter(pk=gone.pk).update(status=StudyStatus.WITHDRAWN_VALID)
    first, second = Assignment.objects.order_by("pk")
    with django_assert_num_queries(2):
        found = publishing.touched_by_many([first, second])
    assert found == {first.pk: Touched(3, 1, 2), second.pk: Touched(6, 0, 0)}
    draft = publishing.begin(assignment=first, by=head_office)
    assert publishing.touched_by(draft) == found[first.pk]


def test_what_is_archived_leaves_the_total_of_who_has_not_handed_it_in(
    programme: Programme, head_office: User
) -> None:
    done, fresh = a_follower(programme), a_follower(programme)
    a_hand_in(work_on(done))
    first = [Assignment.objects.order_by("pk")[0]]
    assert putting_aside.archive(assignments=first, by=head_office) == 1
    assert putting_aside.archive(assignments=first, by=head_office) == 0
    assert (standing.of(done).total, standing.of(fresh).total) == (20, 10)
    first[0].refresh_from_db()
    assert works.asked_of(fresh, first[0], None) is None
    assert putting_aside.bring_back(assignments=first, by=head_office) == 1
    assert standing.of(fresh).total == 20


def test_only_a_theme_in_which_nothing_stands_is_removed(head_office: User) -> None:
    programme = an_exam_programme(1)
    ThemeFactory(programme=programme)
    archived = ThemeFactory(programme=programme)
    putting_aside.archive(assignments=[an_assignment(archived)], by=head_office)
    assert putting_aside.remove_empty(themes=list(Theme.objects.all()), by=head_office) == 1
    assert Theme.objects.count() == 2
