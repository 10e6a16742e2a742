"""Who asked for silence gets it: whichever door something comes in by, whoever works out what
follows from it, and however late. Each door has its counterpart, which tells."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from attendance.marking import registers
from attendance.register import savings, undoing
from attendance.tests.factories import typed
from certifications import awarding
from certifications.assigning import giving, rules
from certifications.cycles import catching_up, renewing
from certifications.models import Certificate, CertificationAssignment
from certifications.reminding import reminders
from certifications.tests.bulk import a_rule
from certifications.tests.factories import (
    TWO_YEARS,
    a_certification,
    an_elearning,
    undo_time_is_over,
)
from learners.enrolling import exempting, waiting_lists, withdrawing
from learners.enrolling.entering import enrol_in_programme
from learners.models import (
    Actor,
    Course,
    Enrolment,
    ImportKind,
    Membership,
    Notification,
    Programme,
    Role,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import study_status, terms
from learners.studying.status_wishes import Wish
from learners.studying.study_status import StatusRefused, change_status, change_statuses
from learners.telling import notify
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
)
from learners.tests.importing.lists import a_csv, applied
from learners.tests.searching import searching, taken_back

pytestmark = pytest.mark.django_db
S = StudyStatus
EXEMPTIONS = "learner,name,course,ground"
JOBS: tuple[Callable[[], object], ...] = (
    awarding.drain,
    catching_up.settle_unseen,
    renewing.begin_due,
    rules.apply_all,
    terms.lapse_terms,
    waiting_lists.sweep,
    reminders.remind,
    notify.send_due,
)


def the_worker_goes_round(jobs: Sequence[Callable[[], object]] = JOBS) -> None:
    """Let every job of the worker run, and what they left for the first ones."""
    for job in (*jobs, awarding.drain, notify.send_due):
        job()


def later(jobs: Sequence[Callable[[], object]] = JOBS) -> None:
    """Let the undo time be over, and the worker go round."""
    undo_time_is_over()
    the_worker_goes_round(jobs)


class School:
    """A course with a run that is over, a programme of it, and a certification of each; people
    follow all of it, and have nothing to hear."""

    def __init__(self, people: int = 1, course: Course | None = None) -> None:
        self.office = an_administrator()
        self.course = course or CourseFactory(code="EHBO", study_points=5)
        self.organisation = self.course.organisation
        self.run = a_run(-7, course=self.course, code="GENT")
        self.programme = a_programme(self.course, organisation=self.organisation)
        self.certifications = [
            a_certification(asked, accepts_days_old=30, **TWO_YEARS)
            for asked in (self.course, self.programme)
        ]
        self.enrolments = [a_participant(self.run) for _ in range(people)]
        for enrolment in self.enrolments:
            self._follow_programme(enrolment.learner)
        for certification in self.certifications:
            self.assign(certification, [one.learner for one in self.enrolments])
        self.forget()

    def _follow_programme(self, learner: User) -> None:
        enrol_in_programme(
            learner=learner, programme=self.programme, by=self.office, actor=Actor.ADMINISTRATOR
        )

    def assign(self, certification, learners: Sequence[User]) -> None:
        giving.assign(
            certification=certification, learners=learners, mode="mandatory", by=self.office
        )

    @property
    def enrolment(self) -> Enrolment:
        return self.enrolments[0]

    def completed(self) -> "School":
        """Let everybody have completed it, and have heard."""
        wishes = [Wish(enrolment_id=one.pk, to=S.COMPLETED) for one in self.enrolments]
        change_statuses(wishes=wishes, by=self.office, actor=Actor.ADMINISTRATOR)
        later()
        assert len(told()) == 4 * len(self.enrolments)
        self.forget()
        return self

    def forget(self) -> None:
        """Let what was told until now be of no account."""
        the_worker_goes_round()
        Notification.objects.all().delete()
        mail.outbox.clear()

    def lines(self, result: str) -> bytes:
        """Return a file that says this of everybody."""
        rows = [f"EHBO,GENT,{one.learner.email},Ada,,,{result}" for one in self.enrolments]
        return a_csv(*rows)


def told() -> list[str]:
    """Return of what people heard, in the order of the alphabet; each by mail too."""
    kinds = Notification.objects.values_list("kind", flat=True)
    assert len(mail.outbox) == len(kinds)
    return sorted(kind.rpartition("/")[2] for kind in kinds)


def standing() -> int:
    """Return how many certificates there are that count."""
    return Certificate.objects.active().count()


Door = Callable[[School, bool], object]


def by_file(result: str) -> Door:
    return lambda school, tells: applied(school.organisation, school.lines(result), tells=tells)


def by_exemption_file(school: School, tells: bool) -> None:
    rows = [f"{one.learner.email},Ada,EHBO,Nurse" for one in school.enrolments]
    content = a_csv(*rows, headings=EXEMPTIONS)
    applied(school.organisation, content, tells=tells, kind=ImportKind.EXEMPTIONS)


def by_act(model: str, name: str) -> Door:
    """Return the act of an administrator, chosen in a list and confirmed."""

    def act(school: School, tells: bool) -> None:
        client = Client()
        client.force_login(school.office)
        chosen = {"action": name, "_selected_action": [one.pk for one in school.enrolments]}
        said = {"confirmed": "1", "reason": "Seen", **({"tell_them": "on"} if tells else {})}
        client.post(reverse(f"admin:{model}_changelist"), chosen | said)

    return act


def by_register(status: str) -> Door:
    """Return the saving of a register by who corrects it."""

    def save(school: School, tells: bool) -> None:
        rows = {one: {"status": status} for one in school.enrolments}
        savings.save_register(
            run=registers.runs_for(school.office).get(pk=school.run.pk),
            typed=typed(school.run, rows),
            by=school.office,
            tells_learners=tells,
        )

    return save


def dated_back(to: StudyStatus) -> Door:
    """Return the recording of something as it was then."""

    def record(school: School, tells: bool) -> None:
        for enrolment in school.enrolments:
            change_status(
                enrolment=enrolment,
                to=to,
                by=school.office,
                actor=Actor.ADMINISTRATOR,
                at=timezone.now() - timedelta(days=3),
                tells_learner=tells,
            )

    return record


def one_by_one(school: School, tells: bool) -> None:
    for one in school.enrolments:
        exemption = exempting.Exemption(
            learner=one.learner, course=one.course, ground="Nurse", enrolment=one
        )
        exempting.exempt(exemptions=[exemption], by=school.office, tells_learners=tells)


ISSUED = ["certificate_issued"]
REVOKED = ["certificate_revoked"]
COMPLETING: Mapping[str, Door] = {
    "a file of enrolments": by_file("completed"),
    "an act": by_act("attendance_participation", "set_completed"),
    "a register": by_register("completed"),
    "dating back": dated_back(S.COMPLETED),
}
EXEMPTING: Mapping[str, Door] = {
    "a file of exemptions": by_exemption_file,
    "an act": by_act("learners_enrolment", "exempt"),
    "one by one": one_by_one,
}
CORRECTING: Mapping[str, Door] = {
    "a file of enrolments": by_file("not passed"),
    "an act": by_act("attendance_participation", "set_not_passed"),
    "a register": by_register("not_passed"),
    "dating back": dated_back(S.NOT_PASSED),
}


def test_sixty_people_brought_in_in_silence_have_sixty_certificates_and_no_message():
    school = School(people=60)
    by_file("completed")(school, False)
    later()
    assert (told(), standing()) == ([], 4 * 60)
    assert Certificate.objects.active().filter(enrolment__course=school.course).count() == 60


def test_sixty_people_who_are_new_have_sixty_certificates_and_no_message():
    course = CourseFactory(code="EHBO")
    run = a_run(-7, course=course, code="GENT")
    rows = [f"EHBO,GENT,{n}@example.org,Ada {n},,,completed" for n in range(60)]
    applied(run.course.organisation, a_csv(*rows))
    later()
    assert (told(), standing()) == ([], 60)


@pytest.mark.parametrize("door", COMPLETING.values(), ids=COMPLETING)
@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, 4 * ISSUED)])
def test_what_is_completed_in_silence_is_certified_in_silence_in_course_programme_and_cycles(
    door, tells, heard
):
    school = School()
    door(school, tells)
    later()
    assert (standing(), told()) == (4, heard)


@pytest.mark.parametrize("door", EXEMPTING.values(), ids=EXEMPTING)
@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, [*3 * ISSUED, "exempted"])])
def test_what_is_exempted_in_silence_completes_programme_and_cycles_in_silence(door, tells, heard):
    school = School()
    door(school, tells)
    later()
    assert (standing(), told()) == (3, heard)


@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, [*ISSUED, "exempted"])])
def test_who_is_exempt_from_the_beginning_in_silence_completes_a_cycle_in_silence(tells, heard):
    school = School()
    newcomer = UserFactory()
    school.assign(school.certifications[0], [newcomer])
    school.forget()
    content = a_csv(f"{newcomer.email},Ada,EHBO,Nurse", headings=EXEMPTIONS)
    applied(school.organisation, content, tells=tells, kind=ImportKind.EXEMPTIONS)
    later()
    assert (standing(), told()) == (1, heard)


@pytest.mark.parametrize("door", CORRECTING.values(), ids=CORRECTING)
@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, [*4 * REVOKED, "not_passed"])])
def test_what_is_corrected_in_silence_is_withdrawn_in_silence(door, tells, heard):
    school = School().completed()
    door(school, tells)
    later()
    assert (standing(), told()) == (0, heard)


@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, 4 * REVOKED)])
def test_what_was_recorded_in_silence_is_undone_in_silence(tells, heard):
    school = School()
    saving = by_register("completed")
    saving(school, tells)
    later()
    school.forget()
    undoing.undo_saving(saving=savings.RegisterSaving.objects.get(), by=school.office)
    later()
    assert (standing(), told()) == (0, heard)


@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, ["withdrawn_by_somebody"])])
def test_who_is_withdrawn_afterwards_in_silence_hears_nothing(tells, heard):
    school = School()
    withdrawing.withdraw(
        enrolment=school.enrolment,
        by=school.office,
        actor=Actor.ADMINISTRATOR,
        notified_on=timezone.localdate() - timedelta(days=40),
        at=timezone.now() - timedelta(days=1),
        tells_learner=tells,
    )
    later()
    assert told() == heard


@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, [*2 * ISSUED, "enrolled"])])
def test_who_enters_a_programme_in_silence_completes_it_in_silence(tells, heard):
    school = School().completed()
    another = a_programme(school.course, organisation=school.organisation)
    asked = a_certification(another, accepts_days_old=30, **TWO_YEARS)
    school.assign(asked, [school.enrolment.learner])
    school.forget()
    enrol_in_programme(
        learner=school.enrolment.learner,
        programme=another,
        by=school.office,
        actor=Actor.ADMINISTRATOR,
        tells_learner=tells,
    )
    later()
    assert (standing(), told()) == (6, heard)


@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, ["certification_exempted"])])
def test_who_is_exempt_of_a_certification_in_silence_hears_nothing(client, tells, heard):
    school = School()
    client.force_login(school.office)
    rows = CertificationAssignment.objects.filter(certification=school.certifications[0])
    client.post(
        reverse("admin:certifications_certificationassignment_changelist"),
        {
            "action": "exempt",
            "_selected_action": [row.pk for row in rows],
            "confirmed": "1",
            "reason": "Seen",
            **({"tell_them": "on"} if tells else {}),
        },
    )
    later()
    assert rows.get().cycles.get().exempted_at
    assert told() == heard


@pytest.mark.parametrize(("tells", "heard"), [(False, []), (True, ["enrolled"])])
@pytest.mark.parametrize("group", ["enrolled", "role"])
def test_what_a_rule_asks_of_who_is_brought_in_in_silence_is_told_nobody(group, tells, heard):
    course = an_elearning(code="EHBO")
    here = (
        {"course": course}
        if group == "enrolled"
        else {
            "organisation": course.organisation,
            "role": Role.LEARNER,
        }
    )
    asked = a_certification(an_elearning(organisation=course.organisation))
    a_rule(asked, group=group, **here)
    applied(course.organisation, a_csv("EHBO,,ada@example.org,Ada,,,"), tells=tells)
    later()
    assert asked.assignments.get().learner.email == "ada@example.org"
    assert told() == (["certification_assigned", *heard] if tells else [])


@pytest.mark.parametrize("group", ["completed", "holds"])
@pytest.mark.parametrize("tells", [False, True])
def test_what_a_rule_asks_of_who_completed_or_holds_something_in_silence_is_told_nobody(
    group, tells
):
    school = School()
    held = {"held": school.certifications[0]}
    asked = a_certification(an_elearning(organisation=school.organisation))
    a_rule(asked, group=group, **({"course": school.course} if group == "completed" else held))
    by_file("completed")(school, tells)
    later()
    assert asked.assignments.get().learner == school.enrolment.learner
    assert told() == ([*4 * ISSUED, "certification_assigned"] if tells else [])


def test_a_rule_tells_who_fits_it_by_something_that_was_told():
    course = an_elearning(code="EHBO")
    asked = a_certification(an_elearning(organisation=course.organisation))
    a_rule(asked, group="role", organisation=course.organisation, role=Role.LEARNER)
    Membership.objects.create(
        user=UserFactory(), organisation=course.organisation, role=Role.LEARNER
    )
    later()
    assert told() == ["certification_assigned"]


def test_somebody_else_who_gets_a_place_hears_of_it():
    school = School()
    run = a_run(30, course=school.course, capacity=1)
    leaves = a_participant(run)
    waits = waiting_lists.enter(
        learner=UserFactory(), run=run, by=school.office, actor=Actor.ADMINISTRATOR
    )
    school.forget()
    exemption = exempting.Exemption(
        learner=leaves.learner, course=school.course, ground="Nurse", enrolment=leaves
    )
    exempting.exempt(exemptions=[exemption], by=school.office, tells_learners=False)
    later()
    assert told() == ["moved_up"]
    assert Notification.objects.get().user == waits.learner


def test_a_reminder_that_comes_long_after_something_was_brought_in_in_silence_is_told():
    school = School()
    by_file("completed")(school, False)
    later()
    with time_machine.travel(timezone.now() + timedelta(days=670)):
        the_worker_goes_round()
    assert told() == ["reminders"]


def test_the_newest_change_of_an_enrolment_decides():
    school = School()
    by_register("completed")(school, True)
    by_register("not_passed")(school, True)
    by_register("completed")(school, False)
    later()
    assert (standing(), told()) == (4, [])


DECIDED = st.sampled_from([S.COMPLETED, S.NOT_PASSED, S.EXEMPT, S.ABSENT])
STEPS = st.tuples(st.integers(0, 1), st.one_of(DECIDED, st.just("undo")), st.booleans())
ORDER = st.permutations(range(len(JOBS)))


class Person:
    """Somebody who follows a programme of two courses, with a certification of one of them and one
    of the programme."""

    def __init__(self, courses: Sequence[Course], programme: Programme, asked: Sequence) -> None:
        self.learner, self.office = UserFactory(), an_administrator()
        self.enrolments = [an_enrolment(course, self.learner) for course in courses]
        for enrolment in self.enrolments:
            change_status(enrolment=enrolment, to=S.STARTED, by=None, actor=Actor.SYSTEM)
        enrol_in_programme(
            learner=self.learner, programme=programme, by=self.office, actor=Actor.ADMINISTRATOR
        )
        for certification in asked:
            giving.assign(
                certification=certification,
                learners=[self.learner],
                mode="mandatory",
                by=self.office,
            )

    def take(self, which: int, to: str, tells: bool) -> StudyStatusChange | None:
        """Take a step where that may be; return the change."""
        enrolment = self.enrolments[which]
        with suppress(StatusRefused), transaction.atomic():
            if to != "undo":
                return change_status(
                    enrolment=enrolment,
                    to=S(to),
                    by=self.office,
                    actor=Actor.ADMINISTRATOR,
                    tells_learner=tells,
                )
            newest = enrolment.status_changes.latest("pk")
            undone = study_status.undo_changes(
                changes=[newest], by=self.office, actor=Actor.ADMINISTRATOR
            )
            return undone[0] if undone else None
        return None

    @property
    def heard(self) -> set[str]:
        return set(self.learner.notifications.values_list("key", flat=True))


def two_courses() -> tuple[list[Course], Programme, list]:
    courses = [an_elearning()]
    courses.append(an_elearning(organisation=courses[0].organisation))
    programme = a_programme(*courses, organisation=courses[0].organisation)
    asked = [a_certification(one, **TWO_YEARS) for one in (courses[0], programme)]
    return courses, programme, asked


@given(steps=st.lists(st.tuples(STEPS, ORDER), min_size=1, max_size=8))
@searching(6)
def test_silence_that_was_asked_for_tells_nothing_in_whatever_order_jobs_run(steps):
    with taken_back(), time_machine.travel(timezone.now(), tick=False) as clock:
        person = Person(*two_courses())
        the_worker_goes_round()
        for (which, to, tells), order in steps:
            before = person.heard
            change = person.take(which, to, tells)
            clock.shift(timedelta(hours=1))
            the_worker_goes_round([JOBS[job] for job in order])
            if change is None or not change.tells_learner:
                assert person.heard == before


@given(steps=st.lists(st.tuples(STEPS, ORDER, st.booleans()), min_size=1, max_size=8))
@searching(6)
def test_who_asked_for_silence_hears_nothing_and_who_did_not_hears_of_each_certificate(steps):
    with taken_back(), time_machine.travel(timezone.now(), tick=False) as clock:
        world = two_courses()
        quiet, other = Person(*world), Person(*world)
        the_worker_goes_round()
        before = quiet.heard
        for (which, to, _tells), order, is_night in steps:
            quiet.take(which, to, tells=False)
            other.take(which, to, tells=True)
            clock.shift(timedelta(minutes=10))
            if is_night:
                the_worker_goes_round([JOBS[job] for job in order])
        clock.shift(timedelta(hours=1))
        the_worker_goes_round()
        assert quiet.heard == before
        theirs = Certificate.objects.filter(learner=other.learner)
        assert {f"certificate_issued:{one.pk}" for one in theirs} <= other.heard
        revoked = theirs.exclude(revoked_at=None)
        assert {f"certificate_revoked:{one.pk}" for one in revoked} <= other.heard
        mine = Certificate.objects.active().filter(learner=quiet.learner)
        assert mine.count() == theirs.active().count()
