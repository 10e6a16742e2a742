"""What is measured: a film, who sends it, the product's processes, and where files are kept."""

import contextlib
import hashlib
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.test.utils import override_settings

from benchmarks.servers import probes
from benchmarks.servers.probes import Address
from benchmarks.uploads.sending import MEGABYTE, Sender
from learners.files import keeping
from learners.models import StoredFile, User
from learners.tests.uploading.sender import FILM, beginning
from lms import environment
from lms.running import guard
from lms.running import processes as parts
from lms.tests import processes
from lms.tests.processes import accepts, wait_until

HERE = Path(__file__).resolve().parent
WORKERS = 2
TWO = {"GUNICORN_CMD_ARGS": f"--workers {WORKERS}"}
BUCKET, REGION = "mijlpaal", "eu-central-1"


@dataclass(frozen=True)
class Film:
    """A file, the same in each run."""

    path: Path
    size: int
    sha256: str

    @classmethod
    def make(cls, size: int, folder: Path, begin: bytes = FILM) -> "Film":
        """Write one of so many bytes, of the kind that begins so."""
        chance, digest, path = (
            random.Random(size),
            hashlib.sha256(),
            folder / f"{size}-{begin[:8].hex()}",
        )
        with path.open("wb") as file:
            for at in range(0, size, MEGABYTE):
                piece = chance.randbytes(min(MEGABYTE, size - at))
                piece = piece if at else begin + piece[len(begin) :]
                digest.update(piece)
                file.write(piece)
        return cls(path, size, digest.hexdigest())


@dataclass
class Person:
    """Somebody who is signed in."""

    who: User
    client: Client = field(default_factory=Client)

    @property
    def cookie(self) -> str:
        """Their session, a new one where the one before has ended."""
        name = settings.SESSION_COOKIE_NAME
        if name not in self.client.cookies:
            self.client.force_login(self.who)
        return f"{name}={self.client.cookies[name].value}"

    def let_go(self) -> None:
        """Give up what was stored: nobody has room for all that is sent here."""
        keeping.let_go(files=StoredFile.objects.filter(owner=self.who))


@dataclass(frozen=True)
class Site:
    """The product as it runs, and who sends what to it."""

    leader: int  # of the group of the web server's processes
    port: int
    folder: Path  # for what the web server keeps for a while
    person: Person
    film: Film

    @property
    def address(self) -> Address:
        """Where pages are asked for, as the person sees them."""
        return Address(self.port, {"Host": "localhost", "Cookie": self.person.cookie})

    def sender(self) -> Sender:
        """Begin to send the film."""
        sender = Sender(self.port, self.person.cookie, self.film.path)
        return sender.begin(beginning("film.mp4", self.film.size, most=2 * self.film.size))

    def senders(self, number: int, pace: float = 0) -> AbstractContextManager[subprocess.Popen]:
        """Have so many send it at once, each at so many bytes a second, in one process."""
        addresses = [self.sender().address for _number in range(number)]
        return sending(self.person.cookie, self.port, self.film, pace, addresses)


Fill = Callable[[Site, bool], None]  # has the storage of a site full, or no longer so


@contextlib.contextmanager
def running(person: Person, film: Film, *, port: int = 0) -> Iterator[Site]:
    """The web server as it is started everywhere, but with two processes."""
    port = port or free_port()
    log = Path(settings.DATA_DIR) / "web.log"
    with temporary() as folder:
        told = {**processes.surroundings_of_this_test(), "FORMS_PER_MINUTE": "0", **TWO}
        command = parts.web("127.0.0.1", str(port))
        with processes.running(command, log, **told, TMPDIR=str(folder)) as process:
            wait_until(lambda: accepts("127.0.0.1", port))
            yield Site(process.pid, port, folder, person, film)


@contextlib.contextmanager
def worker() -> Iterator[None]:
    """A worker, and the broker where no other is named."""
    with contextlib.ExitStack() as stack:
        if settings.IS_EMBEDDED:
            stack.enter_context(processes.running_broker(Path(settings.DATA_DIR)))
        stack.enter_context(processes.running_worker())
        yield


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[int]:
    """The same server with an application that only writes; its port."""
    port = free_port()
    *command, _application = parts.web("127.0.0.1", str(port))
    told = {"TMPDIR": str(folder), "PYTHONPATH": f"{HERE}{os.pathsep}{processes.ROOT}"}
    log = Path(settings.DATA_DIR) / "bare.log"
    with processes.running([*command, "bare:application"], log, **told, **TWO):
        wait_until(lambda: accepts("127.0.0.1", port))
        yield port


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        found: int = free.getsockname()[1]
    return found


@contextlib.contextmanager
def started(*command: str) -> Iterator[subprocess.Popen]:
    """Start a process with a group of its own, of which nothing is left."""
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        guard.send(process.pid, signal.SIGKILL)
        process.wait()


def sending(
    cookie: str, port: int, film: Film, pace: float, addresses: Sequence[str]
) -> AbstractContextManager[subprocess.Popen]:
    """Have a process send the film to each of these addresses."""
    told = [str(port), cookie, str(film.path), str(pace), *addresses]
    return started(str(HERE / "sending.py"), *told)


@contextlib.contextmanager
def folder() -> Iterator[Fill]:
    """Files lie in a folder, as they do where nothing else is said."""

    def fill(here: Site, is_full: bool) -> None:
        """Let none of the server's files grow beyond half a film."""
        for one in probes.group(here.leader):
            kind = resource.RLIMIT_FSIZE
            _soft, hard = resource.prlimit(int(one.name), kind)
            resource.prlimit(int(one.name), kind, (here.film.size // 2 if is_full else hard, hard))

    yield fill


@contextlib.contextmanager
def bucket() -> Iterator[Fill]:
    """Files lie in a bucket."""
    port = free_port()
    named = {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "S3_REGION": REGION,
        "S3_ACCESS_KEY": "k",
        "S3_SECRET_KEY": "s",
    }
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(temporary()) / "full"
        stack.enter_context(started(str(HERE / "bucket.py"), str(port), str(full)))
        stack.enter_context(named_in_environment(named))
        wait_until(lambda: accepts("127.0.0.1", port))
        storages = settings.STORAGES | {"default": environment.bucket()}
        stack.enter_context(override_settings(STORAGES=storages))
        place = {"LocationConstraint": REGION}
        client = default_storage.connection.meta.client  # type: ignore[attr-defined]
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)

        def fill(_here: Site, is_full: bool) -> None:
            full.touch() if is_full else full.unlink()

        yield fill


@contextlib.contextmanager
def named_in_environment(named: dict[str, str]) -> Iterator[None]:
    os.environ.update(named)
    try:
        yield
    finally:
        for name in named:
            del os.environ[name]


@contextlib.contextmanager
def temporary() -> Iterator[Path]:
    """A folder that goes away again."""
    with tempfile.TemporaryDirectory(prefix="mijlpaal-uploads-") as name:
        yield Path(name)
