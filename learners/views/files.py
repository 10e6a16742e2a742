"""The knowledge centre's materials, and every file of the ground floor: only to who may see it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from learners.content import knowledge_centre
from learners.files import file_kinds, file_uses, serving


@require_safe
def material_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a material: that starts the course, once, and then shows it."""
    materials = knowledge_centre.materials_for(request.user).select_related("file")
    material = get_object_or_404(materials, pk=pk)
    knowledge_centre.open_material(material=material, by=request.user)
    if material.file is None:
        return redirect(material.link)
    return redirect("learners:file_download", pk=material.file.pk)


@require_safe
def file_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A stored file, to who may see it."""
    stored = get_object_or_404(file_uses.files_for(request.user), pk=pk)
    return serving.response_for(request, stored)


@require_safe
@xframe_options_sameorigin
def file_framed(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A PDF inside the page of its lesson: the only answer that a page of ours may put in a
    frame."""
    files = file_uses.files_for(request.user).filter(kind=file_kinds.PDF.mime)
    stored = get_object_or_404(files, pk=pk)
    return serving.response_for(request, stored, frame=serving.IN_OUR_FRAME)
