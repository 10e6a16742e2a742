"""One connection, read and answered as slowly as its client likes: that costs a socket, no thread.

waitress collects a request and sends its answer in the main thread of a process; the threads that
run pages meet whole requests alone. What stands here is what it leaves open: a large body waits
until the application has said whether it may come, and nobody takes for ever.
"""

import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

logger = logging.getLogger(__name__)

FROM_ANYBODY = 1024 * 1024  # bytes of a body, whoever sends it
PIECE = 64 * 1024  # bytes that are read or sent at once
SLOWEST_BODY = 1024  # bytes a second, once it has begun
FOR_HEADERS, FOR_A_START, FOR_READING, AFTER_REFUSING = 20.0, 30.0, 60.0, 3.0  # seconds


class Unread:
    """The body of a request that was refused before it came in."""

    def read(self, *_sizes: int) -> bytes:
        raise OSError("This body was refused for its size, and never read.")

    def readline(self, *_sizes: int) -> bytes:
        return self.read()

    def __iter__(self) -> Iterator[bytes]:
        yield self.read()


class Request(HTTPRequestParser):
    """A request as it comes in."""

    most = FROM_ANYBODY  # bytes of its body
    expect_continue: bool
    is_large = is_asked_about = is_refused = wants_continue = False

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.time()

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.is_large = self.chunked or self.content_length > FROM_ANYBODY
        if self.is_large:
            self.wants_continue, self.expect_continue = self.expect_continue, False

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.body_bytes_received > self.most:  # in chunks, which do not say how many follow
            self.error = RequestEntityTooLarge(f"More than {self.most} bytes.")
            self.completed = True
        return consumed

    def get_body_stream(self) -> Any:
        return Unread() if self.is_refused else super().get_body_stream()

    def is_too_slow(self, now: float) -> bool:
        """Whether it takes longer to come in than anybody needs."""
        took = now - self.began
        if not self.headers_finished:
            return took > FOR_HEADERS
        return took > FOR_A_START and self.body_bytes_received < took * SLOWEST_BODY


class Task(WSGITask):
    """The answer to one request; after one whose body was not read, the connection is of no use."""

    def execute(self) -> None:
        if self.request.is_refused:
            self.set_close_on_finish()
        super().execute()


class Asking:
    """Asks in a thread how large a body may be, as that may take a look in the database."""

    def __init__(self, channel: "Channel", request: Request) -> None:
        self.channel, self.request = channel, request

    def service(self) -> None:
        environ = Task(self.channel, self.request).get_environment()
        try:
            most = self.channel.server.most_bytes(environ)
        except Exception:
            logger.exception("nobody could say how large a body may be")
            most = 0  # what is refused is answered by the application, which meets the same
        self.channel.go_on(self.request, most)

    def cancel(self) -> None:
        self.channel.cancel()


class Channel(HTTPChannel):
    """A connection."""

    parser_class = Request
    task_class = Task
    is_asking = leaves_unread = False
    lingers_until = 0.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # At each try so much is read anew; what a socket may hold, which waitress takes, is forty
        # times that, and a thread that writes a stream tries for each piece.
        self.sendbuf_len = PIECE
        self.answered_at = self.creation_time

    def received(self, data: bytes) -> bool:
        """Take in what came, up to where somebody has to be asked."""
        if self.lingers_until:
            return False
        went_well: bool = super().received(data)
        request = self.request
        if request is not None and request.is_large and not request.is_asked_about:
            request.is_asked_about = self.is_asking = True
            self.server.add_task(Asking(self, request))
        return went_well

    def go_on(self, request: Request, most: int) -> None:
        """Take in the rest of a body, or hand the request on without one, to be refused."""
        with self.requests_lock:
            self.is_asking = False
            request.most = max(most, FROM_ANYBODY)
            if request.content_length <= most:
                request.expect_continue = request.wants_continue
                if request.wants_continue and not self.requests:
                    self.send_continue()
            else:
                request.is_refused = request.completed = True
                self.request = None
                self.requests.append(request)
                if len(self.requests) == 1:
                    self.server.add_task(self)

    def service(self) -> None:
        request = self.requests[0]
        self.leaves_unread = request.is_refused or bool(request.error)
        super().service()
        self.answered_at = time.time()

    def readable(self) -> bool:
        return bool(self.lingers_until) or (not self.is_asking and super().readable())

    def writable(self) -> bool:
        return not self.lingers_until and super().writable()

    def handle_close(self) -> None:
        """Close it; who is still sending what was refused gets a moment to read why, as closing at
        once would have their system forget the answer."""
        if self.leaves_unread and not self.lingers_until and self.connected:
            self.will_close = False
            self.lingers_until = time.time() + AFTER_REFUSING
            try:
                self.socket.shutdown(socket.SHUT_WR)
                return
            except OSError:
                pass
        if self.request is not None:
            self.request.close()  # what came of it lies in a file that nobody reads any more
        super().handle_close()

    def is_in_a_thread(self) -> bool:
        """Whether a thread works for it, or will."""
        return bool(self.requests) or self.is_asking

    def is_under_way(self) -> bool:
        """Whether ending now would cut off somebody who came in time."""
        is_on_its_way = self.total_outbufs_len > 0 or self.request is not None
        return is_on_its_way or self.is_in_a_thread()

    def waits_since(self) -> float:
        """Since when it has waited for the client to send, or to read what it was answered."""
        return self.answered_at if self.request is None else self.request.began

    def is_overdue(self, now: float) -> bool:
        """Whether the client has taken longer than anybody needs."""
        if self.lingers_until:
            return now > self.lingers_until
        if self.total_outbufs_len:
            return now - self.last_activity > FOR_READING
        if self.is_in_a_thread():
            return False
        if self.request is None:
            return now - self.last_activity > self.adj.channel_timeout
        return self.request.is_too_slow(now)
