"""Pages of the administration that are at another address than in mails and bookmarks of then."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

MOVED = {"assignmentjob": "assigningjob", "assignmentrule": "assigningrule"}


def page_moved(request: HttpRequest, model: str) -> HttpResponse:
    """Lead on to where a page is now, with what stands behind it; a form that was open is sent."""
    now = request.get_full_path().replace(f"/{model}/", f"/{MOVED[model]}/", 1)
    return HttpResponsePermanentRedirect(now, preserve_request=True)
