"""A bucket at a port of this machine: moto's S3, in a process of its own.

    python benchmarks/uploads/bucket.py PORT FULL

As long as the file FULL is there, it takes nothing more, as a MinIO without room says it.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber

HOST = "https://s3.eu-central-1.amazonaws.com"  # as which moto knows it
NO_ROOM = b"<Error><Code>XMinioStorageFull</Code><Message>There is no room.</Message></Error>"


class Handler(BaseHTTPRequestHandler):
    """Hands each request to moto, one at a time."""

    protocol_version = "HTTP/1.1"
    full: Path
    turns, answers = Lock(), BotocoreStubber()

    def do(self) -> None:
        """Answer a request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if body and self.full.exists():
            return self._answer(507, {}, NO_ROOM)
        headers = HTTPHeaders()
        for name, value in self.headers.items():
            headers[name] = value
        asked = AWSPreparedRequest(self.command, HOST + self.path, headers, body, False)
        with self.turns:
            found = self.answers.process_request(asked)
        assert found is not None
        status, said, content = found
        return self._answer(status, said, content.encode() if isinstance(content, str) else content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do  # noqa: N815

    def _answer(self, status: int, said: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        lengths = {name.title(): value for name, value in said.items()}
        if self.command != "HEAD":
            lengths["Content-Length"] = str(len(content))
        for name, value in {"Content-Length": "0", **lengths}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    Handler.full = Path(sys.argv[2])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
