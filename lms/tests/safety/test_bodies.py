"""How large what somebody sends may be, and that nothing of what is refused is read."""

import socket
import time

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from certifications.forms import evidence
from learners.files import file_kinds, keeping
from learners.importing import jobs
from learners.models import Material
from learners.tests.factories import CourseFactory, UserFactory, an_enrolment
from learners.tests.files.test_keeping import PDF
from lms.running.channels import FROM_ANYBODY
from lms.safety import bodies
from lms.tests.faults.visitor import CSRF, Visitor
from lms.tests.processes import running_web
from lms.tests.running.test_web import ends_within, heard, kept_on_disk

pytestmark = pytest.mark.django_db

HUGE = 400_000_000
MULTIPART = "multipart/form-data; boundary=b"


class NeverRead:
    """A body that nobody may touch."""

    def read(self, *_sizes: int) -> bytes:
        pytest.fail("it was read")

    readline = __iter__ = read


def sends(client, path, length):
    told = {"CONTENT_LENGTH": str(length), "wsgi.input": NeverRead()}
    return client.post(path, content_type=MULTIPART, **told)


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/csp-report/", "/nowhere/"])
@pytest.mark.parametrize("length", [FROM_ANYBODY + 1, HUGE])
def test_a_stranger_is_refused_by_the_length_and_told_to_sign_in(client, path, length):
    response = sends(client, path, length)
    assert response.status_code == 413
    assert "meld je aan en verstuur het opnieuw" in response.text


def test_what_is_larger_than_anything_needs_is_refused_with_the_size(client):
    client.force_login(UserFactory(language="en"))
    response = sends(client, "/profile/", bodies.LARGEST + 1)
    assert response.status_code == 413
    assert "At most 210.0\xa0MB is possible" in response.text


def test_the_largest_form_is_not_refused():
    request = RequestFactory().post("/", CONTENT_LENGTH=str(bodies.LARGEST))
    request.user = UserFactory()
    assert bodies.BodyLimitMiddleware(lambda _request: "a page")(request) == "a page"
    several = evidence.MOST_FILES * evidence.MAX_SIZE
    forms = [keeping.MAX_MATERIAL, jobs.MAX_SIZE, several]
    assert max(forms) <= bodies.LARGEST - bodies.FORM_AROUND


@pytest.mark.parametrize("length", ["", "much"])
def test_what_is_no_length_is_none(client, length):
    assert client.post("/accounts/login/", CONTENT_LENGTH=length).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_web_server_is_told_how_much_may_come(client):
    def most(**cookies: str) -> int:
        factory = RequestFactory()
        factory.cookies.load(cookies)
        return bodies.most_bytes(factory.post("/").environ)

    client.force_login(UserFactory())
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert most() == most(sessionid="nobody's") == FROM_ANYBODY
    assert most(sessionid=key) == bodies.LARGEST


@pytest.mark.django_db(transaction=True)
def test_while_many_are_slow_pages_come_and_a_stranger_fills_no_disk():
    enrolment = an_enrolment(CourseFactory())
    large = SimpleUploadedFile("large.pdf", PDF + bytes(20_000_000))
    stored = keeping.store(upload=large, owner=None, kinds=file_kinds.ALL, max_size=10**8)
    material = Material.objects.create(
        course=enrolment.course, title="Reader", file=keeping.claim(stored=stored)
    )
    with running_web() as (process, address):
        visitor = Visitor(address, enrolment.learner)
        assert visitor.get(f"/materials/{material.pk}/")[0] == 302
        head = "".join(f"{name}: {value}\r\n" for name, value in visitor.headers.items())
        form = f"{head}Content-Type: {MULTIPART}\r\nContent-Length"
        place = "127.0.0.1", int(address.rpartition(":")[2])
        clients = [
            *(opened(place, f"GET / HTTP/1.1\r\n{head}") for _n in range(10)),
            *(
                opened(place, f"POST /profile/ HTTP/1.1\r\n{form}: 90000000\r\n\r\n--b")
                for _n in range(10)
            ),
            *(opened(place, f"GET /files/{stored.pk}/ HTTP/1.1\r\n{head}\r\n") for _n in range(10)),
        ]
        began = time.monotonic()
        pages = [visitor.get(path)[0] for path in 5 * ["/livez", "/profile/"]]
        assert pages == 10 * [200]
        assert time.monotonic() - began < 15

        lengthy = f"Content-Type: {MULTIPART}\r\nContent-Length: {HUGE}\r\n\r\n--b"
        cookie = f"Host: localhost\r\nCookie: csrftoken={CSRF}\r\n"
        stranger = opened(place, f"POST /accounts/login/ HTTP/1.1\r\n{cookie}{lengthy}")
        assert heard(stranger).startswith(b"HTTP/1.1 413")
        assert ends_within(stranger, 10)
        assert kept_on_disk(process) < 1_000_000
        for client in clients:
            client.close()


def opened(place: tuple[str, int], words: str) -> socket.socket:
    client = socket.create_connection(place, timeout=15)
    client.sendall(words.encode())
    return client
