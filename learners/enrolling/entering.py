"""Enrolling: by an administrator, by a programme, by the learner in an open run, from a file."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.catalogue import versions
from learners.models import (
    Actor,
    Course,
    Enrolment,
    Place,
    PlaceState,
    Programme,
    Run,
    StudyStatus,
    User,
)
from learners.studying import programmes, reopening
from learners.studying.new_enrolments import (
    EnrolmentRefused,
    NewEnrolment,
    enrol_many,
    refuse_full_or_cancelled,
)
from learners.studying.status_rules import RUNNING
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses, settle_programmes
from learners.telling import notify


@transaction.atomic
def enrol(
    *,
    learner: User,
    by: User,
    actor: Actor,
    course: Course | None = None,
    run: Run | None = None,
    registered_on: date | None = None,
) -> Enrolment:
    """Enrol somebody in a course or on a run of it, and tell them where somebody else did it.

    Who is enrolled already keeps that enrolment, and gets the run where they had none. Raises
    `EnrolmentRefused` where the run is full, cancelled, or another than they have.
    """
    course = course or (run.course if run else None)
    assert course is not None, "a course or a run"
    if run is None and course.has_meetings and actor is Actor.LEARNER:
        raise EnrolmentRefused(_("Choose a run of this course."))
    registered_on = registered_on or course.organisation.today()
    new = NewEnrolment(learner=learner, course=course, run=run, registered_on=registered_on)
    enrolment, is_new = enrol_once(new, by, actor)
    if not is_new and run:
        return choose_run(enrolment=enrolment, run=run, by=by)
    if is_new and by != learner:
        tell_enrolled([enrolment])
    return enrolment


def enrol_once(new: NewEnrolment, by: User, actor: Actor) -> tuple[Enrolment, bool]:
    """Return the open enrolment in this course, and whether it was made just now."""
    if new.run is not None:
        Run.objects.select_for_update().get(pk=new.run.pk)
    mine = Enrolment.objects.open().filter(learner=new.learner, course=new.course)
    if existing := mine.first():
        return existing, False
    try:
        with transaction.atomic():
            (enrolment,) = enrol_many(news=[new], by=by, actor=actor)
    except IntegrityError:  # another window was first
        return mine.get(), False
    return enrolment, True


@transaction.atomic
def enrol_in_open_run(*, learner: User, run: Run) -> Enrolment:
    """Let a learner enrol themselves in a run of a course that is open for it."""
    open_runs = Run.objects.open_for_enrolment(timezone.now())
    if not open_runs.filter(pk=run.pk).exists():
        raise EnrolmentRefused(_("You can no longer enrol in this run."))
    return enrol(learner=learner, run=run, by=learner, actor=Actor.LEARNER)


@transaction.atomic
def enrol_in_open_course(*, learner: User, course: Course) -> Enrolment:
    """Let a learner enrol themselves in an e-learning that is open for it."""
    is_offered = Course.objects.published().filter(pk=course.pk, open_for_enrolment=True).exists()
    if not is_offered:
        raise EnrolmentRefused(_("You can no longer enrol in this course."))
    return enrol(learner=learner, course=course, by=learner, actor=Actor.LEARNER)


@transaction.atomic
def enter_course(*, learner: User, course: Course) -> Enrolment:
    """Let a learner into a course that something asks of them, open for enrolment or not: into an
    e-learning at once, into one with meetings so that they choose a run. The open enrolment that
    they have already is kept."""
    new = NewEnrolment(
        learner=learner,
        course=course,
        registered_on=course.organisation.today(),
        lacks_run=course.has_meetings,
    )
    return enrol_once(new, learner, Actor.LEARNER)[0]


@transaction.atomic
def choose_run(*, enrolment: Enrolment, run: Run, by: User) -> Enrolment:
    """Book a place in a run for an enrolment that has none; the same run twice is once. Who waited
    for a place in another run leaves that waiting list."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.status not in RUNNING:
        raise EnrolmentRefused(
            _("This enrolment is “%(status)s”; it cannot get a run.")
            % {"status": enrolment.shown_status}
        )
    booked = Place.objects.booked().filter(enrolment=enrolment).first()
    if booked:
        if booked.run_id != run.pk:
            raise EnrolmentRefused(in_another_run(enrolment, by))
        return enrolment
    refuse_run(enrolment=enrolment, run=run, by=by)
    Place.objects.waiting().filter(enrolment=enrolment).exclude(run=run).update(
        state=PlaceState.RELEASED
    )
    Place.objects.update_or_create(
        enrolment=enrolment,
        run=run,
        defaults={"state": PlaceState.BOOKED, "released_by_status": False},
    )
    if enrolment.status == StudyStatus.RUN_CHOICE_REQUIRED:
        wish = Wish(enrolment_id=enrolment.pk, to=StudyStatus.ENROLLED)
        change_statuses(wishes=[wish], by=None, actor=Actor.SYSTEM)
        enrolment.refresh_from_db(fields=["status"])
    return enrolment


def refuse_run(*, enrolment: Enrolment, run: Run, by: User) -> None:
    """Raise `EnrolmentRefused` where a run has no place for somebody: it is of another course, full
    or cancelled, or too late for who does it themselves."""
    if run.course_id != enrolment.course_id:
        raise EnrolmentRefused(_("This is a run of another course."))
    refuse_full_or_cancelled({run: 1})
    if by.pk == enrolment.learner_id:
        refuse_learner(enrolment=enrolment, run=run)


def refuse_learner(*, enrolment: Enrolment, run: Run) -> None:
    """Raise `EnrolmentRefused` where it is too late for a learner to enter a run by themselves, or
    a first one waits until they have the subscription that their programme asks."""
    if not run.takes_learners(timezone.now()):
        raise EnrolmentRefused(_("You can no longer enrol in this run."))
    lacks_run = enrolment.status == StudyStatus.RUN_CHOICE_REQUIRED
    if lacks_run and reopening.lacks_subscription(enrolment):
        raise EnrolmentRefused(reopening.needed_words())


def in_another_run(enrolment: Enrolment, by: User) -> str:
    if enrolment.learner_id == by.pk:
        return _("You are enrolled in another run of this course.")
    return _("%(name)s is enrolled in another run of this course.") % {
        "name": enrolment.learner.name
    }


@transaction.atomic
def enrol_in_programme(
    *,
    learner: User,
    programme: Programme,
    by: User,
    actor: Actor,
    registered_on: date | None = None,
    results_from: date | None = None,
    at: datetime | None = None,
    tells_learner: bool = True,
) -> Enrolment:
    """Enrol somebody in a programme and in each of its courses that they have not done or begun,
    be it in a newer version.

    What they follow already joins the programme; whoever is in the programme keeps that enrolment.
    Where all of it was done before, the programme is completed at once; with `results_from`, only
    what was done from that day on counts, and the other courses are followed anew. They are told
    where somebody else did it, unless `tells_learner` is off.
    """
    User.objects.select_for_update().get(pk=learner.pk)  # two windows are one enrolment
    existing = Enrolment.objects.open().filter(learner=learner, programme=programme).first()
    if existing:
        return existing
    registered_on = registered_on or programme.organisation.today()
    new = NewEnrolment(
        learner=learner,
        programme=programme,
        registered_on=registered_on,
        results_from=results_from,
    )
    (whole,) = enrol_many(news=[new], by=by, actor=actor, at=at)
    enrol_many(news=_courses_to_enrol_in(whole, registered_on), by=by, actor=actor, at=at)
    settle_programmes([whole.pk], at=at, tells_learners=tells_learner)
    whole.refresh_from_db(fields=["status"])
    if by != learner and tells_learner:
        tell_enrolled([whole])
    return whole


def _courses_to_enrol_in(whole: Enrolment, registered_on: date) -> list[NewEnrolment]:
    """Let what the learner follows already join the programme; return what is missing then."""
    learner, programme = whole.learner, whole.programme
    assert programme is not None, "a programme's own enrolment"
    following = Enrolment.objects.open().filter(learner=learner, course__isnull=False)
    stand_ins = versions.stand_ins()
    known = set(programmes.counting_courses(whole))
    joining = []
    asked = set(programme.courses.values_list("pk", flat=True))
    for enrolment in following:
        assert enrolment.course_id is not None, "filtered"
        satisfies = versions.satisfied_by(stand_ins, enrolment.course_id) & asked
        known |= satisfies
        if satisfies and enrolment.part_of_id is None:
            joining.append(enrolment.pk)
    Enrolment.objects.filter(pk__in=joining).update(part_of=whole)
    return [
        NewEnrolment(
            learner=learner,
            course=course,
            registered_on=registered_on,
            part_of=whole,
            lacks_run=course.has_meetings and programme.learners_choose_run,
        )
        for course in programme.courses.select_related("organisation")
        if course.pk not in known
    ]


def tell_enrolled(enrolments: Sequence[Enrolment]) -> None:
    """Tell people that somebody enrolled them; each once."""
    notify.tell(
        kind="learners/enrolled",
        messages=[
            notify.Message(
                user_id=e.learner_id,
                organisation_id=e.subject.organisation_id,
                key=f"enrolled:{e.pk}",
                params={"title_nl": e.subject.title_nl, "title_en": e.subject.title_in("en")},
                url=e.get_absolute_url(),
            )
            for e in enrolments
        ],
    )
