"""What the ground floor offers the home page: courses and programmes, and what waits in them."""

from collections.abc import Mapping

from django.db.models import F
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from learners.hooks.pages import (
    MY_LEARNING,
    NOBODY,
    OFFERED,
    SAID_OF_A_MEETING,
    CalendarEntry,
    CoachingPage,
    NavItem,
    Section,
    Tile,
    Turn,
    Waiting,
)
from learners.models import (
    MAY_DECIDE,
    Enrolment,
    ForceMajeure,
    ImportJob,
    ImportState,
    Meeting,
    PlaceState,
    Role,
    StudyStatus,
    User,
)
from learners.models.enrolment import EnrolmentQuerySet
from learners.pages import coaching, course_page
from learners.studying import open_work, programmes, reopening, term_dates, whose_turn
from learners.studying.programmes import Progress
from learners.studying.whose_turn import Expected
from learners.telling.days import when_words

ICONS: Mapping[str, str] = {
    StudyStatus.RUN_CHOICE_REQUIRED: "signpost-split",
    StudyStatus.NOT_STARTED: "play-circle",
    StudyStatus.STARTED: "play-circle",
    StudyStatus.TERM_LAPSED: "hourglass-bottom",
}


def nav(user: User) -> list[NavItem]:
    """Offer the pages of what somebody learns, the catalogue, and what their role brings."""
    pages = [
        (_("Courses"), "learners:my_course_list", "journal-bookmark", 1, MY_LEARNING),
        (_("Programmes"), "learners:my_programme_list", "signpost-2", 2, MY_LEARNING),
        (_("My study points"), "learners:my_points", "stars", 5, MY_LEARNING),
        (_("Catalogue"), "learners:catalogue_list", "collection", 40, ""),
    ]
    if coaching.coaches(user):
        pages.append((_("My learners"), "learners:coached_list", "people", 20, "coaching"))
    if decides_on_force_majeure(user):
        inbox = "learners:force_majeure_list"
        pages.append((_("Force majeure"), inbox, "envelope-paper", 86, "administration"))
    if user.is_staff:
        pages.append((_("Administration"), "admin:index", "sliders", 90, "administration"))
    return [
        NavItem(title, url, icon, order=order, section=section)
        for title, name, icon, order, section in pages
        if (url := page(name))
    ]


def decides_on_force_majeure(user: User) -> bool:
    """Whether this person judges why others withdrew."""
    return user.is_staff and user.has_perm(MAY_DECIDE)


def tiles(user: User) -> list[Tile]:
    """Offer a coach their people, and an administrator everything."""
    offered = []
    if coaching.coaches(user):
        offered.append(
            Tile(_("My learners"), _people(user), page("learners:coached_list"), "people", order=20)
        )
    if user.is_staff:
        offered.append(
            Tile(_("Administration"), _imports(), page("admin:index"), "sliders", order=90)
        )
    return offered


def coaching_pages(user: User) -> list[CoachingPage]:
    """Offer who coaches their people, before what other apps offer beside them."""
    if not coaching.coaches(user):
        return []
    return [CoachingPage(_("My learners"), page("learners:coached_list"))]


def _people(user: User) -> str:
    number = coaching.number_under_way(user)
    if not number:
        return gettext("Nobody under way")
    return ngettext("%(n)d programme under way", "%(n)d programmes under way", number) % {
        "n": number
    }


def _imports() -> str:
    """Say how many imports wait for consent; else what can be found in the administration."""
    number = ImportJob.objects.filter(state=ImportState.READY).count()
    if not number:
        return gettext("Enrolments · People · Courses")
    return ngettext(
        "%(n)d import waits for your consent", "%(n)d imports wait for your consent", number
    ) % {"n": number}


def page(name: str, *args: object) -> str:
    """Return a page's address; empty while nobody made it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def course_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer what the ground floor knows of a course that somebody follows."""
    return course_page.course_sections(user, enrolment)


def waiting_for(user: User) -> list[Waiting]:
    """Offer the courses and programmes in which somebody has to act, or waits for another."""
    mine = Enrolment.objects.for_user(user).filter(archived_at=None)
    parts = mine.select_related("part_of__programme__organisation")
    stands = reopening.opened(user, whose_turn.waiting(parts, timezone.now(), OFFERED))
    wholes = programmes_that_wait(mine)
    open_in = open_work.after_lapsing(wholes)
    return [
        *(course_waits(enrolment, expected) for enrolment, expected in stands),
        *(programme_waits(enrolment, open_in.get(enrolment.pk, "")) for enrolment in wholes),
        *(force_majeure_waits(one, user) for one in _force_majeure_that_waits(user)),
    ]


def _force_majeure_that_waits(user: User) -> list[ForceMajeure]:
    if not decides_on_force_majeure(user):
        return []
    waiting = ForceMajeure.objects.judged_by(user).waiting().order_by("submitted_at", "pk")
    related = ("enrolment__learner", "enrolment__course", "enrolment__programme")
    return list(waiting.select_related(*related)[:OFFERED])


def force_majeure_waits(evidence: ForceMajeure, judge: User) -> Waiting:
    """Say whose evidence of force majeure waits for somebody who may judge it."""
    return Waiting(
        what=gettext("Proof of %(who)s") % {"who": evidence.learner.name},
        text=gettext("Force majeure · %(title)s") % {"title": evidence.subject.title},
        url=evidence.get_absolute_url(),
        turn=Turn.of(judge),
        since=evidence.submitted_at,
        action=gettext("Judge"),
        icon="envelope-paper",
    )


def programmes_that_wait(mine: EnrolmentQuerySet) -> list[Enrolment]:
    """Return the open programmes, with how many of their courses are done."""
    open_now = mine.open().filter(programme__isnull=False)
    related = open_now.select_related("programme__organisation")
    found = list(related.order_by("-pk")[:OFFERED])
    progress = programmes.progress_of(found) if found else {}
    for enrolment in found:
        enrolment.progress = progress[enrolment.pk]  # type: ignore[attr-defined]
    return found


def course_waits(enrolment: Enrolment, expected: Expected) -> Waiting:
    """Say what a course waits for, and for whom."""
    return Waiting(
        what=enrolment.subject.title,
        text=expected.text,
        url=expected.url or enrolment.get_absolute_url(),
        turn=turn_in(enrolment, expected.whose_turn),
        since=enrolment.registered_on,
        action=expected.action,
        is_urgent=expected.is_mine and term_is_near(enrolment),
        icon=ICONS.get(StudyStatus(enrolment.status), "hourglass-split"),
    )


def turn_in(enrolment: Enrolment, whose: str) -> Turn:
    """Return who has to act in what somebody follows, given what `whose_turn` says of it."""
    institution = enrolment.subject.organisation_id
    turns = {
        whose_turn.ME: Turn(person_id=enrolment.learner_id),
        whose_turn.TEACHER: Turn(role=Role.TEACHER, institution_id=institution),
        whose_turn.INSTITUTION: Turn(institution_id=institution),
    }
    return turns.get(whose, NOBODY)


def programme_waits(enrolment: Enrolment, still_open: str = "") -> Waiting:
    """Say how far somebody is in a programme, and what is still open in one that lapsed."""
    progress: Progress = enrolment.progress  # type: ignore[attr-defined]
    has_lapsed = enrolment.status == StudyStatus.TERM_LAPSED or not enrolment.is_within_term(
        enrolment.organisation.today()
    )
    text = gettext("%(done)d of %(total)d courses done") % vars(progress)
    if has_lapsed:
        text = gettext("The study term has lapsed; ask your institution for an extension")
        text = f"{text} · {still_open}" if still_open else text
    elif term(enrolment):
        text = f"{text} · {term(enrolment)}"
    return Waiting(
        what=enrolment.subject.title,
        text=text,
        url=enrolment.get_absolute_url(),
        turn=turn_in(enrolment, whose_turn.INSTITUTION if has_lapsed else whose_turn.ME),
        since=enrolment.registered_on,
        action=gettext("To the programme"),
        is_urgent=not has_lapsed and term_is_near(enrolment),
        icon="signpost-2",
        progress=(progress.done, progress.total),
    )


def term(enrolment: Enrolment) -> str:
    """Say until when, for what has a term."""
    if not enrolment.term_ends_on:
        return ""
    return gettext("study term ends %(when)s") % {"when": when_words(enrolment.term_ends_on)}


def term_is_near(enrolment: Enrolment) -> bool:
    """Whether the end of the term is so near that it comes first."""
    ends_on = enrolment.term_ends_on
    return ends_on is not None and ends_on - timezone.localdate() <= term_dates.IS_NEAR


def calendar(user: User) -> list[CalendarEntry]:
    """Offer the coming meetings of the runs in which somebody has a place."""
    meetings = (
        Meeting.objects.going_on()
        .filter(
            ends_at__gt=timezone.now(),
            run__places__state=PlaceState.BOOKED,
            run__places__enrolment__learner=user,
        )
        .select_related("run__course")
        .only(*SAID_OF_A_MEETING)
        .annotate(enrolment_id=F("run__places__enrolment"))
        .order_by("begins_at")[:OFFERED]
    )
    return [
        CalendarEntry(
            title=meeting.run.course.title,
            begins_at=meeting.begins_at,
            ends_at=meeting.ends_at,
            place=meeting.place or meeting.run.place or (gettext("online") if meeting.link else ""),
            url=page("learners:my_course_detail", meeting.enrolment_id),
        )
        for meeting in meetings
    ]
