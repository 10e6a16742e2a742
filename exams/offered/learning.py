"""What waits for who makes assignments: one row for each programme, which says of the exam what its
box says."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from exams.assignments import standing as standings
from exams.assignments.standing import Asked
from exams.models import Attempt, Exam, Theme, WorkState
from exams.offered import way_rows
from exams.offered.way_rows import Followed, row
from exams.pages import programme
from exams.pages.told import weekday
from exams.releasing import way_briefly
from exams.releasing.way import Step
from learners.hooks.pages import OFFERED, Waiting
from learners.models import Coaching, Enrolment, StudyStatus, User
from learners.models.enrolment import followed
from learners.people import subscriptions
from learners.studying import reopening


def waiting(user: User) -> list[Waiting]:
    """Return what somebody can do next in each of their programmes, or whose turn it is: three
    queries; one for who follows none with assignments, and one more where an institution asks a
    subscription."""
    rows = (_row(one) for one in _found(user))
    return [row for row in rows if row]


def _found(user: User) -> list[Followed]:
    followed = _followed(user)
    stands = list(standings.without_courses(followed).values()) if followed else []
    open_at = subscriptions.accesses(user, (one.organisation for one in followed))
    return [
        Followed(
            one,
            way_briefly.of(one),
            open_at[one.enrolment.organisation.pk],
        )
        for one in stands
    ]


def _followed(user: User) -> list[Enrolment]:
    """Return the programmes with assignments in which somebody can work as far as their term and
    their study status go, or whose exam was released to them; the ground says what the others wait
    for."""
    themes = Theme.objects.filter(programme=OuterRef("programme"))
    exams = Exam.objects.published().filter(programme=OuterRef("programme"))
    coached = Coaching.objects.at_work().filter(enrolment=OuterRef("pk"))
    attempts = Attempt.objects.filter(enrolment=OuterRef("pk"))
    mine = Enrolment.objects.for_user(user).filter(followed() | Exists(attempts))
    rows = way_briefly.annotated(mine.filter(Exists(themes))).annotate(
        has_coach=Exists(coached),
        has_exam=Exists(exams),
    )
    related = rows.select_related("programme__organisation", "programme__exam_plan")
    return [one for one in related.order_by("-pk")[:OFFERED] if _goes_on(one)]


def _goes_on(one: Enrolment) -> bool:
    if way_briefly.is_released(one):
        return True
    today = one.organisation.today()
    return one.status != StudyStatus.TERM_LAPSED and one.is_within_term(today)


def _row(one: Followed) -> Waiting | None:
    """Return the one row of a programme: how its exam stands, where that waits for something; else
    what its learner does next, or what opens it again; else what a coach does; None where only its
    courses are open."""
    if one.leads_to_exam and (made := way_rows.of(one)):
        return made
    if following := one.standing.next_after():
        return _to_make(one, following) if one.access.is_open else _closed(one)
    if one.leads_to_exam and way_rows.asks_something(one):
        return _closed(one)
    if waits := one.standing.longest_waiting:
        return _with_coach(one, waits)
    return None


def _to_make(one: Followed, following: Asked) -> Waiting:
    improves = following.state == WorkState.SENT_BACK
    words = _("Improve “%(title)s”") if improves else _("Next: “%(title)s”")
    if one.way.step is Step.APPROVED:
        words = _("Your sample was approved; next: “%(title)s”")
    start = _("Go on") if one.standing.handed_in else _("Start")
    return row(
        one,
        text=words % {"title": following.version.title},
        url=programme.address(one.enrolment, following),
        action=_("Improve") if improves else start,
    )


def _closed(one: Followed) -> Waiting:
    return row(
        one,
        text=reopening.subscription_words(one.access),
        url=reopening.address(one.enrolment),
        action=_("To the subscription"),
    )


def _with_coach(one: Followed, asked: Asked) -> Waiting:
    assert asked.work is not None, "it waits"
    assert asked.work.expected_on is not None, "it waits"
    words = _("“%(title)s” was handed in; expect to hear by %(day)s")
    if asked.work.expected_on < one.enrolment.organisation.today():
        words = _("“%(title)s” was handed in; a review was due by %(day)s")
    made = row(
        one,
        text=words % {"title": asked.version.title, "day": weekday(asked.work.expected_on)},
        url=programme.address(one.enrolment, asked),
        action=_("To the programme"),
    )
    return way_rows.for_coach(made, one, asked.work.waits_since)
