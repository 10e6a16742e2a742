"""Handing in: what becomes of a draft, and what is refused."""

import pytest

from exams.assignments import drafts, exempting, hand_ins, standing
from exams.assignments.states import WorkRefused
from exams.models import AnswerKind, Draft, HandIn, Reaches, Verdict, WorkState, XPFrom
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    a_stored_file,
    a_version,
    an_exam_programme,
    work_on,
)
from learners.files import scanning
from learners.models import StudyStatus
from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_handing_in_keeps_a_version_earns_xp_and_starts_the_programme():
    work = work_on(a_follower(an_exam_programme()))
    made = a_hand_in(work, "Ik zag drie mensen.")
    work.refresh_from_db()
    assert (work.state, work.number, made.text) == (WorkState.HANDED_IN, 1, "Ik zag drie mensen.")
    assert standing.of(work.enrolment).earned == 10
    work.enrolment.refresh_from_db()
    assert work.enrolment.status == StudyStatus.STARTED


def test_pressed_twice_it_is_handed_in_once():
    work = work_on(a_follower(an_exam_programme()))
    first = a_hand_in(work)
    draft = drafts.of(work)
    again = hand_ins.hand_in(
        work=work, by=work.enrolment.learner, number=0, revision=draft.revision
    )
    assert again == first
    assert HandIn.objects.count() == 1


def test_typed_on_in_another_window_nothing_is_handed_in():
    work = work_on(a_follower(an_exam_programme()))
    me = work.enrolment.learner
    saved = drafts.save_text(work=work, by=me, text="een", revision=0, window="a")
    drafts.save_text(work=work, by=me, text="twee", revision=1, window="b")
    with pytest.raises(WorkRefused, match="another window"):
        hand_ins.hand_in(work=work, by=me, number=0, revision=saved.draft.revision)
    assert not HandIn.objects.exists()


def test_an_answer_with_files_needs_a_file():
    work = work_on(a_follower(an_exam_programme(answer=AnswerKind.FILES)))
    with pytest.raises(WorkRefused, match="Add a file first"):
        a_hand_in(work, "Zie bijlage.")
    made = a_hand_in(work, files=(a_stored_file(work.enrolment.learner),))
    assert [row.file.name for row in made.files.all()] == ["verslag.pdf"]


def test_what_nobody_reviews_is_done_once_it_is_handed_in():
    work = work_on(a_follower(an_exam_programme(is_reviewed=False, xp_from=XPFrom.APPROVAL)))
    a_hand_in(work)
    work.refresh_from_db()
    assert work.state == WorkState.DONE
    assert standing.of(work.enrolment).earned == 10


def test_sent_back_work_keeps_its_xp_and_is_handed_in_once_more():
    programme = an_exam_programme()
    coach = a_coach(programme)
    work = work_on(a_follower(programme, coach))
    a_review(a_hand_in(work), coach, Verdict.SENT_BACK)
    assert standing.of(work.enrolment).earned == 10
    again = a_hand_in(work, "Nu met vier mensen.")
    work.refresh_from_db()
    assert (again.number, work.state) == (2, WorkState.HANDED_IN)


def test_what_was_approved_is_not_handed_in_again():
    programme = an_exam_programme()
    coach = a_coach(programme)
    work = work_on(a_follower(programme, coach))
    a_review(a_hand_in(work), coach)
    with pytest.raises(WorkRefused, match="approved"):
        a_hand_in(work, "Nog iets.")


def test_an_exempt_assignment_leaves_total_earned_and_threshold_in_proportion():
    programme = an_exam_programme(4, needed_xp=30)
    enrolment = a_follower(programme)
    work = work_on(enrolment)
    a_hand_in(work)
    exempting.exempt(
        enrolment=enrolment,
        assignment=work.assignment,
        by=a_board_member(programme),
        ground="Al gedaan",
    )
    stands = standing.of(enrolment)
    assert (stands.earned, stands.total, stands.needed) == (0, 30, 22)


def test_text_that_a_choice_of_files_does_not_take_stays_in_the_draft():
    work = work_on(a_follower(an_exam_programme(answer=AnswerKind.FILES)))
    made = a_hand_in(work, "Zie bijlage.", files=(a_stored_file(work.enrolment.learner),))
    draft = drafts.of(work)
    again = hand_ins.hand_in(
        work=work, by=work.enrolment.learner, number=0, revision=draft.revision
    )
    assert (again, made.text, draft.text) == (made, "", "Zie bijlage.")


def test_a_task_that_was_changed_while_one_wrote_is_read_before_it_is_handed_in():
    work = work_on(a_follower(an_exam_programme(1)))
    me, read = work.enrolment.learner, work.assignment.versions.get()
    saved = drafts.save_text(work=work, by=me, text="Ik zag iets.", revision=0)
    new = a_version(work.assignment)
    press = {"work": work, "by": me, "number": 0, "revision": saved.draft.revision}
    with pytest.raises(WorkRefused, match="was changed"):
        hand_ins.hand_in(**press, read=read.pk)
    assert hand_ins.hand_in(**press, read=new.pk).version == new


def test_a_file_that_is_not_asked_any_more_does_not_stand_in_the_way():
    coach, programme = UserFactory(), an_exam_programme(1)
    work = work_on(a_follower(programme))
    stored = a_stored_file(work.enrolment.learner)
    a_review(a_hand_in(work, files=(stored,)), coach, Verdict.SENT_BACK)
    scanning.close(stored=stored, found="Eicar")
    with pytest.raises(WorkRefused, match="harmful"):
        a_hand_in(work, "Beter.")
    a_version(work.assignment, reaches=Reaches.IMPROVING, answer=AnswerKind.TEXT)
    assert not a_hand_in(work, "Beter.").files.exists()


def test_without_a_draft_nothing_is_handed_in_and_none_is_begun():
    work = work_on(a_follower(an_exam_programme(1)))
    with pytest.raises(WorkRefused, match="Write your answer"):
        hand_ins.hand_in(work=work, by=work.enrolment.learner, number=0, revision=0)
    assert not Draft.objects.exists()
