"""A mail server on a real socket, which answers as a test tells it to."""

import contextlib
import socketserver
import threading
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

OK = "250 Fine"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail, but for what `answers` has another answer to: by command, or by address."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.answers: dict[str, str] = {}
        self.taken: list[EmailMessage] = []
        self.asked = 0  # how often somebody wanted to hand over a mail
        self.receivers: list[str] = []  # for whom, whether it was taken or not
        self.takes_its_time = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def taken_by(self, address: str) -> list[str]:
        """The identities of the mails that this address got."""
        return [mail["Message-ID"] for mail in self.taken if mail["To"] == address]


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 mail.example.org")
        with contextlib.suppress(ConnectionError):
            while line := self.rfile.readline().decode().strip():
                command = line.split()[0].upper()
                if command == "QUIT":
                    break
                if not self.answer(command, line):
                    return

    def answer(self, command: str, line: str) -> bool:
        """Say what is told for this command or address; return whether the talk goes on."""
        self.server.asked += command == "MAIL"
        if command == "RCPT":
            self.server.receivers.append(line)
            while self.server.takes_its_time:
                time.sleep(0.05)
        answers = self.server.answers
        told = answers.get(command) or next((answers[a] for a in answers if a in line), OK)
        if told == "hang up":
            return False
        if command == "DATA" and told == OK:
            self.say("354 Go on")
            content = b"".join(iter(self.rfile.readline, b".\r\n"))
            self.server.taken.append(message_from_bytes(content, policy=policy.default))
        self.say(told)
        return not told.startswith("421")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextlib.contextmanager
def running_mail_server(port: int = 0) -> Iterator[MailServer]:
    """A mail server that listens until the end."""
    with MailServer(port) as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.shutdown()
