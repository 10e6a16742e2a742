"""What assignments put on the page of a programme: the exam box, XP, and the themes in tabs."""

from collections.abc import Collection, Sequence

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.models import Assignment
from exams.pages import exam_box, exam_tab, programme, xp_ledger
from exams.pages.programme import ProgrammeWork
from learners.hooks.pages import Section, Tab
from learners.models import Enrolment, Programme, User


def programme_head(user: User, enrolment: Enrolment) -> list[Section]:
    """Return the exam box and the bar of XP."""
    work = programme.of(enrolment)
    if not work.has_any:
        return []
    box = {"box": exam_box.of(work)}
    return [
        Section(title="", template="exams/programme/_exam_box.html", context=box, order=10),
        Section(
            title="",
            template="exams/programme/_xp.html",
            context={"standing": work.standing},
            order=20,
        ),
    ]


def programme_tabs(user: User, enrolment: Enrolment) -> list[Tab]:
    """Return the tabs of a programme with assignments; that of the samples once there is one."""
    work = programme.of(enrolment)
    if not work.has_any:
        return []
    tabs = [Tab("", _("Assignments"), lambda: _themes(work))]
    if work.way.sample:
        tabs.append(Tab("samples", _("Samples"), lambda: exam_tab.sample_sections(work)))
    return [*tabs, Tab("exam", _("Exam"), lambda: _exam(work))]


def keeps_completed_by(programme: Programme) -> Sequence[str]:
    """Say why an exam goes on to complete a programme: it has assignments, which lead to one."""
    if not Assignment.objects.filter(programme=programme).exists():
        return ()
    return [gettext("This programme has assignments, and they lead to an exam. It stays so.")]


def courses_shown(enrolment: Enrolment) -> Collection[int]:
    """Return the courses that stand among the assignments of a theme."""
    work = programme.of(enrolment)
    return work.courses if work.has_any else ()


def _themes(work: ProgrammeWork) -> list[Section]:
    return [
        Section(
            title="",
            template="exams/programme/_theme.html",
            context={"card": card, "access": work.access, "work": work},
            order=15,
        )
        for card in work.themes
    ]


def _exam(work: ProgrammeWork) -> list[Section]:
    done = sum(row.is_done for row in work.needed)
    exempt = [work.row(one) for one in work.standing.asked if one.is_exempt]
    offered = [
        *exam_tab.exam_sections(work),
        Section(
            title=_("What completing asks"),
            template="exams/programme/_needed.html",
            context={"rows": work.needed, "done": done, "work": work, "standing": work.standing},
            order=10,
        ),
        Section(
            title=_("XP over time"),
            template="exams/programme/_ledger.html",
            context={
                "ledger": xp_ledger.of(work.standing, work.told, timezone.now()),
                "standing": work.standing,
            },
            order=20,
        ),
    ]
    if exempt:
        offered.append(
            Section(
                title=_("Exemptions"),
                template="exams/programme/_exemptions.html",
                context={"rows": exempt},
                order=30,
            )
        )
    return offered
