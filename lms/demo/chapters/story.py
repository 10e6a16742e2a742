"""What happens in the demo beside its runs: e-learning, programmes, and the learner's own story.

Sanne Vermeulen, who can be tried as the learner, stands in every state that there is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from learners.catalogue import archiving
from learners.enrolling import coaches, entering
from learners.models import Actor, Enrolment, StudyStatus, User
from learners.studying import new_enrolments, study_status, terms
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses
from lms.demo.chapters import lessons
from lms.demo.world import World

S = StudyStatus

# course → (how many learners, days since they were enrolled)
ELEARNING = {
    "VAV/WELKOM": (34, 230),
    "VAV/PRIVACY": (30, 410),
    "VAV/GRENS": (26, 60),
    "VAV/HITTE": (18, 120),
    "ZCU/MEDV": (28, 210),
    "ZCU/INFECT": (32, 150),
    "ZCU/MELD": (22, 75),
    "ZCU/VAL": (18, 20),
}
IN_PROGRAMME = {"VAV/HULP": 8, "VAV/LESGEVER": 5, "ZCU/BASIS": 8, "ZCU/BEGEL": 5}
COACHED = 18
# The learner's e-learning: how far she came.
SANNES = {"VAV/WELKOM": S.COMPLETED, "VAV/GRENS": S.STARTED, "VAV/HITTE": S.STARTED}
# How many lessons she finished of what she started; the next one she opened.
LESSONS_DONE = {"VAV/GRENS": 4}


def study_online(world: World, key: str) -> list[Enrolment]:
    """Enrol people in an e-learning course; some open it, and some of these complete it."""
    number, days_ago = ELEARNING[key]
    random = Random(key)
    at = world.clock.loaded_at - timedelta(days=days_ago)
    learners = world.draw(key, number)
    reached = random.choices([S.NOT_STARTED, S.STARTED, S.COMPLETED], [2, 3, 6], k=number)
    if key in SANNES:
        learners.append(world.sanne)
        reached.append(SANNES[key])
    enrolments = _enrol_online(world, key, learners, at)
    for status, days in ((S.STARTED, 2), (S.COMPLETED, 9)):
        far_enough = [S.STARTED, S.COMPLETED] if status is S.STARTED else [S.COMPLETED]
        ids = [e.pk for e, r in zip(enrolments, reached, strict=True) if r in far_enough]
        wishes = [Wish(enrolment_id=pk, to=status) for pk in ids]
        then = at + timedelta(days=days)
        change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM, at=then)
    _finish_lessons(world, key, enrolments, then)
    return enrolments


def _finish_lessons(world: World, key: str, enrolments: Sequence[Enrolment], at: datetime) -> None:
    """Let people have finished what they completed; the learner is on her way in one."""
    reread = Enrolment.objects.select_related("course").filter(pk__in=[e.pk for e in enrolments])
    lessons.record(list(reread), at)
    if key in LESSONS_DONE:
        mine = Enrolment.objects.select_related("course__organisation", "learner")
        hers = mine.get(learner=world.sanne, course=world.courses[key])
        lessons.follow(hers, LESSONS_DONE[key], at)


def _enrol_online(
    world: World, key: str, learners: Sequence[User], at: datetime
) -> list[Enrolment]:
    news = [
        new_enrolments.NewEnrolment(
            learner=learner, course=world.courses[key], registered_on=at.date()
        )
        for learner in learners
    ]
    return new_enrolments.enrol_many(news=news, by=world.admin, actor=Actor.ADMINISTRATOR, at=at)


def follow_programmes(world: World) -> int:
    """Enrol people in programmes, with a coach for the first of them."""
    made = []
    for key, number in IN_PROGRAMME.items():
        learners = world.draw(key, number)
        if key == "VAV/HULP":
            learners.insert(0, world.sanne)
        made += [_enter(world, key, learner) for learner in learners]
    coaches.assign(
        enrolments=made[:COACHED], coach=world.coach, replaces=False, by=world.admin, tells=False
    )
    return len(made)


def _enter(world: World, key: str, learner: User) -> Enrolment:
    at = world.clock.loaded_at - timedelta(days=25)
    return entering.enrol_in_programme(
        learner=learner,
        programme=world.programmes[key],
        by=world.admin,
        actor=Actor.ADMINISTRATOR,
        registered_on=at.date(),
        at=at,
    )


def tell_of_sanne(world: World) -> None:
    """Bring the learner where no run brings her: not started, exempt, archived."""
    entering.enrol(
        learner=world.sanne,
        course=world.courses["VAV/PRIVACY"],
        by=world.admin,
        actor=Actor.ADMINISTRATOR,
    )
    at = world.clock.loaded_at - timedelta(days=30)
    (exempt,) = _enrol_online(world, "VAV/EHBK", [world.sanne], at)
    study_status.change_status(
        enrolment=exempt,
        to=S.EXEMPT,
        by=world.admin,
        actor=Actor.ADMINISTRATOR,
        reason="Diploma kinderverpleegkundige",
        at=at + timedelta(days=1),
    )


def put_aside(world: World) -> None:
    """Archive who followed the old version of a course, a month after the new one came."""
    course = world.courses["VAV/SIM-1"]
    assert course.archived_at is not None, "the catalogue says when"
    archiving.archive(
        enrolments=list(course.enrolments.all()),
        by=world.admin,
        reason="Nieuwe versie van de opleiding",
        at=course.archived_at + timedelta(days=30),
    )


def correct(world: World, run: str, learner: User) -> None:
    """Let the teacher take back a completion after its certificate was issued."""
    enrolment = next(p.enrolment for p in world.participants[run] if p.enrolment.learner == learner)
    teacher = world.runs[run].teachers.first()
    last = enrolment.status_changes.first()
    assert teacher is not None, "every run of the demo has a teacher"
    assert last is not None, "every enrolment has a history"
    enrolment.refresh_from_db()
    study_status.change_status(
        enrolment=enrolment,
        to=S.NOT_PASSED,
        by=teacher,
        actor=Actor.TEACHER,
        reason="De praktijkproef was van iemand anders",
        at=last.at + timedelta(days=6),
    )


def lapse_terms(world: World) -> int:
    """Record whose study term is over by now."""
    return terms.lapse_terms(now=world.clock.loaded_at)
