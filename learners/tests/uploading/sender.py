"""Somebody's browser as a field of files sees it: tus, over the client of a test."""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from learners.files.file_kinds import MP4, PDF, Kind
from learners.uploading.tickets import Ticket

MEGABYTE = 1024 * 1024
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"


def a_film(size: int) -> bytes:
    """Return bytes that a film of this many bytes may have."""
    return FILM + os.urandom(size - len(FILM))


def beginning(
    name: str, size: int, *, kinds: Sequence[Kind] = (MP4, PDF), most: int = 10**8, **said: str
) -> dict[str, str]:
    """Return the headers with which a file is begun."""
    ticket = Ticket(kinds, most).sign()
    values = {"filename": name, "ticket": ticket, "place": "/a/page/ upload", **said}
    coded = (f"{key} {base64.b64encode(v.encode()).decode()}" for key, v in values.items())
    return {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(size),
        "Upload-Metadata": ",".join(coded),
    }


@dataclass
class Sender:
    """Begins, sends and asks; each answer is as the server gave it."""

    client: Client
    kinds: Sequence[Kind] = (MP4, PDF)
    max_size: int = 100 * MEGABYTE
    address: str = field(default="", init=False)

    def begin(self, name: str, size: int, **said: str):
        headers = beginning(name, size, kinds=self.kinds, most=self.max_size, **said)
        response = self.client.post(reverse("learners:upload_begin"), headers=headers)
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
