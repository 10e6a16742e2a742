"""Programmes with assignments for tests, and work in them, made the way that the product makes
them."""

from datetime import datetime, timedelta

import factory
from django.utils import timezone

from exams.assignments import drafts, hand_ins, works
from exams.models import (
    Assignment,
    AssignmentVersion,
    Attempt,
    Criterion,
    Exam,
    ExamPart,
    ExamPlan,
    ExpectedFile,
    HandIn,
    InstructionPage,
    Reaches,
    Remark,
    Review,
    Sample,
    SampleAct,
    SampleItem,
    Theme,
    ThemeCourse,
    Verdict,
    Work,
    XPFrom,
)
from exams.releasing import releases
from exams.reviewing import reviews
from exams.reviewing.reviews import NewRemark
from exams.sampling import assessing, samples
from learners.files import file_kinds, keeping
from learners.models import (
    Actor,
    Coaching,
    CompletedBy,
    Course,
    Enrolment,
    Organisation,
    Programme,
    ProgrammeCourse,
    Role,
    StoredFile,
    User,
)
from learners.studying import new_enrolments
from learners.tests.factories import ProgrammeFactory, UserFactory, a_member


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    title_nl = "Je groep leren kennen"
    title_en = "Getting to know your group"


def an_exam_programme(
    assignments: int = 3,
    *,
    needed_xp: int = 20,
    xp_from: XPFrom = XPFrom.HAND_IN,
    organisation: Organisation | None = None,
    **version: object,
) -> Programme:
    """Make a programme with an exam and one theme of so many assignments, each of 10 XP unless said
    otherwise, published long ago."""
    given = {"organisation": organisation} if organisation else {}
    programme = ProgrammeFactory(completed_by=CompletedBy.EXAM, published_at=long_ago(), **given)
    ExamPlan.objects.create(programme=programme, needed_xp=needed_xp, xp_from=xp_from)
    theme = ThemeFactory(programme=programme)
    for _number in range(assignments):
        an_assignment(theme, **version)
    return programme


def an_assignment(theme: Theme, *, is_needed: bool = True, **version: object) -> Assignment:
    """Add an assignment to a theme, after those that it has, with its first version published."""
    number = Assignment.objects.filter(programme=theme.programme).count() + 1
    position = theme.assignments.count() + 1
    made = Assignment.objects.create(
        theme=theme, code=f"OPD-{number}", position=position, is_needed=is_needed
    )
    said = {"title_nl": f"Opdracht {number}", "title_en": f"Assignment {number}"}
    a_version(made, **{**said, **version})
    return made


def a_version(
    assignment: Assignment, *, reaches: Reaches = Reaches.NOT_HANDED_IN, **fields: object
) -> AssignmentVersion:
    """Publish a version of an assignment, after those that it has."""
    last = assignment.versions.first()
    values = {
        "number": last.number + 1 if last else 1,
        "title_nl": last.title_nl if last else "Opdracht",
        "task_nl": "Schrijf **op** wat je zag.",
        "published_at": timezone.now() if last else long_ago(),
        "reaches": reaches,
    }
    return AssignmentVersion.objects.create(assignment=assignment, **{**values, **fields})


def a_course_in(theme: Theme, course: Course) -> ThemeCourse:
    """Let a course of the programme stand among the assignments of a theme."""
    position = ProgrammeCourse.objects.filter(programme=theme.programme).count() + 1
    row, _new = ProgrammeCourse.objects.get_or_create(
        programme=theme.programme, course=course, defaults={"position": position}
    )
    return ThemeCourse.objects.create(theme=theme, programme_course=row, position=99)


def a_follower(programme: Programme, *coaches: User, learner: User | None = None) -> Enrolment:
    """Enrol a learner in a programme, coached by these."""
    learner = learner or a_member(Role.LEARNER, programme.organisation)
    news = [new_enrolments.NewEnrolment(learner=learner, programme=programme)]
    made = new_enrolments.enrol_many(news=news, by=None, actor=Actor.SYSTEM)
    enrolment = next(one for one in made if one.programme_id == programme.pk)
    for coach in coaches:
        Coaching.objects.create(enrolment=enrolment, coach=coach)
    return enrolment


def a_coach(programme: Programme, **fields: object) -> User:
    """Make a coach at the institution of a programme."""
    return a_member(Role.COACH, programme.organisation, **fields)


def a_board_member(programme: Programme, **fields: object) -> User:
    """Make a member of the examination board of a programme's institution."""
    return a_member(Role.BOARD, programme.organisation, **fields)


def work_on(enrolment: Enrolment, number: int = 1) -> Work:
    """Begin the assignment with this number in the programme of an enrolment."""
    rows = Assignment.objects.filter(programme=enrolment.programme).order_by("pk")
    return works.begin(enrolment=enrolment, assignment=rows[number - 1], by=enrolment.learner)


def a_hand_in(
    work: Work, text: str = "Ik zag drie mensen.", files: tuple[StoredFile, ...] = ()
) -> HandIn:
    """Let its learner write this, and hand it in."""
    learner = work.enrolment.learner
    work.refresh_from_db()
    if files:
        drafts.add_files(work=work, files=files, by=learner)
    draft = drafts.of(work)
    saved = drafts.save_text(work=work, by=learner, text=text, revision=draft.revision)
    return hand_ins.hand_in(
        work=work, by=learner, number=work.number, revision=saved.draft.revision
    )


def a_review(
    hand_in: HandIn, by: User, verdict: Verdict = Verdict.APPROVED, feedback: str = "Mooi gedaan."
) -> Review:
    """Let a coach say this of a hand-in."""
    last = reviews.given(hand_in).first()
    return reviews.give(
        hand_in=hand_in, by=by, verdict=verdict, feedback=feedback, seen=last.pk if last else None
    )


def a_remark(
    hand_in: HandIn, by: User, text: str, place: int | None = 1, file: StoredFile | None = None
) -> Remark:
    """Let a coach put this beside a hand-in, in a review that is not given yet."""
    new = NewRemark(text, place, file)
    kept = reviews.draft_of(hand_in, by).feedback
    draft = reviews.save(hand_in=hand_in, by=by, feedback=kept, remarks=[new]).draft
    return draft.remarks.get(text=text, place=place, file=file)


def an_exam(programme: Programme, *, parts: int = 1, pages: int = 2, **fields: object) -> Exam:
    """Publish an exam of a programme, after those that it has: of so many parts, each with pages to
    read, a file that is expected and two criteria."""
    number = programme.exams.count() + 1
    said = {"title_nl": "Examen", "title_en": "Exam", "published_at": long_ago(), "number": number}
    exam = Exam.objects.create(programme=programme, **{**said, **fields})
    for position in range(1, parts + 1):
        _a_part(exam, position, pages)
    return exam


def _a_part(exam: Exam, position: int, pages: int) -> ExamPart:
    titles = {"title_nl": f"Deel {position}", "title_en": f"Part {position}"}
    part = ExamPart.objects.create(exam=exam, position=position, cut_score=11, **titles)
    for number in range(1, pages + 1):
        text = {"title_nl": f"Pagina {number}", "text_nl": f"Lees **goed** {number}."}
        InstructionPage.objects.create(part=part, position=number, **text)
    ExpectedFile.objects.create(part=part, title_nl="Verslag", title_en="Report")
    Criterion.objects.create(part=part, title_nl="Het verslag is volledig.", points=20)
    Criterion.objects.create(part=part, title_nl="Veilig.", points=0, is_knock_out=True, position=2)
    return part


def a_judgement(
    item: SampleItem, by: User, verdict: Verdict = Verdict.APPROVED, feedback: str = "Helder."
) -> SampleItem:
    """Let a coach say this of one hand-in of a sample."""
    item.refresh_from_db()
    return assessing.judge(
        item=item, by=by, verdict=verdict, feedback=feedback, revision=item.revision
    )


def a_decision(sample: Sample, by: User, *sent_back: int, feedback: str = "") -> Sample:
    """Let a coach judge all of a sample, send back those at these positions, and decide it."""
    for item in sample.items.all():
        bad = item.position in sent_back
        a_judgement(item, by, Verdict.SENT_BACK if bad else Verdict.APPROVED)
    act = SampleAct.REFUSE if sent_back else SampleAct.APPROVE
    return assessing.decide(sample=sample, by=by, act=act, feedback=feedback)


def a_drawn_sample(enrolment: Enrolment | None = None, *, works: int = 1) -> Sample:
    """Draw a sample of somebody who handed in so many assignments, of a programme of as many where
    nobody is named."""
    enrolment = enrolment or a_follower(an_exam_programme(works))
    for number in range(1, works + 1):
        a_hand_in(work_on(enrolment, number), f"Tekst {number}.")
    return samples.draw(enrolment=enrolment, by=a_coach(enrolment.programme))


def an_attempt(sample: Sample | None = None) -> Attempt:
    """Release an exam to whom a sample is of, after it was approved; of the only assignment of a
    programme where none is named."""
    sample = sample or a_drawn_sample(a_follower(an_exam_programme(1, needed_xp=0)))
    programme = sample.enrolment.programme
    if not programme.exams.published().exists():
        an_exam(programme)
    coach = a_coach(programme)
    a_decision(sample, coach)
    return releases.release(enrolment=sample.enrolment, by=coach)


def a_stored_file(owner: User | None = None, name: str = "verslag.pdf") -> StoredFile:
    """Store a small PDF of somebody, as an upload leaves it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")
    return keeping.store(
        upload=upload, owner=owner or UserFactory(), kinds=(file_kinds.PDF,), max_size=1_000_000
    )


def long_ago() -> datetime:
    """Return a moment before everything else in a test."""
    return timezone.now() - timedelta(days=400)
