"""Somebody at a real web server, signed in, without a browser."""

import json
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from learners.models import User

CSRF = "f" * 32


class Visitor:
    """Asks and sends as a browser does, one request after the other."""

    def __init__(self, address: str, who: User | None = None) -> None:
        self.connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        cookies = {"csrftoken": CSRF}
        if who:
            client = Client()
            client.force_login(who)
            cookies["sessionid"] = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.headers = {
            "Host": "localhost",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path)

    def send(self, path: str, **fields: object) -> tuple[int, str]:
        """Send a form; return the status, and where it leads to or what it shows."""
        content = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": CSRF, **fields})
        return self._ask("POST", path, content, {"Content-Type": MULTIPART_CONTENT})

    def tus(self, how: str, path: str, content: bytes = b"", **headers: object) -> tuple[int, str]:
        """Ask as the script that sends files in pieces; return the status, and where to send."""
        self.begin_tus(path, content, how=how, **headers)
        try:
            answer = self.connection.getresponse()
            answer.read()
        finally:
            self.connection.close()
        return answer.status, answer.headers.get("Location", "")

    def begin_tus(
        self, path: str, content: bytes, *, how: str = "PATCH", **headers: object
    ) -> None:
        """Send a request of that script, and do not wait for its answer."""
        said = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        usual = {"X-CSRFToken": CSRF, "Content-Type": "application/offset+octet-stream"}
        self.connection.request(how, path, content, {**self.headers, **usual, **said})

    def health(self) -> dict:
        return json.loads(self.get("/healthz")[1])

    def _ask(
        self, how: str, path: str, content: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        try:
            self.connection.request(how, path, content, {**self.headers, **(headers or {})})
            answer: HTTPResponse = self.connection.getresponse()
            text = answer.read().decode()
        finally:
            self.connection.close()
        is_elsewhere = answer.status == HTTPStatus.FOUND
        return answer.status, answer.headers["Location"] if is_elsewhere else text


def send_import(visitor: Visitor, organisation_pk: int, content: bytes) -> tuple[int, str]:
    """Upload a file of enrolments on its page."""
    file = SimpleUploadedFile("in.csv", content, content_type="text/csv")
    fields = {"organisation": organisation_pk, "file": file, "with_certificates": "on"}
    return visitor.send("/admin/learners/importjob/add/", **fields)
