"""What assignments offer who coaches: what waits for them, and how far their people are."""

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exams.assignments import standing
from exams.pages.coached_way import CoachedWay
from exams.pages.learner_assignments import first_for_coach
from exams.releasing import way
from exams.reviewing import waiting as waits
from exams.reviewing.waiting import Waits
from learners.hooks.pages import CoachingPage, NavItem, Section, Turn, Waiting
from learners.models import Enrolment, Role, User
from learners.pages.coaching import coaches
from learners.people.roles import memberships_of
from learners.telling.days import day

AFTER_MY_LEARNERS = 10


def is_of_board(user: User) -> bool:
    """Whether this person is of an examination board anywhere."""
    return any(one.role == Role.BOARD for one in memberships_of(user))


def nav(user: User) -> list[NavItem]:
    """Offer the board what nobody coaches; who coaches finds it beside 'my learners'."""
    if coaches(user) or not is_of_board(user):
        return []
    url = reverse("exams:review_list")
    return [NavItem(_("Work without a coach"), url, "inbox", order=30, section="board")]


def waiting(user: User) -> list[Waiting]:
    """Return one row for all that waits for this person's review or answer."""
    found = waits.of(user)
    if not found.number:
        return []
    return [
        Waiting(
            what=_what(found, for_coach=coaches(user)),
            text=_since(found),
            url=reverse("exams:review_list"),
            turn=Turn.of(user),
            since=found.since,
            action=gettext("Review"),
            is_urgent=found.late > 0,
            icon="inbox",
        )
    ]


def coaching_pages(user: User) -> list[CoachingPage]:
    """Return the pages beside 'my learners', with how much waits."""
    if not (coaches(user) or is_of_board(user)):
        return []
    queue, progress = reverse("exams:review_list"), reverse("exams:progress_list")
    number = waits.of(user).number
    return [
        CoachingPage(_("Waits for me"), queue, number, order=AFTER_MY_LEARNERS),
        CoachingPage(_("Progress"), progress, order=AFTER_MY_LEARNERS + 1),
    ]


def coached_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Return the assignments of somebody whom one coaches, and their way to the exam."""
    found = standing.of(enrolment)
    if not found.asked:
        return []
    link = reverse("exams:learner_assignments", args=[enrolment.pk])
    template = "exams/progress/_coached.html"
    context = {"standing": found, "lines": first_for_coach(found)}
    assignments = Section(_("Assignments"), template, context, order=10, link=link)
    if found.plan is None:
        return [assignments]
    step = CoachedWay(way.of(enrolment, found), samples=(), may_act=True)
    link = reverse("exams:learner_exam", args=[enrolment.pk])
    template = "exams/releasing/_coached.html"
    return [Section(_("Exam"), template, {"way": step}, order=5, link=link), assignments]


def _what(found: Waits, *, for_coach: bool) -> str:
    """Say how much waits for a coach, or for the board of whom nobody coaches."""
    n = found.hand_ins, found.questions, found.samples, found.new_samples, found.releases
    hand_ins, questions, samples, new_samples, releases = n
    words = [
        ngettext("%(n)d hand-in", "%(n)d hand-ins", hand_ins),
        ngettext("%(n)d question", "%(n)d questions", questions),
        ngettext("%(n)d sample", "%(n)d samples", samples),
        ngettext("%(n)d new sample", "%(n)d new samples", new_samples),
        ngettext("%(n)d exam to release", "%(n)d exams to release", releases),
    ]
    counted = [said % {"n": one} for said, one in zip(words, n, strict=True) if one]
    *first, what = counted
    number = sum(n)
    if first:
        what = gettext("%(one)s and %(other)s") % {"one": ", ".join(first), "other": what}
    if for_coach:
        said = ngettext("%(what)s waits for you", "%(what)s wait for you", number)
    else:
        said = ngettext(
            "%(what)s without a coach waits for you",
            "%(what)s without a coach wait for you",
            number,
        )
    return said % {"what": what}


def _since(found: Waits) -> str:
    """Say since when the oldest waits, and how many are late."""
    assert found.since is not None, "something waits"
    said = [gettext("The oldest since %(day)s") % {"day": day(found.since)}]
    if found.late:
        words = ngettext("%(n)d is late", "%(n)d are late", found.late)
        said.append(words % {"n": found.late})
    return " · ".join(said)
