"""One learner with something of everything, and others who have the same of their own."""

import hashlib
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from attendance import bases, closing, drafts, registers, savings
from attendance.differences import REMARK
from attendance.drafts import Typed, TypedRow
from attendance.models import Attendance, Presence, RegisterSaving
from certifications import awarding, defining, evidence
from certifications.models import Certificate
from certifications.tests.factories import (
    a_certification,
    an_elearning,
    assigned,
    completed,
)
from learners import (
    calendars,
    file_kinds,
    force_majeure,
    new_enrolments,
    player,
    uploads,
    waiting_lists,
    withdrawing,
)
from learners.models import (
    Actor,
    CourseKind,
    Enrolment,
    ExemptionImport,
    ImportKind,
    LessonKind,
    Material,
    Notification,
    Organisation,
    Run,
    StoredFile,
    StudyStatus,
    User,
)
from learners.tests import factories
from learners.tests.conftest import FILM
from learners.tests.importing import a_csv
from learners.tests.permissions import people
from learners.tests.permissions.names import ADMINISTRATOR, GUEST

REMARK_FOR_STAFF = "Needs a chair in front"
MATERIAL_TITLE = "Summary behind the door"
CERTIFICATION_TITLE = "Guard of the gate"
PROGRAMME_TITLE = "Rescuer at height"
RUN_CODE = "CELLAR-1"
NUMBER = "L-1001"


def make() -> SimpleNamespace:
    """Build the whole of it."""
    here, elsewhere = factories.OrganisationFactory.create_batch(2)
    world = SimpleNamespace(here=here, elsewhere=elsewhere, people=people.make(here, elsewhere))
    for add in (*LEARNING, *CERTIFICATES, *TEACHING):
        add(world)
    return world


def _on(run: Run, learner: User) -> Enrolment:
    new = new_enrolments.NewEnrolment(learner=learner, course=run.course, run=run)
    (enrolment,) = new_enrolments.enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
    return enrolment


def _course(organisation: Organisation, **fields: object):
    return factories.CourseFactory(organisation=organisation, **fields)


def _add_others(world: SimpleNamespace) -> None:
    """Give the others a run and a programme of their own, so that they are no empty shells."""
    person = world.people
    for place, suffix, other in ((world.here, "other ", ""), (world.elsewhere, "", " elsewhere")):
        run = factories.a_run(-1, course=_course(place))
        people.teach(run, person[f"{suffix}teacher{other}"])
        learner = person[f"{suffix}learner{other}"]
        enrolment = _on(run, learner)
        programme = factories.a_programme(_course(place), organisation=place)
        coach = person[f"{suffix}coach{other}"]
        whole = people.follow(programme, learner, person[ADMINISTRATOR], coach)
        setattr(
            world,
            "other" if place is world.here else "foreign",
            SimpleNamespace(run=run, enrolment=enrolment, programme=programme, whole=whole),
        )


def _add_runs(world: SimpleNamespace) -> None:
    """Let the learner be on a run of which the first meeting is over; plan others."""
    person = world.people
    world.run = factories.a_run(-2, -1, course=_course(world.here, study_points=4), code=RUN_CODE)
    people.teach(world.run, person["teacher"], person["former teacher"])
    course = _course(world.here)
    world.coming_run = people.teach(
        factories.a_run(20, 27, course=course, code="ATTIC-1", capacity=1),
        person["teacher"],
        person["former teacher"],
    )
    for run in (world.run, world.coming_run):
        run.meetings.first().teachers.add(person[GUEST])
    factories.a_participant(world.coming_run)
    world.enrolment = _on(world.run, person["learner"])
    world.calendar_key = calendars.renew_key(person=person["learner"], by=person["learner"])
    Enrolment.objects.filter(pk=world.enrolment.pk).update(remark=REMARK_FOR_STAFF)
    world.classmate = factories.a_participant(world.run)
    world.closed_run = factories.a_run(-2, course=world.run.course, code="CLOSED")
    people.teach(world.closed_run, person["teacher"], person["former teacher"])


def _add_closing(world: SimpleNamespace) -> None:
    """Close a register."""
    closing.close_register(run=world.closed_run, by=world.people["teacher"])


def _save(world: SimpleNamespace, **cells: str) -> tuple[Enrolment, RegisterSaving]:
    enrolment = factories.a_participant(world.run)
    rows = {enrolment.pk: TypedRow(base=base_of(world.run, enrolment), **cells)}
    meetings = (world.run.meetings.first().pk,) if "mark" in cells else ()
    typed = Typed(rows=rows, shown=frozenset(rows), meetings=meetings, seen_meetings=meetings)
    saving = savings.save_register(run=world.run, typed=typed, by=world.people["teacher"])
    assert saving is not None
    return enrolment, saving


def base_of(run: Run, enrolment: Enrolment) -> str:
    """Return what the register shows of somebody, as its form says it."""
    row = registers.participants_of(run).get(pk=enrolment.pk)
    (participant,) = registers.read_participants([row], run=run, actor=Actor.TEACHER)
    return bases.write_base(participant)


def _add_savings(world: SimpleNamespace) -> None:
    """Save a mark and remarks, complete somebody, whose certificate is held, and leave a draft."""
    enrolment, world.saving = _save(world, mark=Presence.PRESENT, remark="Came by train")
    world.mark = Attendance.objects.get(enrolment=enrolment)
    difference = {"enrolment_id": enrolment.pk, "cell": REMARK, "mine": "a", "theirs": "b"}
    world.saving.summary["differences"] = [difference]
    world.saving.save(update_fields=["summary"])
    world.held, world.completing = _save(world, status=StudyStatus.COMPLETED)
    row = TypedRow(base=base_of(world.run, world.classmate), status=StudyStatus.COMPLETED)
    for name in ("teacher", "teacher of a meeting", ADMINISTRATOR):
        world.typed = Typed(rows={world.classmate.pk: row}, on_page=frozenset({world.classmate.pk}))
        drafts.keep(run=world.run, by=world.people[name], typed=world.typed)


def _add_learning(world: SimpleNamespace) -> None:
    """Let the learner follow a programme in which a run is to be chosen; open something to all."""
    person = world.people
    course = _course(world.here)
    programme = factories.a_programme(
        course, organisation=world.here, title_nl=PROGRAMME_TITLE, title_en=PROGRAMME_TITLE
    )
    programme.learners_choose_run = True
    programme.save()
    world.programme = programme
    coaches = person["coach"], person["former coach"]
    world.whole = people.follow(programme, person["learner"], person[ADMINISTRATOR], *coaches)
    world.choosing = Enrolment.objects.get(learner=person["learner"], course=course)
    world.run_to_choose = factories.a_run(20, course=course)
    world.waiting = waiting_lists.enter(
        learner=person["learner"],
        run=world.coming_run,
        by=person["learner"],
        actor=Actor.LEARNER,
    )
    world.leaving = _on(factories.a_run(30, course=_course(world.here)), person["learner"])
    world.run_to_change_to = factories.a_run(40, course=world.leaving.course)
    world.open_run = factories.a_run(20, course=_course(world.here, open_for_enrolment=True))
    world.open_course = _course(world.here, kind=CourseKind.ELEARNING, open_for_enrolment=True)
    world.notification = Notification.objects.get(
        user=person["learner"], params__title_en=PROGRAMME_TITLE
    )


def _add_withdrawals(world: SimpleNamespace) -> None:
    """Let the learner withdraw too late twice, and prove once that they could not help it."""
    learner = world.people["learner"]
    left = [_on(factories.a_run(3, course=_course(world.here)), learner) for _ in range(2)]
    for enrolment in left:
        withdrawing.withdraw(
            enrolment=enrolment, by=learner, actor=Actor.LEARNER, notified_on=world.here.today()
        )
    world.left = left[0]
    world.excuse = force_majeure.hand_in(
        enrolment=left[1], files=[_stored(learner, "note.pdf", b"%PDF-1.7 a note")], by=learner
    )


def _add_certificates(world: SimpleNamespace) -> None:
    """Let the learner complete a run long ago, that the same people taught."""
    run = factories.a_run(-30, course=_course(world.here))
    people.teach(run, world.people["teacher"], world.people["former teacher"])
    graduate = completed(_on(run, world.people["learner"]))
    awarding.drain()
    certificate = Certificate.objects.get(enrolment=graduate)
    pdf = b"%PDF-1.7 a certificate"
    certificate.file.save("", ContentFile(pdf), save=False)
    certificate.file_sha256 = hashlib.sha256(pdf).hexdigest()
    certificate.rendered_at = timezone.now()
    certificate.save()
    world.certificate = certificate


def _add_certifications(world: SimpleNamespace) -> None:
    """Nominate the learner, let them hand in a proof, and open a certification to everybody."""
    learner = world.people["learner"]
    asked = an_elearning(organisation=world.here)
    world.nominated = a_certification(asked, title_nl=CERTIFICATION_TITLE)
    world.assignment = assigned(world.nominated, learner, mode="nominated").assignment
    world.open_certification = a_certification(asked, open_to_learners=True)
    world.draft = defining.begin(certification=world.nominated, by=world.people[ADMINISTRATOR])
    world.external = a_certification(organisation=world.here, kind="external")
    assigned(world.external, learner)
    other = a_certification(organisation=world.here, kind="external")
    world.proof = evidence.hand_in(
        cycle=assigned(other, learner),
        files=[_stored(learner, "proof.pdf", b"%PDF-1.7 another proof")],
        by=learner,
        facts=evidence.Facts(),
    )


def _add_assigning(world: SimpleNamespace) -> None:
    """Look at a group to which something may be assigned, and let a rule apply."""
    from certifications.tests.bulk import a_rule, looked_at

    teachers = {"group": "role", "role": "teacher", "organisation": world.here}
    world.assigning = looked_at(world.nominated, **teachers)
    world.rule = a_rule(a_certification(organisation=world.here, kind="external"), **teachers)


def _stored(owner: User, name: str, content: bytes) -> StoredFile:
    upload = SimpleUploadedFile(name, content)
    kinds = [file_kinds.PDF, file_kinds.CSV, file_kinds.TEXT, file_kinds.MP4]
    return uploads.claim(
        stored=uploads.store(upload=upload, owner=owner, kinds=kinds, max_size=10_000)
    )


def _add_files(world: SimpleNamespace) -> None:
    """Put something in the knowledge centre, and let the learner have a file of their own."""
    administrator = world.people[ADMINISTRATOR]
    world.file = _stored(administrator, "summary.pdf", b"%PDF-1.7 a summary")
    world.material = Material.objects.create(
        course=world.run.course, title=MATERIAL_TITLE, file=world.file
    )
    film = _stored(administrator, "film.mp4", FILM)
    world.film = factories.a_lesson(world.run.course, kind=LessonKind.VIDEO, file=film)
    player.open_lesson(enrolment=world.enrolment, lesson=world.film, by=world.people["learner"])
    world.own_file = _stored(world.people["learner"], "letter.pdf", b"%PDF-1.7 a letter")


def _add_import(world: SimpleNamespace) -> None:
    """Take in and check a file; it waits for consent."""
    from learners.importing import jobs

    administrator = world.people[ADMINISTRATOR]
    membership = world.people["learner"].memberships.get()
    membership.number = NUMBER
    membership.save()
    line = f"{world.open_course.code},,new@example.org,Newcomer,,,"
    world.job = jobs.begin(
        organisation=world.here,
        file=_stored(administrator, "in.csv", a_csv(line)),
        by=administrator,
    )
    jobs.run(job_id=world.job.pk)
    exempt = f"new@example.org,Newcomer,{world.open_course.code},Nurse"
    content = a_csv(exempt, headings="learner,name,course,ground")
    begun = jobs.begin(
        organisation=world.here,
        file=_stored(administrator, "list.csv", content),
        by=administrator,
        kind=ImportKind.EXEMPTIONS,
    )
    jobs.run(job_id=begun.pk)
    world.exemptions = ExemptionImport.objects.get(pk=begun.pk)
    world.group = administrator.groups.create(name="Points")


LEARNING = (_add_others, _add_runs, _add_learning, _add_withdrawals, _add_files, _add_import)
CERTIFICATES = (_add_certificates, _add_certifications, _add_assigning)
TEACHING = (_add_closing, _add_savings)
