"""Files of drafts and hand-ins: to who may read them, in a frame of our own pages alone."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from exams.models import DraftFile, HandInFile, Work
from learners.files import serving


@xframe_options_sameorigin
@require_safe
def draft_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a draft, to whose draft it is."""
    mine = DraftFile.objects.filter(draft__work__in=Work.objects.for_user(request.user))
    stored = get_object_or_404(mine.select_related("file"), pk=pk).file
    return serving.response_for(request, stored, frame=serving.IN_OUR_FRAME)


@xframe_options_sameorigin
@require_safe
def hand_in_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that was handed in, to who made it, their coaches, and the board."""
    theirs = HandInFile.objects.filter(hand_in__work__in=Work.objects.read_by(request.user))
    stored = get_object_or_404(theirs.select_related("file"), pk=pk).file
    return serving.response_for(request, stored, frame=serving.IN_OUR_FRAME)
