"""The web server: real processes and real sockets, and clients that take their time."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.errors import ConfigError

from lms.running import processes
from lms.running.web import Worker
from lms.tests.processes import accepts, running, wait_until

MEGABYTE = 1024 * 1024
WORKERS = 2
MOST = 10  # connections of each
LARGE = 100 * MEGABYTE
A_FORM = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%b\r\n"


class Server:
    """A server that runs, and its address."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process, self.port = process, port

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def asked(self, method: str = "GET", path: str = "/", **more: object) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        with contextlib.closing(connection):
            connection.request(method, path, **more)  # type: ignore[arg-type]
            return connection.getresponse().read()

    def workers(self) -> list[int]:
        return children(self.process)


def children(process: subprocess.Popen) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def kept_on_disk(process: subprocess.Popen) -> int:
    """How many bytes lie in files without a name that the processes of a server have open."""
    opened = [file for pid in children(process) for file in Path(f"/proc/{pid}/fd").iterdir()]
    return sum(map(size_of, opened))


def connections(pid: int) -> int:
    """How many sockets a process has open, its own door among them."""
    opened = [os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir()]
    return sum(name.startswith("socket:") for name in opened)


def size_of(file: Path) -> int:
    with contextlib.suppress(OSError):
        if "(deleted)" in os.readlink(file) and "wgunicorn" not in os.readlink(file):
            return file.stat().st_size
    return 0


@pytest.fixture
def start(tmp_path):
    """Starts the server of `make run`, with little patience and a small application."""
    (tmp_path / "large").write_bytes(b"")
    os.truncate(tmp_path / "large", LARGE)

    @contextlib.contextmanager
    def start(*options: str, **surroundings: str) -> Iterator[Server]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        hasty = f"--workers {WORKERS} --worker-class lms.tests.running.hasty.Worker".split()
        command = [*processes.web("127.0.0.1", str(port)), *hasty, *options]
        command[command.index("lms.wsgi")] = "lms.tests.running.hasty:application"
        log, large = tmp_path / "log", str(tmp_path / "large")
        surroundings |= {"LARGE_FILE": large, "TMPDIR": str(tmp_path)}
        with running(command, log, **surroundings) as process:
            server = Server(process, port)
            wait_until(lambda: accepts("127.0.0.1", port) and len(server.workers()) == WORKERS)
            yield server

    return start


@pytest.fixture
def server(start):
    with start() as server:
        yield server


def slow(server: Server, number: int, words: bytes) -> list[socket.socket]:
    """Clients that say this, and then nothing for a while."""
    clients = [server.connected() for _number in range(number)]
    for client in clients:
        client.sendall(words)
    return clients


def heard(client: socket.socket) -> bytes:
    """What is said to a client until nothing follows for a moment."""
    said = client.recv(MEGABYTE)
    client.settimeout(0.2)
    with contextlib.suppress(TimeoutError):
        while more := client.recv(MEGABYTE):
            said += more
    client.settimeout(15)
    return said


def ends_within(client: socket.socket, seconds: float) -> bool:
    client.settimeout(seconds)
    with contextlib.suppress(ConnectionError):
        while client.recv(MEGABYTE):
            pass
    return True


def test_slow_senders_and_slow_readers_keep_nobody_waiting(server):
    clients = [
        *slow(server, 20, b"GET / HTTP/1.1\r\nHost: local"),
        *slow(server, 20, A_FORM % (500_000, b"") + b"half"),
        *slow(server, 20, b"GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        *slow(server, 4, b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ]
    began = time.monotonic()
    for _number in range(20):
        server.asked()
    assert time.monotonic() - began < 5
    for client in clients:
        client.close()


@pytest.mark.parametrize(
    "half",
    [b"", b"GET / HTTP/1.1\r\nHost: local", A_FORM % (500_000, b"") + b"half"],
    ids=["nothing", "headers", "body"],
)
def test_a_request_that_stays_half_is_ended(start, half):
    with start("--keep-alive", "1") as server:
        (client,) = slow(server, 1, half)
        assert ends_within(client, 10)


def test_what_came_of_a_request_that_is_cut_off_is_kept_no_longer(server):
    sent = MEGABYTE + 5
    clients = slow(server, 2, A_FORM % (2 * MEGABYTE, b"Cookie: key\r\n") + bytes(sent))
    wait_until(lambda: kept_on_disk(server.process) == 2 * sent, 10)
    for client in clients:
        client.close()
    wait_until(lambda: kept_on_disk(server.process) == 0, 5)


@pytest.mark.parametrize("path", ["/file", "/stream"])
def test_who_reads_nothing_is_ended(server, path):
    clients = slow(server, 9, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    wait_until(lambda: all(is_cut(server, client) for client in clients), 15)
    server.asked()


def is_cut(server: Server, client: socket.socket) -> bool:
    """Whether the server has let go of a connection, of which something is still to be read."""
    here = client.getsockname()[1]
    found = Path("/proc/net/tcp").read_text().splitlines()
    ends = f":{server.port:04X} 0100007F:{here:04X} 01"
    return not any(ends in line for line in found)


def test_what_a_stranger_sends_is_refused_before_it_is_read(server):
    (client,) = slow(server, 1, A_FORM % (400 * MEGABYTE, b""))
    assert heard(client).endswith(b"refused")
    with contextlib.suppress(ConnectionError):
        client.sendall(bytes(20 * MEGABYTE))
    assert ends_within(client, 10)
    assert kept_on_disk(server.process) == 0


def test_who_asks_before_sending_is_told(server):
    expecting = b"Expect: 100-continue\r\n"
    (stranger,) = slow(server, 1, A_FORM % (2 * MEGABYTE, expecting))
    assert heard(stranger).endswith(b"refused")
    (known,) = slow(server, 1, A_FORM % (2 * MEGABYTE, expecting + b"Cookie: key\r\n"))
    assert heard(known) == b"HTTP/1.1 100 Continue\r\n\r\n"
    known.sendall(bytes(2 * MEGABYTE))
    assert heard(known).endswith(b" %d" % (2 * MEGABYTE))


def test_somebody_may_send_as_much_as_the_application_says(server):
    def answer(size: int) -> bytes:
        return server.asked("POST", body=bytes(size), headers={"Cookie": "key"})

    assert answer(2 * MEGABYTE).endswith(b" %d" % (2 * MEGABYTE))
    assert answer(2 * MEGABYTE + 1) == b"refused"


def test_a_body_that_does_not_say_how_long_it_is_ends_where_it_is_too_long(server):
    def answer(pieces: int) -> bytes:
        body = (bytes(MEGABYTE // 4) for _number in range(pieces))
        return server.asked("POST", body=body, encode_chunked=True)

    assert answer(3).endswith(b" %d" % (3 * MEGABYTE // 4))
    with contextlib.suppress(ConnectionError):
        assert b"Too Large" in answer(200)
    assert kept_on_disk(server.process) == 0


def test_an_answer_to_head_has_no_body_and_the_next_is_in_its_place(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=15)
    for method, path, size in [("HEAD", "/file", 0), ("HEAD", "/", 0), ("GET", "/file", LARGE)]:
        connection.request(method, path)
        response = connection.getresponse()
        assert int(response.headers["Content-Length"]) > 0
        assert len(response.read()) == size


def test_a_killed_process_comes_back(server):
    before = set(server.workers())
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(set(server.workers()) - before) == WORKERS)
    assert int(server.asked().split()[0]) not in before


def test_a_page_without_an_end_costs_its_process_and_no_other(start):
    with start("--timeout", "2") as server:
        before = set(server.workers())
        (client,) = slow(server, 1, b"GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server.asked()
        assert ends_within(client, 15)
        wait_until(lambda: len(server.workers()) == WORKERS)
        assert len(before & set(server.workers())) == WORKERS - 1


def test_stopping_waits_for_what_is_under_way(server):
    (client,) = slow(server, 1, A_FORM % (4, b"") + b"half")
    assert heard(client).endswith(b" 4")
    client.sendall(A_FORM % (5, b"") + b"ha")
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: not accepts("127.0.0.1", server.port))
    client.sendall(b"lve")
    assert heard(client).endswith(b" 5")
    assert server.process.wait(timeout=10) == 0


def test_a_proxy_on_the_same_machine_may_come_by_a_file(start, tmp_path):
    path = str(tmp_path / "web")
    with start("--bind", f"unix:{path}"), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(15)
        client.connect(path)
        client.sendall(A_FORM % (4, b"") + b"half")
        assert heard(client).endswith(b" 4")


def test_keys_for_tls_are_refused_rather_than_left_unused():
    with pytest.raises(ConfigError):
        Worker.check_config(SimpleNamespace(is_ssl=True), None)


@pytest.mark.parametrize("words", [b"GET", b"GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n"])
def test_more_connections_than_there_may_be_cost_whoever_waits_longest(start, words):
    with start("--worker-connections", str(MOST), PATIENCE="600") as server:
        clients = slow(server, 2 * WORKERS * MOST, words)
        server.asked()
        wait_until(lambda: all(connections(pid) <= MOST for pid in server.workers()))
        for client in clients:
            client.close()
