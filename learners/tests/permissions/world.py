"""One learner with something of everything on the ground, and others who have the same of their
own."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from learners.content import player
from learners.enrolling import force_majeure, standing_in, waiting_lists, withdrawing
from learners.files import file_kinds, keeping
from learners.importing import jobs
from learners.meetings import calendars
from learners.models import (
    Actor,
    Course,
    CourseKind,
    Enrolment,
    ExemptionImport,
    ImportKind,
    LessonKind,
    Material,
    Membership,
    Notification,
    Organisation,
    Role,
    Run,
    StoredFile,
    User,
)
from learners.people import code_batches
from learners.studying import new_enrolments
from learners.tests import factories
from learners.tests.conftest import FILM
from learners.tests.importing.lists import a_csv
from learners.tests.permissions import people
from learners.tests.permissions.names import ADMINISTRATOR, GUEST
from learners.uploading import receiving
from learners.uploading.tickets import Ticket

REMARK_FOR_STAFF = "Needs a chair in front"
MATERIAL_TITLE = "Summary behind the door"
PROGRAMME_TITLE = "Rescuer at height"
RUN_CODE = "CELLAR-1"
NUMBER = "L-1001"


def on(run: Run, learner: User) -> Enrolment:
    """Enrol somebody in a course on this run."""
    new = new_enrolments.NewEnrolment(learner=learner, course=run.course, run=run)
    (enrolment,) = new_enrolments.enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
    return enrolment


def course_at(organisation: Organisation, **fields: object) -> Course:
    """Make a course of an institution."""
    return factories.CourseFactory(organisation=organisation, **fields)


def stored(owner: User, name: str, content: bytes) -> StoredFile:
    """Take in a file of somebody's, as their pages do."""
    upload = SimpleUploadedFile(name, content)
    kinds = [file_kinds.PDF, file_kinds.CSV, file_kinds.TEXT, file_kinds.MP4]
    return keeping.claim(
        stored=keeping.store(upload=upload, owner=owner, kinds=kinds, max_size=10_000)
    )


def _add_others(world: SimpleNamespace) -> None:
    """Give the others a run and a programme of their own, so that they are no empty shells."""
    person = world.people
    for place, suffix, other in ((world.here, "other ", ""), (world.elsewhere, "", " elsewhere")):
        run = factories.a_run(-1, course=course_at(place))
        people.teach(run, person[f"{suffix}teacher{other}"])
        learner = person[f"{suffix}learner{other}"]
        enrolment = on(run, learner)
        programme = factories.a_programme(course_at(place), organisation=place)
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
    world.run = factories.a_run(-2, -1, course=course_at(world.here, study_points=4), code=RUN_CODE)
    people.teach(world.run, person["teacher"], person["former teacher"])
    course = course_at(world.here)
    world.coming_run = people.teach(
        factories.a_run(20, 27, course=course, code="ATTIC-1", capacity=1),
        person["teacher"],
        person["former teacher"],
    )
    for run in (world.run, world.coming_run):
        run.meetings.first().teachers.add(person[GUEST])
    factories.a_participant(world.coming_run)
    world.enrolment = on(world.run, person["learner"])
    world.calendar_key = calendars.renew_key(person=person["learner"], by=person["learner"])
    Enrolment.objects.filter(pk=world.enrolment.pk).update(remark=REMARK_FOR_STAFF)
    world.classmate = factories.a_participant(world.run)
    world.closed_run = factories.a_run(-2, course=world.run.course, code="CLOSED")
    people.teach(world.closed_run, person["teacher"], person["former teacher"])


def _add_learning(world: SimpleNamespace) -> None:
    """Let the learner follow a programme in which a run is to be chosen; open something to all."""
    person = world.people
    course = course_at(world.here)
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
    world.leaving = on(factories.a_run(30, course=course_at(world.here)), person["learner"])
    world.run_to_change_to = factories.a_run(40, course=world.leaving.course)
    world.open_run = factories.a_run(20, course=course_at(world.here, open_for_enrolment=True))
    world.open_course = course_at(world.here, kind=CourseKind.ELEARNING, open_for_enrolment=True)
    world.notification = Notification.objects.get(
        user=person["learner"], params__title_en=PROGRAMME_TITLE
    )


def _add_codes(world: SimpleNamespace) -> None:
    """Let the learner follow a programme of an institution that asks a subscription and hands out
    codes for it."""
    there = factories.OrganisationFactory(programmes_need_subscription=True)
    programme = factories.a_programme(course_at(there), organisation=there)
    people.follow(programme, world.people["learner"], world.people[ADMINISTRATOR])
    Membership.objects.filter(organisation=there).delete()  # they are nowhere else than here
    world.batch = code_batches.make(
        organisation=there,
        name="Autumn",
        days=90,
        number=3,
        ends_on=there.today() + timedelta(days=30),
        by=world.people[ADMINISTRATOR],
    )


def _add_stand_ins(world: SimpleNamespace) -> None:
    """Let the coach have a stand-in from tomorrow on, and let there be a coach of both institutions
    whom others can name."""
    tomorrow = world.here.today() + timedelta(days=1)
    world.free_coach = factories.a_member(Role.COACH, world.here)
    both = {"organisation": world.elsewhere, "role": Role.COACH}
    Membership.objects.create(user=world.free_coach, **both)
    world.stand_in = standing_in.name_stand_in(
        coach=world.people["coach"],
        stand_in=world.people["other coach"],
        organisation=world.here,
        starts_on=tomorrow,
        ends_on=tomorrow,
        by=world.people["coach"],
    )


def _add_withdrawals(world: SimpleNamespace) -> None:
    """Let the learner withdraw too late twice, and prove once that they could not help it."""
    learner = world.people["learner"]
    left = [on(factories.a_run(3, course=course_at(world.here)), learner) for _ in range(2)]
    for enrolment in left:
        withdrawing.withdraw(
            enrolment=enrolment, by=learner, actor=Actor.LEARNER, notified_on=world.here.today()
        )
    world.left = left[0]
    world.excuse = force_majeure.hand_in(
        enrolment=left[1], files=[stored(learner, "note.pdf", b"%PDF-1.7 a note")], by=learner
    )


def _add_files(world: SimpleNamespace) -> None:
    """Put something in the knowledge centre, and let the learner have a file of their own."""
    administrator = world.people[ADMINISTRATOR]
    world.file = stored(administrator, "summary.pdf", b"%PDF-1.7 a summary")
    world.material = Material.objects.create(
        course=world.run.course, title=MATERIAL_TITLE, file=world.file
    )
    film = stored(administrator, "film.mp4", FILM)
    world.film = factories.a_lesson(world.run.course, kind=LessonKind.VIDEO, file=film)
    player.open_lesson(enrolment=world.enrolment, lesson=world.film, by=world.people["learner"])
    ticket = Ticket((file_kinds.MP4,), 10_000)
    begun = {"owner": world.people["learner"], "name": "film.mp4", "size": 1000, "ticket": ticket}
    world.upload = receiving.begin(**begun)
    world.own_file = stored(world.people["learner"], "letter.pdf", b"%PDF-1.7 a letter")


def _add_import(world: SimpleNamespace) -> None:
    """Take in and check a file; it waits for consent."""
    administrator = world.people[ADMINISTRATOR]
    membership = world.people["learner"].memberships.get(organisation=world.here)
    membership.number = NUMBER
    membership.save()
    line = f"{world.open_course.code},,new@example.org,Newcomer,,,"
    world.job = jobs.begin(
        organisation=world.here,
        file=stored(administrator, "in.csv", a_csv(line)),
        by=administrator,
    )
    jobs.run(job_id=world.job.pk)
    exempt = f"new@example.org,Newcomer,{world.open_course.code},Nurse"
    content = a_csv(exempt, headings="learner,name,course,ground")
    begun = jobs.begin(
        organisation=world.here,
        file=stored(administrator, "list.csv", content),
        by=administrator,
        kind=ImportKind.EXEMPTIONS,
    )
    jobs.run(job_id=begun.pk)
    world.exemptions = ExemptionImport.objects.get(pk=begun.pk)


WORLD = (
    _add_others,
    _add_runs,
    _add_learning,
    _add_stand_ins,
    _add_codes,
    _add_withdrawals,
    _add_files,
    _add_import,
)
