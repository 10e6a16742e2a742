"""A daemon as ClamAV's on a real socket: it knows EICAR's test file, and is as unwell as a test
asks."""

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator

# In two parts, so that no scanner stumbles over this file: https://www.eicar.org/
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Eicar-Test-Signature"


class Daemon(socketserver.ThreadingTCPServer):
    """Says what it found in what is sent to it; `answers` are tried before, one for each file."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.version = "ClamAV 1.4.6"
        self.known = {EICAR: FOUND}
        self.most = 1_000_000  # bytes, its StreamMaxLength
        self.answers: list[str] = []
        self.looked_at: list[int] = []  # sizes
        self.largest_piece = 0
        self.let_go = threading.Event()

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    server: Daemon

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, struct.error):
            command = self.rfile.readline().decode().strip()
            if command == "nVERSION":
                self.say(self.server.version)
            elif command == "nINSTREAM":
                self.look()

    def look(self) -> None:
        told = self.server.answers.pop(0) if self.server.answers else ""
        if told == "hang up":
            self.rfile.read(10)
            return
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            self.server.largest_piece = max(self.server.largest_piece, size)
            content += self.rfile.read(size)
            if len(content) > self.server.most:
                self.say("INSTREAM size limit exceeded. ERROR")
                return
        self.server.looked_at.append(len(content))
        if told == "say nothing":
            self.server.let_go.wait(10)
            return
        found = next((name for part, name in self.server.known.items() if part in content), None)
        self.say(told or (f"stream: {found} FOUND" if found else "stream: OK"))

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\n".encode())


@contextlib.contextmanager
def running() -> Iterator[Daemon]:
    """Let it answer for the length of a test."""
    with Daemon() as daemon:
        thread = threading.Thread(target=daemon.serve_forever, args=[0.01], daemon=True)
        thread.start()
        try:
            yield daemon
        finally:
            daemon.let_go.set()
            daemon.shutdown()
            thread.join()
