"""Assignments under way while a state is kept: in every state, with drafts, feedback and talk."""

from exams.assignments import drafts, exempting
from exams.conversing import conversations
from exams.models import AnswerKind, HandIn, Reaches, Theme, Verdict, Work, XPFrom
from exams.reviewing import reviews
from exams.tests.factories import (
    a_board_member,
    a_course_in,
    a_follower,
    a_hand_in,
    a_remark,
    a_review,
    a_stored_file,
    a_version,
    an_assignment,
    an_exam_programme,
    work_on,
)
from learners.models import Course, Membership, Organisation, Role, User
from lms.demo.people import COACH, SANNE
from lms.tests.upgrade import way


def leave() -> None:
    """Let a learner have begun, handed in and heard of assignments of a programme of their own."""
    here = Organisation.objects.get(code="VAV")
    learner, coach = (User.objects.get(email=email) for email in (SANNE, COACH))
    Membership.objects.get_or_create(user=coach, organisation=here, role=Role.COACH)
    programme = an_exam_programme(4, organisation=here, xp_from=XPFrom.APPROVAL)
    enrolment = a_follower(programme, coach, learner=learner)
    theme = Theme.objects.get(programme=programme)
    _ask_more(theme)
    a_course_in(theme, Course.objects.filter(organisation=here).earliest("pk"))
    begun, waits, sent_back, approved, done, exempt = (work_on(enrolment, n) for n in range(1, 7))
    _write(begun, learner)
    _review(a_hand_in(waits, files=(a_stored_file(learner),)), coach)
    a_review(a_hand_in(sent_back), coach, Verdict.SENT_BACK, "Kijk nog eens.")
    a_version(sent_back.assignment, reaches=Reaches.IMPROVING)
    a_review(a_hand_in(approved), coach)
    a_hand_in(done)
    exempting.exempt(
        enrolment=enrolment,
        assignment=exempt.assignment,
        by=a_board_member(programme),
        ground="Heeft een diploma.",
    )
    conversations.say(work=waits, by=learner, text="Is dit genoeg?")
    way.leave(here, learner, coach)


def _ask_more(theme: Theme) -> None:
    """Ask what nobody reviews, and what is answered with files alone."""
    an_assignment(theme, is_reviewed=False, answer=AnswerKind.TEXT)
    last = an_assignment(theme, answer=AnswerKind.FILES)
    a_version(last, reaches=Reaches.NEW, answer=AnswerKind.FILES)


def _write(work: Work, learner: User) -> None:
    """Leave an answer that was begun in two windows, with a file."""
    for window, text in (("desk", "Aan mijn bureau"), ("phone", "In de trein")):
        drafts.save_text(work=work, by=learner, text=text, revision=0, window=window)
    drafts.add_files(work=work, files=[a_stored_file(learner)], by=learner)


def _review(hand_in: HandIn, coach: User) -> None:
    """Leave feedback that is not given yet, with a remark."""
    reviews.save(hand_in=hand_in, by=coach, feedback="Een begin")
    a_remark(hand_in=hand_in, by=coach, text="Wie?", place=1)
