"""The demo's programmes with assignments: every state is there to be seen, and every file opens."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from exams.assignments import standing, works
from exams.models import (
    Assignment,
    AssignmentVersion,
    Conversation,
    Draft,
    DraftCopy,
    HandIn,
    HandInFile,
    Remark,
    Review,
    Work,
    WorkState,
    XPFrom,
)
from exams.releasing import way
from exams.releasing.way import Step
from learners.files import file_kinds
from learners.models import (
    CompletedBy,
    Enrolment,
    Membership,
    Notification,
    Organisation,
    Programme,
    Role,
    StandIn,
    StudyStatus,
    User,
)
from learners.people import subscriptions
from lms.demo import people

CODES = ("COACH", "WONDPRAKTIJK")
ROLES = {
    people.SANNE: Role.LEARNER,
    people.MARIEKE: Role.TEACHER,
    people.COACH: Role.COACH,
    people.ASSESSOR: Role.ASSESSOR,
    people.BOARD: Role.BOARD,
}


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo, loaded once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", force=True, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sanne(demo, db) -> User:
    return User.objects.get(email=people.SANNE)


@pytest.fixture
def joris(demo, db) -> User:
    return User.objects.get(email=people.COACH)


@pytest.fixture
def board(demo, db) -> User:
    return User.objects.get(email=people.BOARD)


def followers() -> list[Enrolment]:
    return list(Enrolment.objects.filter(programme__code__in=CODES).select_related("programme"))


def hers(sanne: User, code: str) -> Enrolment:
    return Enrolment.objects.get(learner=sanne, programme__code=code)


def test_who_can_be_tried_are_together_at_the_institution_of_the_first_programme(demo, db):
    here = Membership.objects.filter(organisation__code="VAV", user__email__in=ROLES)

    assert set(ROLES.items()) <= set(here.values_list("user__email", "role"))
    assert User.objects.get(email=people.ADMIN).is_superuser


@pytest.mark.parametrize("code", CODES)
def test_a_programme_asks_enough_for_its_exam_in_both_languages(code, demo, db):
    programme = Programme.objects.get(code=code)
    versions = AssignmentVersion.objects.filter(assignment__programme=programme)
    first = versions.filter(number=1)

    assert programme.completed_by == CompletedBy.EXAM
    assert programme.themes.count() == 3
    assert sum(version.xp for version in first) == 115
    assert programme.exam_plan.needed_xp == 80
    assert {version.xp for version in first} <= set(range(10, 21))
    assert not versions.filter(task_en="").exists()
    assert programme.themes.filter(theme_courses__isnull=False).count() == 2
    assert Assignment.objects.filter(programme=programme, is_needed=False).count() == 1
    assert first.filter(is_reviewed=False).count() == 1
    assert versions.filter(number=2).count() == 1


def test_xp_is_earned_in_two_ways(demo, db):
    assert {Programme.objects.get(code=code).exam_plan.xp_from for code in CODES} == set(XPFrom)


def test_learners_stand_in_every_state(demo, db):
    states = Counter(Work.objects.values_list("state", flat=True))

    assert set(states) == set(WorkState)
    assert states[WorkState.HANDED_IN] >= 15
    assert len(followers()) == 33
    assert sum(not e.works.exists() for e in followers()) == 2, "nothing begun yet"
    assert {e.status for e in followers()} >= {
        StudyStatus.ENROLLED,
        StudyStatus.STARTED,
        StudyStatus.TERM_LAPSED,
    }


def test_the_exam_is_in_reach_of_some(demo, db):
    reached = [one for one in standing.of_many(followers()).values() if one.is_in_reach]

    assert {one.enrolment.programme.code for one in reached} == set(CODES)
    assert len(reached) < len(followers()) / 2


def test_the_learner_has_all_there_is_to_do_and_the_exam_in_reach(sanne, joris):
    enrolment = hers(sanne, "COACH")
    mine = standing.of(enrolment)
    states = {one.state for one in mine.asked}

    assert states == set(WorkState) - {WorkState.EXEMPT}
    assert way.of(enrolment, mine).step is Step.IN_REACH
    assert [one.coach for one in enrolment.coachings.all()] == [joris]
    assert works.why_closed(enrolment) == ""
    assert DraftCopy.objects.filter(draft__work__enrolment=enrolment).exists()
    assert Work.objects.for_user(sanne).filter(number=2, state=WorkState.APPROVED).exists()


def test_without_a_subscription_the_learner_reads_what_she_made(sanne):
    enrolment = hers(sanne, "WONDPRAKTIJK")
    access = subscriptions.access(sanne, enrolment.organisation)

    assert (access.is_open, access.has_trial_left) == (False, True)
    assert works.why_closed(enrolment)
    assert enrolment.works.filter(state=WorkState.HANDED_IN).exists()


def test_who_follows_another_programme_there_has_a_subscription(demo, db):
    here = Organisation.objects.get(code="ZCU")
    others = Enrolment.objects.filter(programme__organisation=here).exclude(
        programme__code__in=CODES
    )

    assert others.exists()
    assert all(subscriptions.access(e.learner, here).is_open for e in others)


def test_the_coach_has_work_of_which_some_is_late_and_some_is_of_a_colleague(joris):
    waiting = Work.objects.judged_by(joris).waiting()
    today = Organisation.objects.get(code="VAV").today()

    assert waiting.count() >= 10
    assert waiting.filter(expected_on__lt=today).exists()
    assert waiting.exclude(enrolment__coachings__coach=joris).exists()
    assert StandIn.objects.running(timezone.now()).filter(stand_in=joris).exists()
    assert StandIn.objects.to_come(timezone.now()).filter(coach=joris).exists()


def test_the_board_has_the_work_of_whom_nobody_coaches(board):
    waiting = Work.objects.judged_by(board).waiting()

    assert {work.enrolment.programme.code for work in waiting} == set(CODES)
    assert Work.objects.filter(exemptions__by=board).count() == 2


def test_questions_wait_and_were_answered(demo, db):
    asked = Conversation.objects.all()

    assert asked.exclude(asked_at=None).count() >= 3
    assert asked.filter(asked_at=None).exists()


def test_feedback_stands_beside_lines_and_files(demo, db):
    assert Remark.objects.filter(file=None, place__isnull=False).exists()
    assert Remark.objects.filter(file__isnull=False, place__isnull=False).exists()
    for remark in Remark.objects.filter(file=None).select_related("review__hand_in"):
        lines = remark.review.hand_in.text.split("\n")
        assert lines[remark.place - 1].strip(), "a remark is beside a line that says something"


def test_all_happened_in_its_order_before_the_loading(demo, db):
    now = timezone.now()

    for given in Review.objects.given().select_related("hand_in"):
        assert given.hand_in.handed_in_at < given.given_at < now
    for one in HandIn.objects.select_related("work__enrolment", "version"):
        assert one.work.enrolment.created_at <= one.handed_in_at < now
        assert one.version.published_at < one.handed_in_at
    for entry in Work.objects.filter(number__gt=0).select_related("enrolment"):
        began = entry.enrolment.status_changes.filter(to_status=StudyStatus.STARTED).get()
        assert (
            began.at
            == HandIn.objects.filter(work__enrolment=entry.enrolment)
            .earliest("handed_in_at")
            .handed_in_at
        )


def test_no_draft_is_of_the_day_of_the_loading(demo, db):
    assert not Draft.objects.filter(saved_at__gt=timezone.now() - timedelta(hours=1)).exists()


def test_what_was_handed_in_opens(demo, db):
    files = [row.file for row in HandInFile.objects.select_related("file")]

    assert {stored.kind for stored in files} == {
        file_kinds.PDF.mime,
        file_kinds.PNG.mime,
        file_kinds.MP4.mime,
    }
    for stored in files:
        with stored.content.open() as content:
            assert len(content.read()) == stored.size
        assert stored.claimed_at


def test_of_the_feedback_the_learner_has_only_the_newest_to_read(sanne):
    news = Notification.objects.filter(user=sanne, kind__startswith="exams/")
    recent = Review.objects.given().filter(
        hand_in__work__enrolment__learner=sanne,
        given_at__gt=timezone.now() - timedelta(days=7),
    )

    assert news.filter(read_at=None).count() == recent.count() == 1
    assert news.exclude(read_at=None).count() >= 3
