"""The web server: gunicorn's processes, each with waitress's connections and a few threads.

gunicorn starts, watches, restarts and ends the processes; in each, one thread takes requests in and
sends answers out, and some others run pages.
"""

import contextlib
import logging
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from gunicorn.errors import ConfigError
from gunicorn.workers import base
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import BaseWSGIServer, TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher

from lms.running.channels import PIECE, Channel

LONGEST_HEADERS = 32 * 1024  # bytes
IN_MEMORY = 64 * 1024  # bytes of a request; what is longer lies in a file without a name
# An answer that is made as it is sent may run so far ahead of its reader, in such a file, before
# its thread waits for them.
LONGEST_LEAD = 512 * 1024 * 1024  # bytes
FILES = 3  # of a connection: its socket, what came in, what goes out
TURN = 1.0  # seconds at the most

logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


class Job:
    """Something for a thread to do, and since when it has been done."""

    began = float("inf")

    def __init__(self, task: Any, threads: "Threads") -> None:
        self.task, self.threads = task, threads

    def service(self) -> None:
        self.began = time.monotonic()
        try:
            self.task.service()
        finally:
            self.threads.finish(self)

    def cancel(self) -> None:
        self.task.cancel()


class Threads(ThreadedTaskDispatcher):
    """The threads of a process: how many jobs they have, and for how long."""

    def __init__(self, number: int, when_done: Callable[[], None]) -> None:
        super().__init__()
        self.number, self.when_done = number, when_done
        self.jobs: set[Job] = set()
        self.done = 0
        self.set_thread_count(number)

    def add_task(self, task: Any) -> None:
        job = Job(task, self)
        self.jobs.add(job)
        super().add_task(job)

    def finish(self, job: Job) -> None:
        self.jobs.discard(job)
        self.done += 1
        self.when_done()

    def are_busy(self) -> bool:
        return len(self.jobs) >= self.number

    def longest(self) -> float:
        """For how many seconds the oldest job has been done."""
        return time.monotonic() - min((job.began for job in tuple(self.jobs)), default=float("inf"))


class Listener(BaseWSGIServer):
    """A socket at which connections come in: when a thread is free, so that who comes next is
    served by whichever process has one; and when there are too many, for one that only waits."""

    channel_class = Channel
    most_bytes: Callable[[dict[str, Any]], int]

    def readable(self) -> bool:
        has_room = self.too_many() <= 0 or bool(self.that_wait())
        return self.accepting and has_room and not self.task_dispatcher.are_busy()

    def handle_accept(self) -> None:
        super().handle_accept()
        if (too_many := self.too_many()) > 0:
            for one in sorted(self.that_wait(), key=lambda one: one.waits_since())[:too_many]:
                one.handle_close()

    def too_many(self) -> int:
        """How many more are open than there may be."""
        return len(self._map) - self.adj.connection_limit

    def that_wait(self) -> list[Channel]:
        return [one for one in self.channels() if not one.is_in_a_thread()]

    def channels(self) -> Sequence[Channel]:
        """Those of now; a thread may find one closed by its client at any moment."""
        return tuple(self.active_channels.values())

    def handle_error(self) -> None:
        """Goes on: whatever was wrong with one who came, the next is welcome."""
        logger.exception("a connection could not be taken")


class TcpListener(Listener, TcpWSGIServer):
    pass


class UnixListener(Listener, UnixWSGIServer):
    pass


class Worker(base.Worker):
    """A process of gunicorn's: `--threads`, `--worker-connections`, `--keep-alive`, `--timeout` and
    `--graceful-timeout` mean what they mean there."""

    listeners: Sequence[Listener] = ()

    @classmethod
    def check_config(cls, cfg: Any, _log: Any) -> None:
        if cfg.is_ssl:
            raise ConfigError("TLS is for a proxy in front: this server speaks HTTP alone.")

    def run(self) -> None:
        """Serves until told to stop, and then what is under way."""
        self.begin()
        while self.alive:
            self.turn()
        for listener in self.listeners:
            wasyncore.dispatcher.close(listener)  # not its own, which would end the wake-up too
        self.turn(0)  # what has come is read
        until = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < until and any(one.is_under_way() for one in self.channels()):
            self.turn()

    def begin(self) -> None:
        self.map: dict[int, wasyncore.dispatcher] = {}
        self.threads = Threads(self.cfg.threads, self.wake)
        self.looked_at = 0.0
        adjusted = self.adjustments()
        self.listeners = [self.listen(each.sock, adjusted) for each in self.sockets]

    def listen(self, sock: Any, adjusted: Adjustments) -> Listener:
        is_unix = isinstance(sock.getsockname(), str | bytes)
        listener = (UnixListener if is_unix else TcpListener)(
            without_bodies_for_head(self.wsgi),
            self.map,
            _sock=sock,
            dispatcher=self.threads,
            adj=adjusted,
            bind_socket=False,
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
        )
        listener.most_bytes = getattr(self.wsgi, "most_bytes", lambda _environ: sys.maxsize)
        return listener

    def adjustments(self) -> Adjustments:
        return Adjustments(
            backlog=self.cfg.backlog,
            channel_timeout=self.cfg.keepalive,
            clear_untrusted_proxy_headers=False,  # Django knows whom to believe
            connection_limit=min(self.cfg.worker_connections, most_files() // FILES),
            ident="",
            inbuf_overflow=IN_MEMORY,
            log_socket_errors=False,
            outbuf_high_watermark=LONGEST_LEAD,
            outbuf_overflow=IN_MEMORY,
            max_request_body_size=sys.maxsize,  # the application says
            max_request_header_size=LONGEST_HEADERS,
            recv_bytes=PIECE,
        )

    def turn(self, patience: float = TURN) -> None:
        """Moves on what can be moved, and once a second looks after the rest."""
        wasyncore.poll2(patience, self.map)
        if time.monotonic() - self.looked_at >= TURN:
            self.looked_at = time.monotonic()
            self.look_after()

    def look_after(self) -> None:
        """Cuts who is too slow; says that all is well, unless a thread has been at it for so long
        that gunicorn should start another process instead."""
        now = time.time()
        for channel in self.channels():
            if channel.is_overdue(now):
                channel.handle_close()
        if not self.cfg.timeout or self.threads.longest() < self.cfg.timeout:
            self.notify()
        if self.threads.done >= self.max_requests or self.ppid != os.getppid():
            self.alive = False

    def channels(self) -> Iterator[Channel]:
        for listener in self.listeners:
            yield from listener.channels()

    def wake(self) -> None:
        for listener in self.listeners[:1]:
            listener.pull_trigger()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        self.wake()


def most_files() -> int:
    """How many files this process may have open, which is made as many as it may ask for."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS says 'infinite' and does not mean it
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def without_bodies_for_head(application: Application) -> Application:
    """The application as the server has to show it: Django leaves a body to an answer to HEAD."""

    def answer(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        found = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return found
        if hasattr(found, "close"):
            found.close()
        return []

    return answer
