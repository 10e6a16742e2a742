"""What waits for who makes assignments: one row for each programme."""

from dataclasses import replace

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from exams.assignments import standing as standings
from exams.assignments.standing import Asked, Standing
from exams.models import Theme, WorkState
from exams.pages import programme
from exams.pages.told import weekday
from learners.hooks.pages import OFFERED, Turn, Waiting
from learners.models import Coaching, Enrolment, Role, StudyStatus, User
from learners.offered.home import subscription_words, term_is_near
from learners.people import subscriptions
from learners.people.subscriptions import Access


def waiting(user: User) -> list[Waiting]:
    """Return what somebody can do next in each of their programmes, or whose turn it is: three
    queries, four where an institution asks a subscription, one for who follows none with
    assignments."""
    followed = _followed(user)
    found = standings.without_courses(followed) if followed else {}
    open_at = subscriptions.accesses(user, (one.organisation for one in followed))
    rows = (_row(one, open_at[one.enrolment.organisation.pk]) for one in found.values())
    return [row for row in rows if row]


def _followed(user: User) -> list[Enrolment]:
    """Return the programmes with assignments in which somebody can work as far as their term and
    their study status go; the ground says what the others wait for."""
    mine = Enrolment.objects.for_user(user).followed()
    mine = mine.exclude(status=StudyStatus.TERM_LAPSED)
    themes = Theme.objects.filter(programme=OuterRef("programme"))
    coached = Coaching.objects.at_work().filter(enrolment=OuterRef("pk"))
    rows = mine.filter(Exists(themes)).annotate(has_coach=Exists(coached))
    related = rows.select_related("programme__organisation", "programme__exam_plan")
    found = related.order_by("-pk")[:OFFERED]
    return [one for one in found if one.is_within_term(one.organisation.today())]


def _row(standing: Standing, access: Access) -> Waiting | None:
    """Return the one row of a programme: what its learner does next, or what opens it again; else
    what a coach does, else that the exam is in reach; None where only its courses are open."""
    if following := standing.next_after():
        return _to_make(standing, following) if access.is_open else _closed(standing, access)
    if waits := standing.longest_waiting:
        return _with_coach(standing, waits)
    if standing.asked and standing.plan and standing.is_in_reach:
        return _in_reach(standing)
    return None


def _to_make(standing: Standing, one: Asked) -> Waiting:
    improves = one.state == WorkState.SENT_BACK
    words = _("Improve “%(title)s”") if improves else _("Next: “%(title)s”")
    start = _("Go on") if standing.handed_in else _("Start")
    return _waiting(
        standing,
        text=words % {"title": one.version.title},
        url=programme.address(standing.enrolment, one),
        action=_("Improve") if improves else start,
    )


def _closed(standing: Standing, access: Access) -> Waiting:
    return _waiting(
        standing,
        text=subscription_words(access),
        url=f"{standing.enrolment.get_absolute_url()}#subscription",
        action=_("To the subscription"),
    )


def _with_coach(standing: Standing, one: Asked) -> Waiting:
    assert one.work is not None, "it waits"
    assert one.work.expected_on is not None, "it waits"
    enrolment = standing.enrolment
    words = _("“%(title)s” was handed in; expect to hear by %(day)s")
    if one.work.expected_on < enrolment.organisation.today():
        words = _("“%(title)s” was handed in; a review was due by %(day)s")
    role = Role.COACH if enrolment.has_coach else Role.BOARD  # type: ignore[attr-defined]
    row = _waiting(
        standing,
        text=words % {"title": one.version.title, "day": weekday(one.work.expected_on)},
        url=programme.address(enrolment, one),
        action=_("To the programme"),
    )
    turn = Turn.at(enrolment.organisation, role)
    return replace(row, turn=turn, since=one.work.waits_since, is_urgent=False)


def _in_reach(standing: Standing) -> Waiting:
    has_coach = standing.enrolment.has_coach  # type: ignore[attr-defined]
    return _waiting(
        standing,
        text=_("The exam is in reach: ask your coach when you can take it")
        if has_coach
        else _("The exam is in reach: ask the examination board when you can take it"),
        url=f"{standing.enrolment.get_absolute_url()}?tab=exam",
        action=_("To the programme"),
    )


def _waiting(standing: Standing, *, text: str, url: str, action: str) -> Waiting:
    enrolment = standing.enrolment
    return Waiting(
        what=enrolment.subject.title,
        text=text,
        url=url,
        turn=Turn(person_id=enrolment.learner_id),
        since=enrolment.registered_on,
        action=action,
        is_urgent=term_is_near(enrolment),
        icon="pencil-square",
        progress=(standing.earned, standing.total),
        instead_of=enrolment.get_absolute_url(),
    )
