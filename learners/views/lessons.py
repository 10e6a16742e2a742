"""The lessons of a course: one page each, in order, and how far somebody is."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from learners.content import player, trails
from learners.content.player import LessonsClosed
from learners.models import Enrolment, Lesson, LessonKind, StudyStatus
from learners.studying import reopening

A_DAY = 24 * 60 * 60


class PositionForm(forms.Form):
    seconds = forms.IntegerField(min_value=0, max_value=A_DAY)


@require_safe
def learn(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin or go on: the first lesson that is not finished."""
    enrolment = get_object_or_404(player.enrolments_for(request.user), pk=pk)
    lesson = player.contents_of(enrolment.course, enrolment).to_do
    if lesson is None:
        return redirect(enrolment)
    if not player.is_open(enrolment):
        return _closed(request, enrolment)
    return redirect("learners:lesson_detail", enrolment.pk, lesson.pk)


@require_safe
def lesson_detail(request: HttpRequest, enrolment_pk: int, pk: int) -> HttpResponse:
    """One lesson, with the contents of its course beside it."""
    enrolment, lesson = _theirs(request, enrolment_pk, pk)
    contents = player.contents_of(enrolment.course, enrolment)
    try:
        progress = player.open_lesson(
            enrolment=enrolment, lesson=lesson, by=request.user, contents=contents
        )
    except LessonsClosed:
        return _closed(request, enrolment)
    context = {
        **_context(lesson, contents),
        "enrolment": enrolment,
        "course": enrolment.course,
        "progress": progress,
        "trail": trails.trail_of(request.session, request.user, enrolment),
        "to_do_after": contents.to_do_after(lesson),
        "completes": enrolment.status in player.COMPLETED_BY_LESSONS
        and not enrolment.course.has_meetings,
    }
    return render(request, "learners/content/lesson.html", context)


@require_POST
def lesson_finish(request: HttpRequest, enrolment_pk: int, pk: int) -> HttpResponse:
    """Finish a lesson, and go on to the next that is not; after the last one, to the course, or
    back to where somebody began it, where they see what follows."""
    enrolment, lesson = _theirs(request, enrolment_pk, pk)
    try:
        player.finish_lesson(enrolment=enrolment, lesson=lesson, by=request.user)
    except LessonsClosed:
        return _closed(request, enrolment)
    contents = player.contents_of(enrolment.course, enrolment)
    to_do = contents.to_do_after(lesson)
    if to_do is not None:
        if contents.number_of(to_do) < contents.number_of(lesson):
            messages.info(request, _skipped(to_do, contents))
        return redirect("learners:lesson_detail", enrolment.pk, to_do.pk)
    messages.success(request, _all_done(enrolment))
    trail = trails.trail_of(request.session, request.user, enrolment)
    return redirect(trail.url if trail else enrolment)


@require_POST
def lesson_position(request: HttpRequest, enrolment_pk: int, pk: int) -> HttpResponse:
    """Keep where a video goes on."""
    enrolment, lesson = _theirs(request, enrolment_pk, pk)
    form = PositionForm(request.POST)
    if lesson.kind != LessonKind.VIDEO or not form.is_valid():
        return HttpResponse(status=400)
    try:
        player.keep_position(
            enrolment=enrolment, lesson=lesson, by=request.user, **form.cleaned_data
        )
    except LessonsClosed:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


@require_safe
def lesson_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A lesson as learners see it, for who makes or teaches the course: it starts nothing."""
    lesson = get_object_or_404(player.lessons_made_by(request.user), pk=pk)
    contents = player.contents_of(lesson.course)
    context = {**_context(lesson, contents), "course": lesson.course, "is_preview": True}
    return render(request, "learners/content/lesson.html", context)


def _theirs(request: HttpRequest, enrolment_pk: int, pk: int) -> tuple[Enrolment, Lesson]:
    enrolment = get_object_or_404(player.enrolments_for(request.user), pk=enrolment_pk)
    return enrolment, get_object_or_404(player.lessons_of(enrolment.course), pk=pk)


def _context(lesson: Lesson, contents: player.Contents) -> dict[str, object]:
    """What the page of a lesson shows, whoever looks."""
    is_listed = contents.step_of(lesson) is not None
    return {
        "lesson": lesson,
        "contents": contents,
        "number": contents.number_of(lesson) if is_listed else None,
        "before": contents.before(lesson) if is_listed else None,
        "after": contents.after(lesson) if is_listed else None,
    }


def _closed(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Say that the lessons are closed, and lead to what opens them where that is a subscription."""
    whole = enrolment.part_of
    if whole is not None and reopening.lacks_subscription(enrolment):
        messages.warning(request, reopening.needed_words())
        return redirect(reopening.address(whole))
    messages.warning(request, _("The lessons of this course are closed for you now."))
    return redirect(enrolment)


def _skipped(lesson: Lesson, contents: player.Contents) -> str:
    """Say why somebody comes to an earlier lesson."""
    said = {"n": contents.number_of(lesson), "title": lesson.title}
    return _("You skipped lesson %(n)d, “%(title)s”: it is still to be finished.") % said


def _all_done(enrolment: Enrolment) -> str:
    """Say what follows, once all lessons are finished."""
    if enrolment.status == StudyStatus.COMPLETED:
        return _("You finished all lessons and completed the course.")
    return _("You finished all lessons. Your teacher records how the course ended.")
