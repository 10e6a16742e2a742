"""What the database refuses, whoever asks: one test for each constraint of assignments."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from exams.models import (
    MOST_XP,
    Assignment,
    AssignmentExemption,
    AssignmentVersion,
    Conversation,
    DraftCopy,
    DraftFile,
    HandIn,
    HandInFile,
    Message,
    Remark,
    Review,
    Verdict,
    Work,
    WorkState,
)
from exams.tests.factories import (
    a_follower,
    a_hand_in,
    a_stored_file,
    an_exam_programme,
    work_on,
)
from exams.tests.models import refused_on_the_way
from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def begun() -> Work:
    return work_on(a_follower(an_exam_programme(1)))


def handed_in() -> HandIn:
    return a_hand_in(begun())


def a_conversation() -> Conversation:
    return Conversation.objects.create(work=begun())


def a_code_twice_in_a_programme():
    first = begun().assignment
    return Assignment(theme=first.theme, programme=first.programme, code=first.code)


def a_version(**fields):
    return AssignmentVersion(assignment=begun().assignment, title_nl="Kijk", **fields)


def a_version_twice():
    return a_version(number=1, published_at=timezone.now())


def a_second_version_that_is_made():
    first = begun().assignment
    AssignmentVersion.objects.create(assignment=first, number=2)
    return AssignmentVersion(assignment=first, number=3)


def a_version_with_more_xp_than_is_wise():
    return a_version(number=2, xp=MOST_XP + 1, published_at=timezone.now())


def a_work_twice():
    first = begun()
    return Work(enrolment=first.enrolment, assignment=first.assignment)


def a_work(**fields):
    programme = an_exam_programme(1)
    assignment = programme.assignments.get()
    return Work(enrolment=a_follower(programme), assignment=assignment, **fields)


def a_state_that_nobody_knows():
    work = handed_in().work
    work.state, work.waits_since, work.expected_on = "lost", None, None
    return work


def a_work_that_waits_since_never():
    work = handed_in().work
    work.refresh_from_db()
    work.waits_since = None
    return work


def a_work_that_waits_before_it_is_handed_in():
    return a_work(waits_since=timezone.now(), expected_on=timezone.localdate())


def a_work_of_no_version():
    work = handed_in().work
    work.refresh_from_db()
    work.version = None
    return work


def a_work_approved_without_a_hand_in():
    return a_work(state=WorkState.APPROVED)


def a_hand_in_twice():
    first = handed_in()
    return HandIn(work=first.work, number=first.number, version=first.version)


def a_file_twice_in_a_hand_in():
    first = handed_in()
    stored = a_stored_file()
    HandInFile.objects.create(hand_in=first, file=stored)
    return HandInFile(hand_in=first, file=stored)


def a_file_twice_in_a_draft():
    draft = handed_in().work.draft
    stored = a_stored_file()
    DraftFile.objects.create(draft=draft, file=stored)
    return DraftFile(draft=draft, file=stored)


def a_second_copy_of_a_window():
    draft = handed_in().work.draft
    DraftCopy.objects.create(draft=draft, text="een", window="a")
    return DraftCopy(draft=draft, text="twee", window="a")


def an_exemption(**fields):
    fields = {"ground": "Heeft het al gedaan.", "by": UserFactory(), **fields}
    return AssignmentExemption(**{"work": begun(), **fields})


def a_second_exemption():
    first = an_exemption()
    first.save()
    return an_exemption(work=first.work)


def an_exemption_without_a_ground():
    return an_exemption(ground="")


def an_exemption_that_nobody_ended():
    return an_exemption(ended_at=timezone.now())


def a_second_draft_of_a_review():
    hand_in, coach = handed_in(), UserFactory()
    Review.objects.create(hand_in=hand_in, by=coach)
    return Review(hand_in=hand_in, by=coach)


def a_review(**fields):
    return Review(hand_in=handed_in(), by=UserFactory(), **fields)


def a_verdict_that_was_not_given():
    return a_review(verdict=Verdict.APPROVED)


def a_review_given_without_a_verdict():
    return a_review(given_at=timezone.now())


def a_remark(**fields):
    review = a_review()
    review.save()
    return Remark(review=review, **fields)


def a_remark_of_nowhere():
    return a_remark(text="Mooi")


def a_remark_of_nothing():
    return a_remark(text="", place=1)


def a_message_twice():
    said = {"conversation": a_conversation(), "by": UserFactory(), "text": "Dag", "sent_as": "k"}
    Message.objects.create(**said)
    return Message(**said)


def a_message_of_nothing():
    return Message(conversation=a_conversation(), by=UserFactory(), text="")


REFUSED = {
    a_code_twice_in_a_programme: "assignment_code_once_per_programme",
    a_version_twice: "assignment_version_number_once",
    a_second_version_that_is_made: "assignment_one_version_being_made",
    a_version_with_more_xp_than_is_wise: "assignment_version_xp_within_reason",
    a_work_twice: "work_once_per_assignment",
    a_state_that_nobody_knows: "work_state_is_known",
    a_work_that_waits_since_never: "work_waits_while_it_is_handed_in",
    a_work_that_waits_before_it_is_handed_in: "work_waits_while_it_is_handed_in",
    a_work_of_no_version: "work_handed_in_says_which_version",
    a_work_approved_without_a_hand_in: "work_state_rests_on_a_hand_in",
    a_hand_in_twice: "hand_in_number_once",
    a_file_twice_in_a_hand_in: "hand_in_has_a_file_once",
    a_file_twice_in_a_draft: "draft_has_a_file_once",
    a_second_copy_of_a_window: "draft_one_copy_per_window",
    a_second_exemption: "assignment_exemption_one_at_a_time",
    an_exemption_without_a_ground: "assignment_exemption_says_why",
    an_exemption_that_nobody_ended: "assignment_exemption_ended_says_by_whom",
    a_second_draft_of_a_review: "review_one_draft_per_author",
    a_verdict_that_was_not_given: "review_given_has_a_verdict",
    a_review_given_without_a_verdict: "review_given_has_a_verdict",
    a_remark_of_nowhere: "remark_says_where",
    a_remark_of_nothing: "remark_says_something",
    a_message_twice: "message_sent_once",
    a_message_of_nothing: "message_says_something",
    **refused_on_the_way.REFUSED,
}


def constraints() -> dict[str, models.BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_app_config("exams").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_a_test_here():
    assert set(constraints()) == set(REFUSED.values())


@pytest.mark.parametrize(
    ("make", "name"), REFUSED.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_the_database_refuses_it_and_a_form_says_why(make, name):
    row = make()
    constraint = constraints()[name]
    with pytest.raises(ValidationError) as refused:
        constraint.validate(type(row), row)
    assert refused.value.messages == [str(constraint.violation_error_message)]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
