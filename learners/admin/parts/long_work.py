"""The pages of long work: begun by a form, looked at, agreed to, and asked how far it is."""

from collections.abc import Callable, Sequence
from typing import Any

from celery import Task
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from learners.admin.parts.base import QuickAdmin, ReadOnly
from learners.jobs import progress

Own = tuple[str, Callable[..., HttpResponseBase], str]  # a path, its view and its name


class LongWorkAdmin(ReadOnly, QuickAdmin):
    """What the pages of jobs share, of which a worker first finds out what they would do, and then
    does it."""

    task: Task  # does a job
    key_of: Callable[[int], str]  # under which a job shows how far it is
    related: Sequence[str] = ()  # what a page says of a job
    progress_template: str

    def agree(self, request: HttpRequest, job: Any) -> bool:
        """Agree to what was shown; False where there is nothing to agree to any more."""
        raise NotImplementedError

    def look_again(self, request: HttpRequest, job: Any) -> bool:
        """Have it looked at again; False where it is at work."""
        raise NotImplementedError

    def example_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """Send a file to fill in."""
        raise NotImplementedError

    def own_pages(self) -> Sequence[Own]:
        """Return the pages beside the list and the job's own."""
        return (
            ("example.<str:ending>", self.example_view, "example"),
            ("<int:pk>/apply/", require_POST(self.apply_view), "apply"),
            ("<int:pk>/check/", require_POST(self.check_view), "check"),
            ("<int:pk>/progress/", self.progress_view, "progress"),
        )

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        return [
            *(path(to, site(view), name=self._name(verb)) for to, view, verb in self.own_pages()),
            *super().get_urls(),
        ]

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Agree to what was shown, and have it done."""
        if self.agree(request, self.get_job(request, pk, to_change=True)):
            self.enqueue(pk)
        return self.show(pk)

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it looked at again, after what it is about has changed; or go on after a halt."""
        if self.look_again(request, self.get_job(request, pk, to_change=True)):
            self.enqueue(pk)
        return self.show(pk)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The bar alone, for a page that asks again; once it is over the whole page is shown."""
        job = self.get_job(request, pk)
        context = {**self.progress_of(job), "opts": self.opts}
        response = TemplateResponse(request, self.progress_template, context)
        if not job.is_at_work:
            response.headers["HX-Refresh"] = "true"
        return response

    def progress_of(self, job: Any) -> dict[str, Any]:
        """Return how far a job is, while it is at work."""
        seen = progress.read(type(self).key_of(job.pk)) if job.is_at_work else None
        left = seen.seconds_left if seen else None
        minutes = -(-left // 60) if left is not None else None
        return {"job": job, "progress": seen, "seconds_left": left, "minutes_left": minutes}

    def get_job(self, request: HttpRequest, pk: int, *, to_change: bool = False) -> Any:
        """Return a job that this person may see, or may begin and go on with."""
        allowed = self.has_add_permission if to_change else self.has_view_permission
        if not allowed(request):
            raise PermissionDenied
        jobs = self.get_queryset(request).order_by()
        found: Model = get_object_or_404(jobs.select_related(*self.related), pk=pk)
        return found

    def enqueue(self, pk: int) -> None:
        """Hand a job to the worker; where no message gets through, the sweep finds it."""
        transaction.on_commit(lambda: type(self).task.delay(pk), robust=True)

    def show(self, pk: int) -> HttpResponse:
        """Lead to the page of a job."""
        return HttpResponseRedirect(reverse(f"admin:{self._name('change')}", args=[pk]))

    def _name(self, verb: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{verb}"
