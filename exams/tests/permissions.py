"""Who sees and may do what of assignments, and on the way to an exam."""

from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from exams.assignments import drafts, exempting
from exams.conversing import conversations
from exams.models import Assignment, AssignmentVersion, Draft, ExamPlan, XPFrom
from exams.reviewing import reviews
from exams.tests import exam_permissions, way_permissions
from exams.tests.factories import (
    ThemeFactory,
    a_follower,
    a_hand_in,
    a_remark,
    an_assignment,
    an_exam_programme,
    work_on,
)
from learners.models import CompletedBy
from learners.tests.factories import ProgrammeFactory
from learners.tests.permissions.parts import (
    Administered,
    Asked,
    Permissions,
    Words,
    World,
    asked_of,
    fields,
    named,
    nothing,
    pk_of,
)
from learners.tests.permissions.people import SECRET_NAME
from learners.tests.permissions.world import stored

ANSWER = "Three doors that nobody closed"
TYPED = "A fourth door, behind the curtain"
KEPT_BESIDE = "A fifth, typed in the train"
NOT_GIVEN_YET = "Count the hinges once more"


def _add_assignments(world: SimpleNamespace) -> None:
    """Let the learner have handed in one assignment and go on in two windows, while their coach
    writes feedback; let others follow a programme with assignments of their own."""
    person = world.people
    programme = an_exam_programme(3, organisation=world.here, xp_from=XPFrom.APPROVAL)
    coaches = person["coach"], person["former coach"]
    world.making = a_follower(programme, *coaches, learner=person["learner"])
    a_follower(programme, person["other coach"], learner=person["other learner"])
    away = an_exam_programme(1, organisation=world.elsewhere)
    a_follower(away, person["coach elsewhere"], learner=person["learner elsewhere"])
    world.exam_programme = programme
    world.made = work_on(world.making)
    me = person["learner"]
    file = stored(me, "doors.pdf", b"%PDF-1.7 three doors")
    world.handed_in = a_hand_in(world.made, ANSWER, files=(file,))
    world.made.refresh_from_db()
    for window, text in (("desk", TYPED), ("phone", KEPT_BESIDE)):
        drafts.save_text(work=world.made, by=me, text=text, revision=1, window=window)
    conversations.say(work=world.made, by=me, text="Which doors?")
    _add_feedback(world)


def _add_feedback(world: SimpleNamespace) -> None:
    coach = world.people["coach"]
    reviews.save(hand_in=world.handed_in, by=coach, feedback=NOT_GIVEN_YET)
    world.remark = a_remark(hand_in=world.handed_in, by=coach, text="Which?", place=1)
    exempt = work_on(world.making, 3).assignment
    exempting.exempt(
        enrolment=world.making, assignment=exempt, by=world.people["board"], ground="A diploma"
    )


def _add_making(world: SimpleNamespace) -> None:
    """Begin a new version of an assignment, and an empty theme."""
    world.asked_version = world.made.assignment.versions.get()
    asked = Assignment.objects.filter(programme=world.exam_programme).order_by("pk")[1]
    world.version_in_the_making = AssignmentVersion.objects.create(
        assignment=asked, number=2, title_nl="Nieuw", task_nl="Kijk."
    )
    world.theme = ThemeFactory(programme=world.exam_programme)
    world.free_theme = ThemeFactory(programme=world.exam_programme)
    an_assignment(world.theme)
    exam = {"completed_by": CompletedBy.EXAM, "organisation": world.here}
    world.without_plan = ProgrammeFactory(**exam)


def _assignment(world: World) -> dict[str, Any]:
    return {"enrolment_pk": world.making.pk, "pk": world.made.assignment_id}


def _copy(world: World) -> dict[str, Any]:
    copy = Draft.objects.get(work=world.made).copies.get()
    return {**_assignment(world), "copy_pk": copy.pk}


def _draft_file(world: World) -> dict[str, Any]:
    file = Draft.objects.get(work=world.made).files.get().file_id
    return {**_assignment(world), "file_pk": file}


def _answer(world: World) -> dict[str, Any]:
    """Send the form of the answer as the window does that is ahead."""
    revision = Draft.objects.get(work=world.made).revision
    seen = {"number": world.made.number, "revision": revision, "window": "desk", "turn": 9}
    return {"text": "Six doors", **seen}


def _review(**said: object) -> Words:
    """Send the page of a review as it is when it was just opened."""

    def words(world: World) -> dict[str, Any]:
        revision = reviews.draft_of(world.handed_in, world.people["coach"]).revision
        seen = {"number": world.handed_in.number, "revision": revision}
        return {"feedback": "Well seen", **seen, **said}

    return words


def _answering(**said: object) -> Words:
    """Send the form of a conversation whose last message was seen."""

    def words(world: World) -> dict[str, Any]:
        return {"seen": conversations.messages_of(world.made).latest("pk").pk, **said}

    return words


def _exempting(number: int) -> Words:
    """Name the assignment with this number of the one who makes them."""

    def words(world: World) -> dict[str, Any]:
        rows = Assignment.objects.filter(programme=world.exam_programme).order_by("pk")
        return {"pk": world.making.pk, "assignment_pk": rows[number - 1].pk}

    return words


def _sheet(_world: World) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("assignments.csv", b"theme;code\n")}


ADDRESSES = {
    "exams:assignment_detail": Asked(_assignment),
    "exams:draft_keep": Asked(_assignment, form=_answer),
    "exams:draft_copy_take": Asked(_copy, form=_answer),
    "exams:draft_copy_forget": Asked(_copy, form=_answer),
    "exams:draft_file_remove": Asked(_draft_file, form=_answer),
    "exams:assignment_hand_in": Asked(_assignment, form=_answer),
    "exams:assignment_say": Asked(_assignment, form=fields(text="Which doors?", sent_as="a")),
    "learners:file_download of a hand-in": Asked(
        lambda world: {"pk": world.handed_in.files.get().file_id}
    ),
    "exams:review_list": Asked(),
    "exams:review_detail": Asked(pk_of("made")),
    "exams:review_keep": Asked(pk_of("made"), form=_review()),
    "exams:review_give": Asked(pk_of("made"), form=_review(verdict="approved")),
    "exams:remark_add": Asked(
        pk_of("made"), form=_review(**{"remark-text": "Count them", "place-text": "1"})
    ),
    "exams:remark_remove": Asked(
        lambda world: {"pk": world.made.pk, "remark_pk": world.remark.pk}, form=_review()
    ),
    "exams:review_say": Asked(pk_of("made"), form=_answering(text="These", sent_as="b")),
    "exams:review_no_answer": Asked(pk_of("made"), form=_answering()),
    "exams:progress_list": Asked(),
    "exams:programme_progress": Asked(pk_of("exam_programme")),
    "exams:progress_file": Asked(pk_of("exam_programme"), query=fields(**{"as": "csv"})),
    "exams:learner_assignments": Asked(pk_of("making")),
    "exams:assignment_exempt": Asked(_exempting(2), form=fields(ground="A diploma")),
    "exams:assignment_exemption_end": Asked(_exempting(3)),
}
ADMINISTRATION = {
    "exams_examplan": Administered(
        row=lambda world: ExamPlan.objects.get(programme=world.exam_programme),
        typed=lambda world: {"programme": world.without_plan.pk, "xp_from": "hand_in"},
        changed={"needed_xp": 5},
        pages={
            "of": asked_of(named("exam_programme")),
            "example": Asked(fields(ending="csv")),
            "file": asked_of(lambda world: world.exam_programme.exam_plan, form=_sheet),
            "export": asked_of(lambda world: world.exam_programme.exam_plan, ending="csv"),
        },
    ),
    "exams_theme": Administered(
        row=named("free_theme"),
        typed=lambda world: {"programme": world.exam_programme.pk, "title_nl": "Nieuw"},
        changed={"title_nl": "Anders"},
        chosen="remove_empty",
    ),
    "exams_assignment": Administered(
        row=lambda world: world.made.assignment,
        typed=lambda world: {"theme": world.theme.pk, "code": "NEW", "position": 9},
        changed={"code": "ANDERS"},
        chosen="archive",
    ),
    "exams_assignmentversion": Administered(
        row=named("version_in_the_making"),
        changed={"xp": 15},
        pages={
            "look": Asked(form=fields(title_nl="Kijk")),
            "publish": asked_of(named("version_in_the_making"), form=fields(reaches="new")),
        },
    ),
    "exams_work": Administered(row=named("made")),
    "exams_experienceentry": Administered(row=lambda world: world.entry, sent=nothing),
}


def _add_xp(world: SimpleNamespace) -> None:
    """Let the other learner have earned XP."""
    other = an_exam_programme(1, organisation=world.here)
    enrolment = a_follower(other, learner=world.people["other learner"])
    world.entry = a_hand_in(work_on(enrolment), "Two windows").work.experience


PERMISSIONS = Permissions(
    world=(
        *(_add_assignments, _add_making, way_permissions.add_way, _add_xp),
        exam_permissions.add_exam_in_the_making,
    ),
    addresses=ADDRESSES | way_permissions.ADDRESSES,
    administration=ADMINISTRATION
    | exam_permissions.ADMINISTRATION
    | way_permissions.ADMINISTRATION,
    readers={
        ANSWER: {
            "learner": "exams:assignment_detail",
            "coach": "exams:review_detail",
            "board": "exams:review_detail",
            "administrator": "exams:review_detail",
        },
        TYPED: {"learner": "exams:assignment_detail"},
        KEPT_BESIDE: {"learner": "exams:assignment_detail"},
        NOT_GIVEN_YET: {"coach": "exams:review_detail"},
        **way_permissions.READERS,
        SECRET_NAME: {"board": "exams:learner_assignments"},
    },
    stores_nothing={"admin:exams_assignmentversion_look"},
)
