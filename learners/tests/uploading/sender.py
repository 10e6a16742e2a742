"""Somebody's browser as a field of files sees it: tus, over the client of a test."""

import base64
import os
from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from learners.files import file_kinds
from learners.files.file_kinds import Kind
from learners.uploading.tickets import Ticket

MEGABYTE = 1024 * 1024
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"


def a_film(size: int) -> bytes:
    """Return bytes that a film of this many bytes may have."""
    return FILM + os.urandom(size - len(FILM))


@dataclass
class Sender:
    """Begins, sends and asks; each answer is as the server gave it."""

    client: Client
    kinds: tuple[Kind, ...] = (file_kinds.MP4, file_kinds.PDF)
    max_size: int = 100 * MEGABYTE
    address: str = field(default="", init=False)

    def begin(self, name: str, size: int, **said: str):
        ticket = Ticket(self.kinds, self.max_size).sign()
        values = {"filename": name, "ticket": ticket, "place": "/a/page/ upload", **said}
        coded = (f"{key} {base64.b64encode(v.encode()).decode()}" for key, v in values.items())
        headers = {"Upload-Length": str(size), "Upload-Metadata": ",".join(coded)}
        response = self.client.post(reverse("learners:upload_begin"), headers=self._with(headers))
        self.address = response.headers.get("Location", "")
        return response

    def send(self, content: bytes, at: int):
        return self.client.patch(
            self.address,
            content,
            content_type="application/offset+octet-stream",
            headers=self._with({"Upload-Offset": str(at)}),
        )

    def send_all(self, name: str, content: bytes, piece: int = 5 * MEGABYTE) -> str:
        """Begin and send a whole file; return its token."""
        self.begin(name, len(content))
        for at in range(0, len(content), piece):
            response = self.send(content[at : at + piece], at)
            assert response.status_code == 204, response.content
        return self.token

    def there(self) -> int:
        """How many bytes the server has."""
        return int(self.client.head(self.address, headers=self._with({})).headers["Upload-Offset"])

    def told(self) -> dict:
        """How it is, as the page asks."""
        return self.client.get(self.address).json()

    def compare(self, sha256: str):
        return self.client.post(f"{self.address}compare/", {"sha256": sha256})

    def take_away(self):
        return self.client.delete(self.address, headers=self._with({}))

    @property
    def token(self) -> str:
        return self.address.rstrip("/").rpartition("/")[2]

    @staticmethod
    def _with(headers: dict[str, str]) -> dict[str, str]:
        return {"Tus-Resumable": "1.0.0", **headers}
