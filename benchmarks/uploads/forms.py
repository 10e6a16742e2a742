"""A form that brings its file along, as a browser without scripts sends it."""

import http.client
from collections.abc import Iterator

from django.urls import reverse

from benchmarks.uploads.costs import MOST_GROWN, Memory
from benchmarks.uploads.lines import Line
from benchmarks.uploads.sending import CSRF, MEGABYTE, SIP
from benchmarks.uploads.site import Film, Site
from learners.models import Course, Lesson, LessonKind

BOUNDARY = "a-line-that-is-in-no-file"
PART = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
PDF = b"%PDF-1.7\n"
WARM = 6 * MEGABYTE


def memory(here: Site, course: Course, *, size: int) -> Iterator[Line]:
    """Add a lesson with a file of so many bytes, and yield what that costs."""
    for _time in range(4):
        send(here, course, Film.make(WARM, here.film.path.parent, begin=PDF))
    grown = Memory(here.leader)
    send(here, course, Film.make(size, here.film.path.parent, begin=PDF))
    what = f"memory, a form with a file of {size / MEGABYTE:.0f} MB"
    yield Line(what, grown.found(), MOST_GROWN, "MB more")


def send(here: Site, course: Course, file: Film) -> None:
    """Send the form, and see what came of it."""
    fields = {
        "csrfmiddlewaretoken": CSRF,
        "course": course.pk,
        "position": 1,
        "kind": LessonKind.PDF,
        "title_nl": file.sha256[:20],
    }
    said = "".join(f'{PART}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    said += f'{PART}"upload"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    end = f"\r\n--{BOUNDARY}--\r\n"
    headers = {
        **here.address.headers,
        "Cookie": f"csrftoken={CSRF}; {here.person.cookie}",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(said) + file.size + len(end)),
    }
    connection = http.client.HTTPConnection("127.0.0.1", here.port, timeout=120)
    page = reverse("admin:learners_lesson_add")
    connection.request("POST", page, body(said, file, end), headers)
    status = connection.getresponse().status
    connection.close()
    assert status == 302, status
    lesson = Lesson.objects.filter(course=course).latest("pk")
    assert lesson.file is not None
    assert lesson.file.sha256 == file.sha256
    lesson.file.content.delete(save=False)


def body(begin: str, file: Film, end: str) -> Iterator[bytes]:
    """Yield the form."""
    yield begin.encode()
    with file.path.open("rb") as content:
        yield from iter(lambda: content.read(SIP), b"")
    yield end.encode()
