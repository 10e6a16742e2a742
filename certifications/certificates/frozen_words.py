"""The words that are frozen on a certificate, in its own language."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext, override

from learners.models import Course, PointsOn, Programme, StudyStatus

LONGEST = 300


def course_details(course: Course, meetings: int, language: str) -> str:
    """Say in a line what was done for a course: how, when, and the points that it gave."""
    with override(language):
        parts = [str(course.get_kind_display()).capitalize()]
        if meetings:
            parts.append(ngettext("%(n)d meeting", "%(n)d meetings", meetings) % {"n": meetings})
        if course.study_points and course.points_on == PointsOn.COMPLETION:
            parts.append(study_points(course.study_points))
    return "\u00a0· ".join(parts)[:LONGEST]  # a line never begins with a dot


def study_points(number: int) -> str:
    """Say a number of study points."""
    return ngettext("%(n)d study point", "%(n)d study points", number) % {"n": number}


def programme_details(courses: Sequence[Course], language: str) -> str:
    """Name the courses of a programme, and how many did not fit in the line."""
    return listed(courses, language)


def listed(subjects: Sequence[Course | Programme], language: str) -> str:
    """Name courses and programmes, and how many did not fit in the line."""
    titles = [subject.title_in(language) for subject in subjects]
    with override(language):
        for shown in range(len(titles), 0, -1):
            line = _and_more(titles[:shown], len(titles) - shown)
            if len(line) <= LONGEST:
                return line
    return ""


def _and_more(titles: Sequence[str], more: int) -> str:
    listed = ", ".join(titles)
    if not more:
        return listed
    and_more = ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}
    return f"{listed} {and_more}"


def left_completed(status: StudyStatus, language: str) -> str:
    """Say why a certificate is withdrawn by itself."""
    with override(language):
        return gettext("The study status became “%(status)s”.") % {"status": status.label}
