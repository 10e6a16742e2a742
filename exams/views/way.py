"""What a learner does on the way to their exam: apply, and read what their coach said."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from exams.assignments.states import WorkRefused
from exams.models import Attempt
from exams.pages import exam_box, programme, sampled
from exams.sampling import samples
from learners.models import Enrolment
from learners.pages import programme_page

READ_OR_SEND = ["GET", "HEAD", "POST"]  # who signed in again asks for where a form was sent


@require_http_methods(READ_OR_SEND)
def exam_apply(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    """Apply for the exam, or ask for a new sample; done twice, it is done once."""
    mine = Enrolment.objects.for_user(request.user).filter(programme__isnull=False)
    enrolment = get_object_or_404(mine, pk=enrolment_pk)
    if request.method == "POST":
        try:
            samples.apply(enrolment=enrolment, by=request.user)
        except WorkRefused as refused:
            return _refused(request, enrolment, str(refused))
    return redirect(f"{enrolment.get_absolute_url()}#exam-box")


@require_safe
def exam_feedback(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    """What was said of the newest sample that was decided."""
    mine = Enrolment.objects.for_user(request.user).select_related("programme")
    enrolment = get_object_or_404(mine, pk=enrolment_pk, programme__isnull=False)
    context = {
        "enrolment": enrolment,
        "one": sampled.last_decided(enrolment),
        "attempt": Attempt.objects.filter(enrolment=enrolment).first(),
    }
    return render(request, "exams/way/exam_feedback.html", context)


def _refused(request: HttpRequest, mine: Enrolment, why: str) -> HttpResponse:
    """Show the box as it is now, with why it was refused beside the button."""
    enrolment = programme_page.fetch(request.user, timezone.now(), mine.pk)
    work = programme.of(enrolment)
    if not work.has_any:
        raise Http404
    box = exam_box.of(work)
    box = replace(box, error="" if why in box.text else why)
    context = {"enrolment": enrolment, "shown": {"box": box}}
    return render(request, "exams/way/apply_refused.html", context)
